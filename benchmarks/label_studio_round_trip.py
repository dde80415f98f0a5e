"""1,000 double-coded sentences through a running Label Studio and back: same codes, same alpha.

Label Studio is no dependency: install it in an environment of its own and start it headless,

    LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN=true label-studio start --no-browser \\
        --username a@example.org --password secret-123 --user-token TOKEN

then run this with its address and that token:

    python benchmarks/label_studio_round_trip.py http://127.0.0.1:8080 TOKEN
"""

from __future__ import annotations

import json
import sys
import tempfile
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from practicelib.codebook.reading import read_codebook
from practicelib.files.data import data_path
from practicelib.labels.consistency import consistency
from practicelib.labels.interchange import (
    exchange_of,
    exchange_of_rows,
    read_exchange,
    write_exchange,
)
from practicelib.labels.reading import read_codings
from practicelib.records.labelled import MISSING, Coder, LabelTable

SIZE = 1000
CODERS = ("writer@example.org", "second@example.org")


def main(address: str, token: str) -> None:
    def call(path: str, data: Any = None) -> Any:
        request = urllib.request.Request(
            address + path,
            None if data is None else json.dumps(data).encode(),
            {"Authorization": f"Token {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=300) as answer:
            return json.loads(answer.read())

    for coder in CODERS:
        try:
            call("/api/users/", {"email": coder, "username": coder.partition("@")[0]})
        except urllib.error.HTTPError:
            print(coder, "is there already")
    table, book = double_coded(), read_codebook()
    folder = Path(tempfile.mkdtemp())
    exchange = exchange_of(table, codebook=book)
    tasks, config = write_exchange(exchange, folder / "tasks.json", "label-studio")
    project = call(
        "/api/projects", {"title": "round trip", "label_config": config.read_text("utf-8")}
    )["id"]
    done = call(f"/api/projects/{project}/import", json.loads(tasks.read_text("utf-8")))
    print(f"imported: {done['task_count']} tasks, {done['annotation_count']} annotations")
    for form in ("JSON", "JSON_MIN"):
        content = call(f"/api/projects/{project}/export?exportType={form}&download_all_tasks=true")
        export = folder / f"{form}.json"
        export.write_text(json.dumps(content), encoding="utf-8")
        rows = read_exchange(export, "label-studio", book)
        write_exchange(exchange_of_rows(rows, book), folder / "back.csv", "codings")
        back = aligned(read_codings(folder / "back.csv", codebook=book), table)
        print(form, "same codes:", np.array_equal(back.codes, table.codes))
        print(" alpha before", alphas(table), "after", alphas(back))


def double_coded() -> LabelTable:
    """Sentences that two coders coded."""
    folder = data_path("labels/codings")
    every = read_codings(
        [folder / "composed-writer.csv", folder / "composed-second.csv"], codebook=read_codebook()
    )
    both = (every.codes[:, :, 0, 0] != MISSING).all(axis=1)
    return replace(every.select(np.flatnonzero(both)[:SIZE]), coders=tuple(map(Coder, CODERS)))


def aligned(back: LabelTable, table: LabelTable) -> LabelTable:
    """In the order of the sentences that went out; coders are numbered as they were made."""
    place = {sentence.id: i for i, sentence in enumerate(back.sentences)}
    order = np.argsort([int(coder.name) for coder in back.coders])
    back = back.select([place[sentence.id] for sentence in table.sentences])
    return replace(back, codes=back.codes[:, order])


def aligned_by_name(back: LabelTable, table: LabelTable) -> LabelTable:
    """In the order of the sentences and coders that went out."""
    place = {sentence.id: i for i, sentence in enumerate(back.sentences)}
    names = [coder.name for coder in back.coders]
    back = back.select([place[sentence.id] for sentence in table.sentences])
    return replace(back, codes=back.codes[:, [names.index(coder.name) for coder in table.coders]])


def alphas(table: LabelTable) -> list[float]:
    """Alpha of each category."""
    result = consistency(table, details=False, resamples=1)
    return [round(category.alpha.value, 12) for category in result.categories]


if __name__ == "__main__":
    main(*sys.argv[1:])
