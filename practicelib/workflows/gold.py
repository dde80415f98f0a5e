"""Gold labels of a label folder: codings and decisions in, one set a sentence out."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from practicelib.codebook.reading import read_codebook
from practicelib.labels.gold import adjudication
from practicelib.labels.reading import read_codings
from practicelib.records.codebook import Codebook
from practicelib.records.labelled import LabelledSentences

LOG = logging.getLogger("practicelib.labels")


def read_gold(
    folder: str | os.PathLike[str], codebook: str | os.PathLike[str] | None = None
) -> tuple[LabelledSentences, Codebook]:
    """Gold of a label folder and its codebook (`codebook.toml` in it unless another is given).

    How many sentences are still to be decided is logged. Raises CodebookError, and LabelError with
    the faults of the codings or of the decisions.
    """
    root = Path(folder)
    book = read_codebook(Path(codebook) if codebook else root / "codebook.toml")
    decisions = root / "decisions.csv"
    table = read_codings(root, codebook=book)
    found = adjudication(table, decisions=decisions if decisions.exists() else None)
    if left := len(found.undecided.rows):
        LOG.warning(
            "%s: %d sentences are not decided and left out; `practicelib adjudicate` lists them",
            root,
            left,
        )
    return found.gold, book
