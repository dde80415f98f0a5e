"""Gold of a validation sample that several coders filled in, as the sheet that it was drawn as."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from practicelib.files.xlsx import read_table
from practicelib.labels.rows import ENDINGS, is_of_sample, sentence_id
from practicelib.labels.sample_sheet import COLUMNS
from practicelib.records.labelled import LabelledSentences


def sample_of(paths: Sequence[str]) -> Path | None:
    """The first of the coders' sheets where all are copies of a sample; else None."""
    files = [Path(path) for path in paths]
    for file in files:
        if not file.is_file() or file.suffix.lower() not in ENDINGS or file.suffix == ".jsonl":
            return None
        if not all(is_of_sample(row) for _, row in read_table(file)):
            return None
    return files[0] if files else None


def gold_sheet(sheet: Path, gold: LabelledSentences) -> tuple[list[str], Iterator[list[str]]]:
    """Columns and rows of the sheet with the gold labels in it ("-" for none) and how each came.

    What a person has still to decide stays blank, so that `read_sample` refuses it.
    """
    found = {
        info.id: (";".join(k for k, one in zip(gold.categories, own, strict=True) if one), how)
        for info, own, how in zip(gold.sentences, gold.labels, gold.how, strict=True)
    }
    rows = read_table(sheet)
    columns = [name for name in COLUMNS if name == "labels" or name in rows[0][1]]

    def filled() -> Iterator[list[str]]:
        for _, row in rows:
            labels, how = found.get(sentence_id(row), ("", ""))
            own = {**row, "labels": labels or ("-" if how else "")}
            yield [*(own[name] for name in columns), how]

    return [*columns, "how"], filled()
