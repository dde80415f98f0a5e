"""Prodigy: `choice` tasks out, annotated JSONL in.

Only the answer "accept" carries a coding (an empty list of choices is the judgement "none");
"reject" and "ignore" are no codings. Sentences are joined on our own `meta.sid`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from practicelib.errors import Fault, LabelError
from practicelib.files.tables import jsonl_text, read_jsonl
from practicelib.labels.interchange_items import (
    Exchange,
    Names,
    choices_of,
    last_of_each,
    object_of,
    sentence_id,
)
from practicelib.labels.rows import CodingRow
from practicelib.records.codebook import Codebook


def write_prodigy(exchange: Exchange) -> dict[str, bytes]:
    """One task a sentence, or with codings one line a sentence and coder."""
    return {"": jsonl_text(_tasks(exchange)).encode()}


def _tasks(exchange: Exchange) -> Iterator[dict[str, Any]]:
    options = [
        {"id": key, "text": name}
        for key, name in zip(exchange.categories, exchange.names, strict=True)
    ]
    codings = exchange.codings_of()
    said = exchange.predictions
    for row, sentence in enumerate(exchange.sentences):
        task: dict[str, Any] = {
            "text": sentence.text,
            "options": options,
            "_view_id": "choice",
            "config": {"choice_style": "multiple"},
            "meta": {"sid": sentence.id, "report": sentence.report},
        }
        if exchange.codings:
            for coding in codings.get(sentence.id, []):
                yield {
                    **task,
                    "accept": list(coding.labels),
                    "answer": "accept",
                    "_annotator_id": coding.coder,
                    "_session_id": coding.coder,
                }
        elif said is not None:
            pairs = zip(exchange.categories, said.assigned[row], strict=True)
            yield {**task, "accept": [key for key, one in pairs if one]}
        else:
            yield task


def read_prodigy(path: Path, codebook: Codebook | None = None) -> list[CodingRow]:
    """Codings of annotated JSONL (`db-out`); raises LabelError with all faults."""
    names = Names(codebook)
    rows = []
    for line, record in read_jsonl(path):
        if record.get("answer") != "accept":
            continue
        try:
            chosen = choices_of(record.get("accept", []), "accept")
            meta = object_of(record.get("meta") or {}, "meta")
        except ValueError as cause:
            names.faults.append(Fault(str(cause), str(path), line))
            continue
        text = str(record.get("text", ""))
        who = record.get("_annotator_id") or record.get("_session_id") or path.stem
        rows.append(
            CodingRow(
                sentence_id(record, text), str(who),
                names.keys(chosen, path, line), text=text or None,
                report=str(meta.get("report", "")), file=str(path), line=line,
            )
        )  # fmt: skip
    names.check()
    if not rows:
        raise LabelError("no line has the answer 'accept'", file=path)
    return last_of_each(rows, path)
