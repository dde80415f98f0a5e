"""Codings from and to other tools: Label Studio, doccano, Prodigy, an Excel workbook.

Each tool is a module of its own; here a format is chosen by its name or by the file.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from practicelib.codebook.reading import read_codebook
from practicelib.errors import LabelError
from practicelib.files.atomic import write_bytes
from practicelib.files.tables import csv_text
from practicelib.labels.interchange_doccano import read_doccano, write_doccano
from practicelib.labels.interchange_items import (
    Exchange,
    Predictions,
    exchange_of,
    exchange_of_rows,
)
from practicelib.labels.interchange_label_studio import read_label_studio, write_label_studio
from practicelib.labels.interchange_prodigy import read_prodigy, write_prodigy
from practicelib.labels.interchange_workbook import read_workbook, write_workbook
from practicelib.labels.rows import CodingRow
from practicelib.records.codebook import Codebook

__all__ = [
    "READERS",
    "WRITERS",
    "Exchange",
    "Predictions",
    "exchange_of",
    "exchange_of_rows",
    "read_exchange",
    "write_exchange",
]

COLUMNS = ("sentence", "coder", "labels", "round", "codebook", "report", "text")


def write_codings(exchange: Exchange) -> dict[str, bytes]:
    """The long CSV of this library."""
    return {"": csv_text(COLUMNS, map(coding_cells, exchange.codings)).encode("utf-8-sig")}


def coding_cells(row: CodingRow) -> list[str]:
    """A coding as a row of the long CSV."""
    return [
        row.sentence, row.coder, ";".join(row.labels), row.round, row.codebook, row.report,
        row.text or "",
    ]  # fmt: skip


WRITERS: dict[str, Callable[[Exchange], dict[str, bytes]]] = {
    "label-studio": write_label_studio,
    "doccano": write_doccano,
    "prodigy": write_prodigy,
    "workbook": write_workbook,
    "codings": write_codings,
}
READERS: dict[str, Callable[[Path, Codebook | None], list[CodingRow]]] = {
    "label-studio": read_label_studio,
    "doccano": read_doccano,
    "prodigy": read_prodigy,
    "workbook": read_workbook,
}


def write_exchange(exchange: Exchange, path: str | os.PathLike[str], form: str) -> list[Path]:
    """Write a set of sentences for a tool; gives the files written, side files included.

    Raises ValueError for an unknown format.
    """
    if form not in WRITERS:
        raise ValueError(f"format must be one of {', '.join(WRITERS)}, not {form!r}")
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    written = []
    for suffix, content in WRITERS[form](exchange).items():
        file = target.with_name(target.name + suffix)
        write_bytes(file, content)
        written.append(file)
    return written


def read_exchange(
    path: str | os.PathLike[str],
    form: str | None = None,
    codebook: Codebook | str | os.PathLike[str] | None = None,
) -> list[CodingRow]:
    """Codings of a tool's export, categories as keys of the codebook (the shipped one).

    Raises LabelError with all faults at once, ValueError for an unknown format.
    """
    file = Path(path)
    chosen = form or guess_form(file)
    if chosen not in READERS:
        raise ValueError(f"format must be one of {', '.join(READERS)}, not {chosen!r}")
    book = codebook if isinstance(codebook, Codebook) else read_codebook(_path(codebook))
    return READERS[chosen](file, book)


def _path(path: str | os.PathLike[str] | None) -> Path | None:
    return None if path is None else Path(path)


def guess_form(path: Path) -> str:
    """The tool that a file comes from; raises LabelError where that cannot be told."""
    by_ending = {".xlsx": "workbook", ".zip": "doccano", ".json": "label-studio"}
    found = by_ending.get(path.suffix.lower())
    if found is None and path.suffix.lower() == ".jsonl" and path.is_file():
        head = path.read_bytes()[:4096]
        found = "prodigy" if b'"answer"' in head or b'"options"' in head else "doccano"
    if found is None:
        raise LabelError("cannot tell which tool it comes from; name it with --from", file=path)
    return found
