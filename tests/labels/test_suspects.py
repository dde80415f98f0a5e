"""Suspected errors: planted ones come first, each with its reason."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from practicelib.errors import TooFewLabelsError
from practicelib.labels.suspects import suspects
from practicelib.labels.twins import _candidates, _shingles, _signatures, find_twins, twins_across
from practicelib.measures.label_errors import confident_errors
from practicelib.records.labelled import LabelledSentences
from tests.labels.folders import made_table

_ENDS = ((0, 1), (1, 2), (0, 2))


def unlike_texts(n: int) -> list[str]:
    """Texts that share hardly a pair of characters."""
    characters = np.random.default_rng(9).integers(0x4E00, 0x9FA0, (n, 20))
    return ["".join(map(chr, row)) for row in characters.tolist()]


def test_outvoted_coders_come_first() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random((500, 1, 2)) < 0.3
    codes = np.repeat(truth, 4, axis=1).astype(np.int8)
    planted = {(int(row), int(rng.integers(4)), int(rng.integers(2))) for row in range(0, 500, 20)}
    for row, a, k in planted:
        codes[row, a, k] = 1 - codes[row, a, k]
    found = suspects(made_table(codes, texts=unlike_texts(500)))
    first = [
        (int(s.sentence.id[1:]), int(s.coder[5:]), int(s.category[1:]))
        for s in found
        if s.score > 0.5
    ]
    assert set(first) == planted
    assert all(s.reasons[0].cause == "outvoted" for s in found)
    assert [s.score for s in found] == sorted((s.score for s in found), reverse=True)


def test_a_careful_coder_is_believed_where_votes_are_tied() -> None:
    rng = np.random.default_rng(1)
    truth = rng.random((2000, 1)) < 0.4
    codes = (truth ^ (rng.random((2000, 4)) < [0.01, 0.05, 0.3, 0.3])).astype(np.int8)
    found = suspects(made_table(codes[:, :, None], texts=unlike_texts(2000)))
    tied = np.flatnonzero(codes.sum(axis=1) == 2)
    sure = [s for s in found if int(s.sentence.id[1:]) in set(tied.tolist()) and s.score > 0.5]
    right = [s.coded != bool(truth[int(s.sentence.id[1:]), 0]) for s in sure]
    assert len(sure) > 100
    assert np.mean(right) > 0.8


def test_no_category_at_all() -> None:
    """Codings that are all "none" without a codebook, and gold made of such."""
    table = made_table(np.zeros((2, 2, 0), np.int8), texts=["同一句话。", "同一句话。"])
    gold = LabelledSentences(table.sentences, (), np.zeros((2, 0), bool))
    for labels in (table, gold):
        with pytest.raises(TooFewLabelsError, match="no category"):
            suspects(labels)


def test_twins_coded_differently() -> None:
    texts = [
        "村民代表会议表决通过了分红方案。",
        "村民代表会议表决通过了，分红方案",
        "别的一句话，毫不相干。",
    ]
    codes = np.array([[[1]], [[0]], [[0]]], np.int8)
    found = suspects(made_table(codes, texts=texts))
    assert [(s.sentence.id, s.coded) for s in found] == [("s0", True), ("s1", False)]
    assert found[0].reasons[0].other == "s1"
    assert found[0].score == pytest.approx(0.5)
    several = suspects(
        made_table(np.array([[[1]], [[1]], [[1]], [[0]]], np.int8), texts=["同一句话。"] * 4)
    )
    assert (several[0].sentence.id, several[0].score) == ("s3", pytest.approx(0.75))


def test_the_less_alike_the_less_suspect() -> None:
    """By hand, in a chain: the first and the last are linked by the one between; one category
    is coded alike."""
    base = "居民议事会每月开一次，商量楼道停车、充电棚和绿化怎么办"
    texts = [base.replace("月", "周"), base, base.replace("停车", "晒衣")]
    pairs = [set(pairwise(filter(str.isalnum, text))) for text in texts]
    alike = {(i, j): len(pairs[i] & pairs[j]) / len(pairs[i] | pairs[j]) for i, j in _ENDS}
    assert alike[0, 2] < 0.75 < alike[1, 2] < alike[0, 1] < 1
    codes = np.array([[[0, 1]], [[0, 1]], [[0, 0]]], np.int8)
    found = suspects(made_table(codes, texts=texts))
    assert [(s.sentence.id, s.category, s.coded, s.reasons[0].other) for s in found] == [
        ("s2", "c1", False, "s1"),
        ("s0", "c1", True, "s2"),
        ("s1", "c1", True, "s2"),
    ]
    expected = [alike[1, 2] * 2 / 3, alike[0, 1] / 3, alike[1, 2] / 3]
    assert [s.score for s in found] == pytest.approx(expected)
    assert {s.reasons[0].cause for s in found} == {"twin"}
    assert len(suspects(made_table(codes, texts=texts), least=0.5)) == 1


def test_a_model_contradicts_gold() -> None:
    rng = np.random.default_rng(2)
    labels = rng.random((300, 2)) < 0.3
    probabilities = np.clip(np.where(labels, 0.9, 0.08) + rng.normal(0, 0.05, (300, 2)), 0, 1)
    labels[7, 0] = ~labels[7, 0]
    labels[9, 1] = ~labels[9, 1]
    sentences = made_table(labels[:, None].astype(np.int8), texts=unlike_texts(300))
    gold = LabelledSentences(sentences.sentences, ("c0", "c1"), labels)
    found = suspects(gold, probabilities, limit=2)
    assert {(s.sentence.id, s.category) for s in found} == {("s7", "c0"), ("s9", "c1")}
    assert {s.reasons[0].cause for s in found} == {"model"}
    by_table = suspects(sentences, probabilities, limit=2)
    assert {s.sentence.id for s in by_table} == {"s7", "s9"}
    with pytest.raises(ValueError, match="probabilities"):
        suspects(gold, probabilities[:, :1])


def test_a_model_settles_no_tie() -> None:
    """It contradicts the majority of the coders; where there is none, nobody."""
    truth = np.arange(60) % 3 == 0
    probabilities = np.where(truth, 0.95, 0.05)[:, None]
    codes = np.repeat(truth[:, None, None], 3, axis=1).astype(np.int8)
    codes[0], codes[3] = [[0], [0], [1]], [[0], [1], [-1]]
    found = suspects(made_table(codes, texts=unlike_texts(60)), probabilities)
    told = {(s.sentence.id, s.coded) for s in found if "model" in [r.cause for r in s.reasons]}
    assert told == {("s0", False)}


def test_suspicion_by_hand() -> None:
    labels = np.array([[True], [True], [False], [False], [False]])
    p = np.array([[0.9], [0.7], [0.85], [0.1], [0.1]])
    found = confident_errors(labels, p)
    # Sure at 0.8 or more: rows 0 and 2; sure not at 0.35 or less: rows 3 and 4.
    assert found.false_negative[0] == pytest.approx((1 + 1) / (1 + 1 + 2))
    assert found.false_positive[0] == pytest.approx((0 + 1) / (0 + 2 + 2))
    fn, fp = 0.5, 0.25
    assert found.suspicion[2, 0] == pytest.approx(0.85 * fn / (0.85 * fn + 0.15 * (1 - fp)))
    assert found.suspicion[1, 0] == pytest.approx(0.3 * fp / (0.3 * fp + 0.7 * (1 - fn)))
    # Not given at 0.4 on average: row 3 alone is sure not, and row 1 stays below the 0.8.
    doubtful = confident_errors(labels, np.array([[0.9], [0.7], [0.6], [0.15], [0.45]]))
    assert doubtful.false_positive[0] == pytest.approx((0 + 1) / (0 + 1 + 2))
    assert doubtful.false_negative[0] == pytest.approx((0 + 1) / (0 + 1 + 2))
    p[0] = np.nan
    without = confident_errors(labels, p)
    rest = confident_errors(labels[1:], p[1:])
    assert np.isnan(without.suspicion[0, 0])
    assert without.suspicion[1:] == pytest.approx(rest.suspicion)
    with pytest.raises(ValueError, match="between 0 and 1"):
        confident_errors(labels, p + 1)


def test_near_twins_are_found_and_others_not() -> None:
    rng = np.random.default_rng(3)
    characters = np.array(list("网格员每天巡查居民议事会党委选派干部共建单位签订协议村民自治"))
    texts = ["".join(rng.choice(characters, 40)) for _ in range(400)]
    changed = [text[:20] + "新" + text[21:] for text in texts[:100]]
    pairs = find_twins([*texts, *changed])
    assert {(pair.first, pair.second) for pair in pairs} == {(i, 400 + i) for i in range(100)}
    assert all(0.75 <= pair.similarity < 1 for pair in pairs)


def test_twins_cost_grows_with_the_sentences_not_their_square() -> None:
    """What is compared, counted: nearly nothing of unlike texts, a few of each of a crowd."""
    assert len(find_twins(["同样的一句话。"] * 3000)) == 2999
    unlike = [_shingles(text) for text in unlike_texts(3000)]
    assert len(_candidates(_signatures(unlike))) < 30
    crowd = [_shingles("同样的一句话只差一个字" + chr(0x4E00 + i)) for i in range(1000)]
    assert len(_candidates(_signatures(crowd))) < 1000 * 16 * 16


def test_short_and_empty_texts() -> None:
    assert find_twins(["", "。", "好", "好。", "行"]) == find_twins(["", "。", "好", "好。", "行"])
    assert [(p.first, p.second) for p in find_twins(["", "。", "好", "好。", "行"])] == [(2, 3)]
    assert find_twins([]) == []


def test_twins_in_other_parts_are_counted_one_by_one() -> None:
    """Also where equal texts are linked over others, and not where all twins are in one part."""
    same = "网格员每天走访责任片区并把发现的问题及时上报。"
    texts = [same, "居民议事会讨论停车问题，大家投票表决。", *[same] * 3, "全年工业产值十二亿元。"]
    parts = np.array(["a", "a", "b", "b", "b", "b"])
    assert twins_across(texts, parts).tolist() == [True, False, True, True, True, False]
    assert not twins_across(texts[2:], parts[2:]).any()
    assert not twins_across([], parts[:0]).any()
