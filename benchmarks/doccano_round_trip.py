"""1,000 double-coded sentences through doccano and back: same codes, same alpha.

doccano is no dependency: install it in an environment of its own,

    pip install doccano==1.8.4 "marshmallow<4" "numpy<2" "setuptools<80"

then run this with that environment's Python:

    python benchmarks/doccano_round_trip.py path/to/doccano/bin/python
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from label_studio_round_trip import aligned_by_name, alphas, double_coded

from practicelib.codebook.reading import read_codebook
from practicelib.labels.interchange import (
    exchange_of,
    exchange_of_rows,
    read_exchange,
    write_exchange,
)
from practicelib.labels.interchange_items import NONE_NAME
from practicelib.labels.reading import read_codings


def main(python: str) -> None:
    table, book = double_coded(), read_codebook()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        full = exchange_of(table, codebook=book)
        blank = exchange_of(table, codebook=book, blank=True)
        write_exchange(blank, folder / "blank.jsonl", "doccano")
        none = NONE_NAME[full.lang]
        codes: dict[str, dict[str, list[str]]] = {coder: {} for coder in full.coders}
        for row in full.codings:
            codes[row.coder][row.sentence] = list(full.shown(row.labels)) or [none]
        (folder / "codes.json").write_text(json.dumps(codes), encoding="utf-8")
        inside = Path(__file__).with_name("doccano_inside.py")
        done = subprocess.run([python, str(inside), name], capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        print(done.stdout.strip().splitlines()[-1])
        rows = read_exchange(folder / "export.zip", "doccano", book)
        write_exchange(exchange_of_rows(rows, book), folder / "back.csv", "codings")
        back = aligned_by_name(read_codings(folder / "back.csv", codebook=book), table)
    print("same codes:", np.array_equal(back.codes, table.codes))
    print("alpha before", alphas(table), "after", alphas(back))


if __name__ == "__main__":
    main(*sys.argv[1:])
