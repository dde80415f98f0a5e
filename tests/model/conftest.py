"""A small classifier, fitted once, and the sentences it was fitted on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from practicelib.files.data import data_path
from practicelib.files.tables import read_csv
from practicelib.model.classifier import MechanismClassifier
from practicelib.records.codebook import Category, Codebook, Pattern

BOOK = Codebook(
    "test",
    (
        Category("joint", "共建", "joint", patterns=(Pattern("共建"), Pattern("结对"))),
        Category("grid", "网格", "grid", patterns=(Pattern("网格"), Pattern("包片(干部)?"))),
    ),
    classes=(("PEOPLE", ("居民", "村民")),),
    masks=(Pattern("配电网格"),),
)


@pytest.fixture(scope="session")
def few() -> tuple[list[str], Any, Any]:
    """300 composed sentences, labels of two categories (N, 2) and their reports."""
    rows = [row for _, row in read_csv(data_path("labels/sentences/reports-mixed.csv"))][:300]
    coded = {
        row["sentence"]: row["labels"]
        for _, row in read_csv(data_path("labels/codings/composed-second.csv"))
    }
    labels = np.array(
        [["co_" in coded[row["id"]], "grid" in coded[row["id"]]] for row in rows], dtype=int
    )
    return [row["text"] for row in rows], labels, np.array([row["report"] for row in rows])


@pytest.fixture(scope="session")
def fitted(few: tuple[list[str], Any, Any]) -> MechanismClassifier:
    """A classifier fitted on them."""
    texts, labels, reports = few
    return MechanismClassifier(BOOK).fit(texts, labels, groups=reports)
