"""What to code next: uncertain, spread, rare categories kept; and for training only."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from practicelib.errors import LabelError
from practicelib.labels.consistency import consistency
from practicelib.labels.suggest import is_suggested, margins_of, suggest, training_only
from practicelib.records.labelled import (
    SUGGESTED,
    Coder,
    LabelledSentences,
    LabelTable,
    SentenceInfo,
)

KEYS = ("a", "b", "c")
LIMITS = np.array([0.5, 0.4, 0.3])


def _candidates(n: int, seed: int = 0) -> tuple[np.ndarray, list[str], list[str]]:
    rng = np.random.default_rng(seed)
    words = ["网格", "议事", "共建", "选派", "巡查", "协商", "签约", "培训"]
    texts = ["".join(rng.choice(words, 4)) + f"第{i}项{words[i % 8]}。" for i in range(n)]
    return rng.random((n, 3)), texts, [f"r{i % 20}" for i in range(n)]


def test_margins_are_distances_in_logits() -> None:
    """Zero at the threshold, symmetric in logits, finite at 0 and 1."""
    margins = margins_of(np.array([[0.5, 0.4, 0.3], [0.0, 1.0, 0.7]]), LIMITS)
    assert margins[0] == pytest.approx([0, 0, 0], abs=1e-12)
    assert np.isfinite(margins).all()
    expected = np.log(0.7 / 0.3) - np.log(0.3 / 0.7)
    assert margins[1, 2] == pytest.approx(expected)


def test_uncertain_sentences_come_first() -> None:
    """Every pick is nearer to a threshold than most of what was left."""
    scores, texts, reports = _candidates(400)
    chosen = suggest(scores, LIMITS, texts, reports, KEYS, 30, rare_share=0)
    least = np.argsort(np.argsort(margins_of(scores, LIMITS), axis=0), axis=0).min(axis=1)
    picked = [one.row for one in chosen]
    assert len(set(picked)) == 30
    assert np.median(least[picked]) < np.median(least) / 2


def test_picks_are_spread_over_reports_and_kinds() -> None:
    """No report gives more than twice its even share; unlike sentences are preferred."""
    scores, texts, reports = _candidates(400)
    chosen = suggest(scores, LIMITS, texts, reports, KEYS, 40)
    counts = Counter(reports[one.row] for one in chosen)
    assert max(counts.values()) <= 4
    assert len(counts) >= 12


def test_rare_categories_have_their_quota() -> None:
    """The category with the fewest known sentences gets its share, near its threshold."""
    scores, texts, reports = _candidates(400)
    scores[:, 2] *= 0.2
    scores[:12, 2] = np.linspace(0.2, 0.4, 12)
    chosen = suggest(scores, LIMITS, texts, reports, KEYS, 20, positives=(500, 400, 9))
    assert sum(one.reason == "c" for one in chosen) == 6
    assert all(one.row < 12 for one in chosen if one.reason == "c")
    assert {one.reason for one in chosen} == {"c", "uncertain"}


def test_rare_categories_share_their_places() -> None:
    """In equal parts, the rarest first, each near its own threshold; none where a category is
    nowhere likely. Without counts the expected ones say which is rare."""
    scores, texts, reports = _candidates(400)
    scores, limits = np.column_stack([scores, scores[:, 0]]), np.array([0.5, 0.4, 0.3, 0.5])
    scores[:, 3] *= 0.5
    keys = (*KEYS, "d")

    def reasons(**given: object) -> list[str]:
        chosen = suggest(scores, limits, texts, reports, keys, 20, **given)  # type: ignore[arg-type]
        for one in chosen:
            own = margins_of(scores, limits)[one.row]
            nearest = own.min() if one.reason == "uncertain" else own[keys.index(one.reason)]
            assert one.margin == nearest
        return [one.reason for one in chosen]

    assert reasons(positives=(50, 40, 9, 8)) == [*"ddd", *"ccc", *["uncertain"] * 14]
    assert reasons(positives=(5, 50, 500, 500), rare_share=1) == [*"a" * 10, *"b" * 10]
    scores[:, 2] = [0.061] * 2 + [0.059] * 398
    assert Counter(reasons())["c"] == 2
    assert Counter(reasons())["d"] == 4


def test_what_is_left_out_is_made_up_for() -> None:
    """From one text in many reports, and from beyond the most uncertain; three of a report may
    always be chosen."""
    scores = np.linspace(0.5, 0.9, 100)[:, None]
    texts = ["同一句话。"] * 60 + [f"另一句话，第{i}句。" for i in range(40)]
    reports = [f"r{i}" for i in range(100)]
    chosen = suggest(scores, LIMITS[:1], texts, reports, KEYS[:1], 5)
    assert [one.row for one in chosen] == [0, 60, 61, 62, 63]
    reports[60:] = ["r"] * 40
    assert len(suggest(scores, LIMITS[:1], texts, reports, KEYS[:1], 5)) == 4


@settings(max_examples=12)
@given(st.integers(1, 60), st.integers(1, 40), st.integers(0, 5))
def test_any_size(n: int, wanted: int, seed: int) -> None:
    """At most what was asked, no row twice, and the same again for the same seed."""
    scores, texts, reports = _candidates(n, seed)
    chosen = suggest(scores, LIMITS, texts, reports, KEYS, wanted, seed=seed)
    rows = [one.row for one in chosen]
    assert len(rows) == len(set(rows)) <= wanted
    assert chosen == suggest(scores, LIMITS, texts, reports, KEYS, wanted, seed=seed)


def test_a_text_is_chosen_once() -> None:
    """The same sentence in two reports is coded once."""
    scores, _, reports = _candidates(30)
    chosen = suggest(scores, LIMITS, ["同一句话。"] * 30, reports, KEYS, 10)
    assert len(chosen) == 1


def test_misuse() -> None:
    """Shapes that do not fit, nothing asked for, a share out of range."""
    scores, texts, reports = _candidates(10)
    for arguments in (
        (scores, LIMITS[:2], texts, reports, KEYS, 5),
        (scores, LIMITS, texts[:3], reports, KEYS, 5),
        (scores, LIMITS, texts, reports, KEYS, 0),
    ):
        with pytest.raises(ValueError, match=r"fit|at least"):
            suggest(*arguments)
    with pytest.raises(ValueError, match="rare_share"):
        suggest(scores, LIMITS, texts, reports, KEYS, 5, rare_share=2)


SENTENCES = tuple(
    SentenceInfo(f"s{i}", f"句{i}", f"r{i}", "train", SUGGESTED if i < 4 else "") for i in range(8)
)


def test_suggested_sentences_serve_training_only() -> None:
    """Validation refuses them; reliability leaves them out, and refuses a set of nothing else."""
    from practicelib.model.storage import load_tagger
    from practicelib.workflows.evaluation import evaluate

    assert is_suggested(SENTENCES).tolist() == [True] * 4 + [False] * 4
    with pytest.raises(LabelError, match="4 sentences were suggested"):
        training_only(SENTENCES, "validation")
    tagger = load_tagger()
    labels = np.zeros((8, len(tagger.categories)), dtype=bool)
    gold = LabelledSentences(SENTENCES, tagger.categories, labels)
    with pytest.raises(LabelError, match="cannot serve validation"):
        evaluate(tagger, gold)
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 2, (8, 2, 1, 3)).astype(np.int8)
    table = LabelTable(SENTENCES, (Coder("x"), Coder("y")), ("1",), KEYS, codes)
    assert consistency(table, details=False, resamples=10).basis.sentences == 4
    with pytest.raises(LabelError, match="cannot serve reliability"):
        consistency(table.select(range(4)), details=False, resamples=10)
