"""Nothing fooled: no leakage in an evaluation, no NaN as a score, no label changed by a trifle."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicelib.errors import LabelError
from practicelib.files.data import data_path
from practicelib.files.tables import read_csv
from practicelib.model.tagger import Tagger
from practicelib.records.labelled import LabelledSentences
from practicelib.show.evaluation_table import evaluation_markdown, evaluation_text
from practicelib.workflows import evaluation
from practicelib.workflows.evaluation import evaluate

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
CHANGES: dict[str, Callable[[str], str]] = {
    "a full stop more": lambda text: text + "。",
    "no full stop": lambda text: text.rstrip("。"),
    "full width": lambda text: text.translate(WIDE),
    "white space around": lambda text: f"\u3000\t{text} \n",
    "spaces between": lambda text: " ".join(text),
    "zero-width characters between": lambda text: "\u200b".join(text),
    "a byte-order mark": lambda text: "\ufeff" + text,
    "another line end": lambda text: text.replace("\n", "\r\n"),
}


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    """Some hundred sentences of the label set."""
    rows = read_csv(data_path("labels/sentences/reports-mixed.csv"))
    return [row["text"] for _, row in rows][::4]


@pytest.mark.parametrize("name", CHANGES)
def test_trifles_change_no_label(tagger: Tagger, sentences: list[str], name: str) -> None:
    """Metamorphic: what a reader would not notice, the model does not either."""
    before = [tags.labels for tags in tagger.tag(sentences)]
    after = [tags.labels for tags in tagger.tag([CHANGES[name](text) for text in sentences])]
    assert after == before
    assert any(before)


def test_script_changes_no_label(tagger: Tagger, sentences: list[str]) -> None:
    """Traditional characters are tagged as the Simplified ones."""
    from opencc import OpenCC

    there, again = OpenCC("s2t"), OpenCC("t2s")
    traditional = [there.convert(text) for text in sentences[:60]]
    assert traditional != sentences[:60]
    back = [again.convert(text) for text in traditional]
    same = [i for i, text in enumerate(back) if text == sentences[i]]
    assert len(same) > 50
    before = tagger.tag([sentences[i] for i in same])
    after = tagger.tag([traditional[i] for i in same])
    assert [t.labels for t in before] == [t.labels for t in after]


@given(order=st.permutations(range(24)))
def test_order_changes_no_label(tagger: Tagger, sentences: list[str], order: list[int]) -> None:
    """Each sentence is tagged for itself, whatever stands beside it."""
    few = sentences[:24]
    straight = tagger.predict_proba(few)
    np.testing.assert_array_equal(tagger.predict_proba([few[i] for i in order]), straight[order])


def test_a_report_trained_on_is_refused(tagger: Tagger, gold: LabelledSentences) -> None:
    """Every report on both sides is named."""
    train = gold.with_role("train")
    with pytest.raises(LabelError, match="trained on this report") as caught:
        evaluate(tagger, train)
    named = {fault.value for fault in caught.value.faults}
    assert named == set(tagger.parameters.facts["report_ids"]) & set(train.reports.tolist())


def test_one_leaking_report_among_many_is_refused(tagger: Tagger, gold: LabelledSentences) -> None:
    """Also where it comes under the role of test."""
    train, test = gold.with_role("train"), gold.with_role("test")
    leaked = train.reports[0]
    facts = {**tagger.parameters.facts, "report_ids": [test.reports[0]]}
    other = Tagger(dataclasses.replace(tagger.parameters, facts=facts))
    with pytest.raises(LabelError, match=str(test.reports[0])):
        evaluate(other, test)
    assert leaked not in set(test.reports.tolist())


def test_near_duplicates_are_warned_of(
    gold: LabelledSentences, tagger: Tagger, caplog: pytest.LogCaptureFixture
) -> None:
    """Sentences that stand on both sides under other reports are counted in a warning."""
    test = gold.with_role("test")
    with caplog.at_level(logging.WARNING, "practicelib"):
        evaluation._warn_of_twins(test, test)
    assert f"{len(test.texts)} of {len(test.texts)} sentences" in caplog.text


def test_no_score_is_nan_in_print(tagger: Tagger, gold: LabelledSentences) -> None:
    """Where a category has no positives its scores are undefined: a dash, never NaN."""
    test = gold.with_role("test")
    result = evaluate(tagger, test)
    for text in (evaluation_text(result), evaluation_markdown(result)):
        assert "nan" not in text.lower()


def test_undefined_scores_in_print(tagger: Tagger, gold: LabelledSentences) -> None:
    """The same on sentences that no category was given to."""
    test = gold.with_role("test")
    empty = test.select(np.flatnonzero(test.labels.sum(axis=1) == 0)[:30].tolist())
    result = evaluate(tagger, empty)
    for text in (evaluation_text(result), evaluation_markdown(result)):
        assert "nan" not in text.lower()


def test_the_labels_of_the_seed_are_never_trained_on(tagger: Tagger) -> None:
    """The seed is test, always."""
    rows = read_csv(data_path("labels/sentences/seed.csv"))
    seed = {row["report"] for _, row in rows}
    assert not seed & set(tagger.parameters.facts["report_ids"])
    assert Path(data_path("labels/reports/seed.txt")).exists()
