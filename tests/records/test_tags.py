"""Tags as records: codings compare by content, batches are sequences."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from practicelib.model.tagger import Tagger
from practicelib.records.tags import Coding, Evidence, SentenceContext, TagBatch

KEYS = ("a", "b")


def coding(*counts: int) -> Coding:
    return Coding(KEYS, "model", "m", true_positives=np.array(counts, np.int64))


def test_codings_with_counts_compare_by_content() -> None:
    """Equal content is equal and has one hash; other counts are another coding."""
    assert coding(1, 2) == coding(1, 2)
    assert coding(1, 2) != coding(1, 3)
    assert coding(1, 2) != Coding(KEYS, "model", "m")
    assert len({coding(1, 2), coding(1, 2), coding(1, 3)}) == 2
    assert coding(1, 2) != "m"


def test_a_batch_takes_slices_and_is_searched(tagger: Tagger) -> None:
    """A slice is a batch of these rows, with their contexts and evidence."""
    texts = ["网格员每天入户走访。", "居民议事会商定停车办法。", "全年产值12亿元。"]
    contexts = [SentenceContext(heading=str(number)) for number in range(3)]
    batch = tagger.tag_batch(texts, contexts)
    part = batch[1:]
    assert isinstance(part, TagBatch)
    assert list(part) == list(batch)[1:]
    assert [tag.context.heading for tag in part] == ["1", "2"]
    assert part[0].evidence == batch[1].evidence
    assert list(batch[::-1]) == list(batch)[::-1]
    assert len(batch[3:]) == 0
    assert list(tagger.tag_batch(texts)[:1]) == list(batch)[:1]
    assert batch.index(batch[-1]) == 2
    with pytest.raises(IndexError):
        batch[3]


def test_a_sentence_is_sent_alone(tagger: Tagger) -> None:
    """Its tags, evidence and context, without the rest of its batch."""
    texts = [f"网格员每天入户走访第{number}户。" for number in range(500)]
    contexts = [SentenceContext(heading=str(number)) for number in range(500)]
    tag = tagger.tag_batch(texts, contexts)[7]
    content = pickle.dumps(tag)
    assert len(content) < 4000
    for again in (pickle.loads(content), copy.copy(tag), copy.deepcopy(tag)):
        assert again == tag
        assert again.context.heading == "7"
        assert dict(again.evidence) == dict(tag.evidence)


def test_evidence_is_a_tuple_of_four_with_a_kind() -> None:
    """As the contract has it: start, end, text, weight; what found it stands beside."""
    span = Evidence(1, 3, "网格", 0.5, "pattern")
    start, end, text, weight = span
    assert (start, end, text, weight) == (1, 3, "网格", 0.5)
    for again in (pickle.loads(pickle.dumps(span)), copy.deepcopy(span)):
        assert (again, again.kind, type(again)) == (span, "pattern", Evidence)
