"""The matcher against the slow reference, its offsets, masks, arrays and its cost."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings

from practicelib.codebook.matcher import Matcher, PatternMatch, StanceMatcher, pattern_fault
from practicelib.errors import CodebookError
from practicelib.records.codebook import Category, Codebook, Pattern
from tests.codebook import arrays_engine, reference
from tests.codebook.strategies import CLASS_WORDS, CLASSES, PATTERNS, TEXTS

CONFORMANCE = Path(__file__).parents[2] / "labels" / "patterns-conformance.jsonl"
CASES = [json.loads(line) for line in CONFORMANCE.read_text(encoding="utf-8").splitlines()]


def book(
    *sources: str,
    masks: tuple[str, ...] = (),
    classes: dict[str, tuple[str, ...]] | None = None,
    stances: tuple[tuple[str, tuple[Pattern, ...]], ...] = (),
) -> Codebook:
    category = Category("one", "一", "One", patterns=tuple(Pattern(s) for s in sources))
    return Codebook(
        "1",
        (category,),
        classes=tuple((classes or {}).items()),
        masks=tuple(Pattern(mask) for mask in masks),
        stances=stances,
    )


def spans(matcher: Matcher, text: str, pattern: int = 0) -> list[tuple[int, int]]:
    return [(m.start, m.end) for m in matcher.find(text) if m.pattern == pattern]


@pytest.mark.parametrize("case", CASES, ids=[f"{n}:{c['pattern']}" for n, c in enumerate(CASES, 1)])
def test_conformance_file(case: dict[str, Any]) -> None:
    classes = {name: tuple(words) for name, words in case.get("classes", {}).items()}
    masks = tuple(case.get("masks", ()))
    matcher = Matcher(book(case["pattern"], masks=masks, classes=classes))
    expected = [tuple(span) for span in case["spans"]]
    assert spans(matcher, case["text"]) == expected
    assert arrays_engine.find(matcher.tables, case["text"]).get(0, []) == expected


@settings(max_examples=250)
@given(PATTERNS, PATTERNS, PATTERNS, TEXTS)
def test_equals_the_reference(first: str, second: str, mask: str, text: str) -> None:
    for source in (first, second, mask):
        assume(not pattern_fault(source, CLASS_WORDS))
    assume(first != second)
    matcher = Matcher(book(first, second, masks=(mask,), classes=CLASSES))
    for number, source in enumerate((first, second)):
        assert spans(matcher, text, number) == reference.find(source, text, CLASS_WORDS, (mask,))


@settings(max_examples=200)
@given(PATTERNS, PATTERNS, TEXTS)
def test_tables_give_the_same_matches(source: str, mask: str, text: str) -> None:
    assume(not pattern_fault(source, CLASS_WORDS) and not pattern_fault(mask, CLASS_WORDS))
    matcher = Matcher(book(source, masks=(mask,), classes=CLASSES))
    assert arrays_engine.find(matcher.tables, text).get(0, []) == spans(matcher, text)


@given(PATTERNS, TEXTS)
def test_spans_lie_in_the_original_text_and_apart(source: str, text: str) -> None:
    assume(not pattern_fault(source, CLASS_WORDS))
    found = spans(Matcher(book(source, classes=CLASSES)), text)
    for start, end in found:
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
    assert all(left[1] <= right[0] for left, right in pairwise(found))


@given(PATTERNS, TEXTS)
def test_matrix_row_is_the_patterns_found(source: str, text: str) -> None:
    assume(not pattern_fault(source, CLASS_WORDS))
    matcher = Matcher(book(source, "议", classes=CLASSES))
    found = sorted({match.pattern for match in matcher.find(text)})
    matrix = matcher.matrix(["", text])
    assert matrix.shape == (2, 2)
    assert matrix[[0]].nnz == 0
    assert matrix[[1]].indices.tolist() == found
    assert set(matrix.data.tolist()) <= {1.0}


def test_find_names_category_and_pattern() -> None:
    categories = (
        Category("a", "甲", "A", patterns=(Pattern("网格"), Pattern("议事会"))),
        Category("b", "乙", "B", patterns=(Pattern("网格员"),)),
    )
    matcher = Matcher(Codebook("1", categories))
    assert matcher.names == ("a: 网格", "a: 议事会", "b: 网格员")
    assert matcher.find("（网 格　员）网格") == [
        PatternMatch("a", 0, 1, 4),
        PatternMatch("a", 0, 7, 9),
        PatternMatch("b", 2, 1, 6),
    ]


def test_score_sums_weights_once_a_pattern() -> None:
    patterns = (Pattern("共建", 0.7), Pattern("单位", 0.3), Pattern("招商", -0.8))
    matcher = Matcher(Codebook("1", (Category("a", "甲", "A", patterns=patterns),)))
    texts = ["共建共建单位", "共建单位招商", "无"]
    np.testing.assert_allclose(matcher.score(texts), [[1.0], [0.2], [0.0]])
    assert matcher.assign(texts).tolist() == [[True], [False], [False]]


def test_stances_in_codebook_order() -> None:
    stances = (("planned", (Pattern("下一步"),)), ("lacking", (Pattern("不足"),)))
    matcher = StanceMatcher(book("网格", stances=stances))
    assert matcher.stances("力量不足，下一步补齐") == ("planned", "lacking")
    assert matcher.stances("网格") == ()


def test_traditional_text_is_found_at_its_own_offsets() -> None:
    assert spans(Matcher(book("村民议事会")), "由村民議事會決定") == [(1, 6)]
    assert spans(Matcher(book("村民議事會")), "由村民议事会决定") == [(1, 6)]


def test_all_faulty_patterns_are_named() -> None:
    with pytest.raises(CodebookError) as caught:
        Matcher(book("(网格", "议事会", "<无>", masks=("…3",)))
    assert [fault.value for fault in caught.value.faults] == ["…3", "(网格", "<无>"]


def opcodes(matcher: Matcher, text: str) -> int:
    """Byte-code instructions that the codebook modules run to find the patterns of a text."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        if "codebook" not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    previous = sys.gettrace()
    sys.settrace(trace)
    try:
        matcher.find(text)
    finally:
        sys.settrace(previous)
    return count


@pytest.mark.parametrize("unit", ["民", "民会", "居民议事，", "民民民会a"])
def test_cost_is_linear_in_the_text(unit: str) -> None:
    sources = ("<甲>……60<甲>……60<甲>……60会", "民[…5民]…5民…9会", "民…60民…60民…60a", "^民…9民$")
    matcher = Matcher(book(*sources, masks=("会…9会a",), classes=CLASSES))
    matcher.find(unit * 400)  # what is looked up for the first time is remembered
    costs = [opcodes(matcher, unit * (size // len(unit))) for size in (400, 800, 1600)]
    assert costs[2] - costs[1] < 2.1 * (costs[1] - costs[0])


def test_a_class_without_words_is_a_fault_of_what_uses_it() -> None:
    """As in a model file that was altered; a class that nothing uses does no harm."""
    assert Matcher(book("甲", classes={"空": ()})).names == ("one: 甲",)
    with pytest.raises(CodebookError, match="class <空> has no word"):
        Matcher(book("甲", "<空>乙", classes={"空": ()}))
