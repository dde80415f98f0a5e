"""Normalisation: one to one, reversible by its map, and no more than promised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicelib.text.normalise import normalise

MIXED = st.text(
    st.one_of(st.characters(), st.sampled_from("　 \t\n\u200bＡａ，！ＺİΣς居民")), max_size=40
)


@given(MIXED)
def test_every_character_comes_from_its_position(text: str) -> None:
    normalised = normalise(text)
    assert len(normalised.text) == len(normalised.positions)
    for character, position in zip(normalised.text, normalised.positions, strict=True):
        original = text[position]
        folded = chr(ord(original) - 0xFEE0) if "！" <= original <= "～" else original
        assert character in (folded, folded.lower())
    assert list(normalised.positions) == sorted(set(normalised.positions))


@given(MIXED)
def test_only_white_space_and_zero_width_are_skipped(text: str) -> None:
    kept = set(normalise(text).positions)
    skipped = [c for position, c in enumerate(text) if position not in kept]
    assert all(c.isspace() or c in "\u200b\u200c\u200d\u2060\ufeff" for c in skipped)
    assert not any(c.isspace() for c in normalise(text).text)


@given(MIXED, MIXED)
def test_neighbours_do_not_matter(first: str, second: str) -> None:
    assert normalise(first + second).text == normalise(first).text + normalise(second).text


@given(MIXED)
def test_is_idempotent(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＡＢＣ，１２！", "abc,12!"),
        ("居 民　议\n事会", "居民议事会"),
        ("居\u200b民\u200c议\u200d事\u2060会\ufeff", "居民议事会"),
        ("①㈠㎡½", "①㈠㎡½"),
        ("İΣ", "İσ"),
        ("。、「」", "。、「」"),
        ("", ""),
    ],
)
def test_examples(text: str, expected: str) -> None:
    assert normalise(text).text == expected


def test_original_span_reaches_over_what_was_skipped() -> None:
    normalised = normalise("（居 民）")
    assert normalised.text == "(居民)"
    assert normalised.original_span(1, 3) == (1, 4)
