"""The sheet of a validation sample: written to be coded, read back with every check.

A coder must not see what was predicted: strata are written as codes that tell nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from practicelib.errors import Fault, LabelError
from practicelib.files.hashing import hash_text
from practicelib.files.tables import write_csv
from practicelib.files.xlsx import read_table, write_xlsx
from practicelib.labels.names import key_of
from practicelib.labels.rows import parse_labels
from practicelib.records.validation import SampledSentence, Stratum, ValidationSample

COLUMNS = (
    "file", "start", "end", "report", "heading", "previous", "text", "labels",
    "stratum", "class", "size", "drawn", "inclusion", "model", "categories", "seed", "part",
)  # fmt: skip
_NEEDED = frozenset(COLUMNS) - {"report", "heading", "previous", "seed", "part"}


def write_sample(sample: ValidationSample, path: str | os.PathLike[str]) -> None:
    """Write a sample as a sheet to code (CSV, or XLSX by its ending): fill the column `labels`."""
    if Path(path).suffix.lower() == ".xlsx":
        write_xlsx(path, {"sample": (COLUMNS, sample_rows(sample))})
    else:
        write_csv(path, COLUMNS, sample_rows(sample))


def _code(sample: ValidationSample, *parts: str) -> str:
    return hash_text("\t".join((str(sample.seed), sample.model, *parts)))[:8]


def sample_rows(sample: ValidationSample) -> list[list[Any]]:
    """Rows of the sheet, in the order of `COLUMNS`."""
    rows = []
    for number, sentence in enumerate(sample.sentences):
        stratum = sample.strata[sentence.stratum]
        labels = ""
        if sample.codes is not None:
            chosen = [sample.categories[k] for k in np.flatnonzero(sample.codes[number])]
            labels = ";".join(chosen) or "-"
        rows.append(
            [
                sentence.file, sentence.start, sentence.end, sentence.report, sentence.heading,
                sentence.previous, sentence.text, labels,
                _code(sample, stratum.group, stratum.predicted),
                _code(sample, stratum.predicted),
                stratum.size, stratum.drawn, f"{stratum.inclusion:.9f}", sample.model,
                ";".join(sample.categories), sample.seed, sentence.part,
            ]
        )  # fmt: skip
    return rows


def read_sample(
    path: str | os.PathLike[str], names: Mapping[str, str] | None = None
) -> ValidationSample:
    """Read a coded sheet. `names` maps further names of categories to their keys; the case of
    letters does not count.

    Raises LabelError with every fault: a cell that is not coded (none is typed as "-"), an unknown
    category, chances that do not fit their stratum, numbers that are none; and with the reason for
    sentences that were picked by uncertainty, whose chance of being picked nobody knows.
    """
    rows = read_table(path)
    if not rows:
        raise LabelError("the sample has no row", file=path)
    missing = [name for name in COLUMNS if name not in rows[0][1] and name in _NEEDED]
    if missing:
        raise LabelError(
            "not a probability sample: it has no column "
            + ", ".join(missing)
            + ". Sentences picked by uncertainty (practicelib suggest) or by hand cannot correct"
            " counts, because the chance with which each was picked is unknown; draw them with"
            " practicelib sample --for validation",
            file=path,
        )
    categories = tuple(rows[0][1]["categories"].split(";"))
    known = {key: key for key in categories} | dict(names or {})
    faults: list[Fault] = []
    read = [_read_row(row, line, path, known, faults) for line, row in rows]
    seed = _seed(*rows[0], path, faults)
    if faults:
        raise LabelError(faults)
    keys = list(dict.fromkeys(row.stratum for row in read if row is not None))
    _check_strata(read, path)
    sentences, codes = [], np.zeros((len(read), len(categories)), bool)
    for number, row in enumerate(read):
        assert row is not None
        sentences.append(
            SampledSentence(
                row.file,
                row.start,
                row.end,
                row.text,
                keys.index(row.stratum),
                row.report,
                part=row.part,
            )
        )
        codes[number] = [key in row.labels for key in categories]
    model = rows[0][1]["model"]
    return ValidationSample(tuple(sentences), tuple(keys), categories, codes, model, seed)


@dataclass(frozen=True, slots=True)
class _Row:
    file: str
    start: int
    end: int
    text: str
    report: str
    labels: tuple[str, ...]
    stratum: Stratum
    line: int
    part: str


def _read_row(
    row: Mapping[str, str],
    line: int,
    path: str | os.PathLike[str],
    known: Mapping[str, str],
    faults: list[Fault],
) -> _Row | None:
    def fault(cause: str, value: str = "") -> None:
        faults.append(Fault(cause, str(path), line, value))

    if not row["labels"].strip():
        fault("not coded; type - for no category")
        return None
    given: tuple[str, ...] = ()
    try:
        given = parse_labels(row["labels"])
    except ValueError as cause:
        fault(str(cause))
    keys = [(label, key_of(label, known)) for label in given]
    unknown = [label for label, key in keys if key is None]
    if unknown:
        fault("unknown category", ", ".join(unknown))
    try:
        size, drawn, start, end = (int(row[name]) for name in ("size", "drawn", "start", "end"))
        inclusion = float(row["inclusion"])
    except ValueError as cause:
        fault(f"not a number: {cause}")
        return None
    if not 0 < drawn <= size or abs(inclusion - drawn / size) > 1e-6:
        fault("inclusion is not drawn / size of its stratum", row["inclusion"])
    stratum = Stratum(row["stratum"], row["class"], size, drawn)
    labels = tuple(key for _, key in keys if key is not None)
    report, part = row.get("report", ""), row.get("part", "")
    return _Row(row["file"], start, end, row["text"], report, labels, stratum, line, part)


def _seed(
    line: int, row: Mapping[str, str], path: str | os.PathLike[str], faults: list[Fault]
) -> int:
    """The seed of the draw; 0 where the sheet does not say it."""
    try:
        return int(row.get("seed") or 0)
    except ValueError as cause:
        faults.append(Fault(f"not a number: {cause}", str(path), line))
        return 0


def _check_strata(rows: Iterable[_Row | None], path: str | os.PathLike[str]) -> None:
    """Every stratum has as many rows as were drawn: rows taken out would break the chances."""
    counts: dict[Stratum, int] = {}
    seen: dict[tuple[str, str, int, int, str], int] = {}
    faults = []
    for row in rows:
        assert row is not None
        counts[row.stratum] = counts.get(row.stratum, 0) + 1
        # With the text: older sheets do not say the part, and rows of a table all start at 0.
        place = (row.file, row.part, row.start, row.end, row.text)
        if place in seen:
            cause = f"the same sentence as in line {seen[place]}"
            faults.append(Fault(cause, str(path), row.line))
        seen[place] = row.line
    faults += [
        Fault(
            f"{count} rows of stratum {s.group}, but {s.drawn} were drawn; a sample"
            " must be kept whole",
            str(path),
        )
        for s, count in counts.items()
        if count != s.drawn
    ]
    if faults:
        raise LabelError(faults)
