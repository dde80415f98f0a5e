"""Figures of an evaluation that belong together."""

import json
from pathlib import Path

import numpy as np
import pytest

import practicelib as pl
from practicelib.errors import LabelError
from practicelib.measures.scores import mean_defined
from practicelib.model.tagger import Tagger
from practicelib.records.labelled import LabelledSentences, SentenceInfo
from practicelib.workflows.evaluation import evaluate
from practicelib.workflows.outside import read_labelled

SENTENCES = [
    "网格员每天走访责任片区，发现问题及时上报。",
    "居民议事会讨论停车问题，投票表决。",
    "全年实现工业产值12亿元。",
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return pl.load_tagger()


def test_the_interval_is_of_the_macro_f1_that_it_stands_beside(tagger: Tagger) -> None:
    """A category that nobody gave or assigned is undefined in the point and in every resample."""
    rows = [(text, f"r{i}") for i in range(8) for text in SENTENCES]
    sentences = tuple(SentenceInfo(str(i), text, report) for i, (text, report) in enumerate(rows))
    labels = tagger.tag_batch([text for text, _ in rows]).assigned
    assert labels.any() and not labels.any(axis=0).all()
    found = evaluate(tagger, LabelledSentences(sentences, tagger.categories, labels)).systems
    assert found[0].macro_f1 == 1.0
    assert found[0].macro_interval.tolist() == [1.0, 1.0]
    assert all(s.margin_interval[0] <= s.margin <= s.margin_interval[1] for s in found)


def test_mean_of_what_is_defined() -> None:
    """NaN is left out, and a row of nothing else is NaN."""
    values = np.array([[0.5, np.nan], [1.0, 0.0], [np.nan, np.nan]])
    assert np.array_equal(mean_defined(values), [0.5, 0.5, np.nan], equal_nan=True)


def test_what_a_model_tagged_is_no_gold(tmp_path: Path) -> None:
    """The output of `tag` would give every figure as 1."""
    row = {"text": "村民议事会商定。", "labels": [], "probabilities": {}, "model": "x"}
    file = tmp_path / "tags.jsonl"
    file.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(LabelError, match="tagged by a model, not coded"):
        read_labelled(file, ("autonomy",))
