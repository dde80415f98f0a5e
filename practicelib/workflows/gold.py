"""Gold labels of a label folder: codings and decisions in, one set a sentence out."""

from __future__ import annotations

import os
from pathlib import Path

from practicelib.codebook.reading import read_codebook
from practicelib.labels.gold import adjudicate
from practicelib.labels.reading import read_codings
from practicelib.records.codebook import Codebook
from practicelib.records.labelled import LabelledSentences


def read_gold(
    folder: str | os.PathLike[str], codebook: str | os.PathLike[str] | None = None
) -> tuple[LabelledSentences, Codebook]:
    """Gold of a label folder and its codebook (`codebook.toml` in it unless another is given).

    Raises CodebookError, and LabelError with the faults of the codings or of the decisions.
    """
    root = Path(folder)
    book = read_codebook(Path(codebook) if codebook else root / "codebook.toml")
    decisions = root / "decisions.csv"
    table = read_codings(root, codebook=book)
    return adjudicate(table, decisions=decisions if decisions.exists() else None), book
