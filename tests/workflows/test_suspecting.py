"""Labels against models that did not see them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from practicelib.errors import TooFewLabelsError
from practicelib.records.labelled import LabelledSentences
from practicelib.workflows.suspecting import out_of_fold, suspects_with_model
from tests.labels.folders import made_table
from tests.model.conftest import BOOK, few

__all__ = ["few"]


def test_planted_errors_are_found_by_models_of_other_reports(few: Any) -> None:
    """Half of the planted errors or more stand among as many suspects as there are."""
    texts, labels, reports = few
    spoilt = labels.copy()
    planted = np.random.default_rng(0).choice(np.flatnonzero(labels[:, 0]), 6, replace=False)
    spoilt[planted, 0] = 0
    table = made_table(spoilt[:, None].astype(np.int8), texts=texts)
    sentences = tuple(
        replace(s, report=str(report)) for s, report in zip(table.sentences, reports, strict=True)
    )
    table = replace(table, sentences=sentences, categories=BOOK.keys)
    found = suspects_with_model(table, BOOK, limit=40)
    by_model = [s for s in found if s.reasons[0].cause == "model"]
    hits = {int(s.sentence.id[1:]) for s in by_model if not s.coded} & set(planted.tolist())
    assert len(hits) >= 3
    # By chance six of 600 labels would bring 0.4 into the first forty.
    assert all(0 <= s.score <= 1 for s in found)


def test_probabilities_do_not_depend_on_the_own_label(few: Any) -> None:
    texts, labels, reports = few
    table = made_table(labels[:, None].astype(np.int8), texts=texts)
    sentences = tuple(
        replace(s, report=str(report)) for s, report in zip(table.sentences, reports, strict=True)
    )
    gold = LabelledSentences(sentences, BOOK.keys, labels.astype(bool))
    probabilities = out_of_fold(gold, BOOK)
    assert probabilities.shape == labels.shape
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert probabilities[labels[:, 0] == 1, 0].mean() > probabilities[labels[:, 0] == 0, 0].mean()
    with pytest.raises(TooFewLabelsError):
        out_of_fold(gold.select([0]), BOOK)
