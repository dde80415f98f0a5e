"""Texts joined as code points: the same texts, and the same scores."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicelib.model.joined import JoinedTexts
from practicelib.model.tagger import Tagger

TEXTS = st.lists(st.text(st.characters(), max_size=12), max_size=6)


@given(texts=TEXTS)
def test_the_same_texts(texts: list[str]) -> None:
    """Also empty ones, rare characters and lone surrogates, and after the way to a worker."""
    joined = pickle.loads(pickle.dumps(JoinedTexts.of(texts)))
    assert list(joined) == texts
    assert joined[1:4] == texts[1:4]
    assert joined.size == sum(map(len, texts)) == len(joined.codes)


@given(texts=st.lists(st.text(max_size=12), max_size=6))
def test_lines(texts: list[str]) -> None:
    """Lines of UTF-8 are those that splitting gives, without the ends of lines."""
    content = "\n".join(texts).encode()
    joined = JoinedTexts.lines(content)
    expected = content.decode().split("\n")
    assert list(joined) == expected and len(joined) == len(expected)
    assert joined[0:2] == expected[0:2] and joined[-1] == expected[-1]


def test_iteration_does_not_work_out_all_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Done for each text, it would make the time grow with the square of their number."""
    joined = JoinedTexts.lines("一\n二三\n\n四".encode())

    def starts(_: JoinedTexts) -> None:
        raise AssertionError("worked out")

    monkeypatch.setattr(JoinedTexts, "starts", property(starts))
    assert list(joined) == ["一", "二三", "", "四"] == joined[:] == joined[::-1][::-1]
    assert (joined[-1], joined[np.int64(1)]) == ("四", "二三")
    for place in (4, -5):
        with pytest.raises(IndexError):
            joined[place]


def test_lines_that_are_not_utf8() -> None:
    with pytest.raises(UnicodeDecodeError):
        JoinedTexts.lines(b"\xe7\xbd")


def test_two_bytes_where_they_are_enough() -> None:
    assert len(pickle.dumps(JoinedTexts.of(["网格" * 500]))) < 2500
    assert list(JoinedTexts.of(["网格", "𠀀", "\ud840\udc00"])) == ["网格", "𠀀", "\ud840\udc00"]


@pytest.mark.parametrize("engine", ["pure", "compiled"])
def test_the_same_scores(tagger: Tagger, engine: str) -> None:
    """By either engine, Traditional characters included, to the last bit."""
    if engine == "compiled":
        pytest.importorskip("numba")
    texts = ["网格员每天入户走访", "", "黨建引領，共治共享", "居民议事会𠀀协商", "\ud800"]
    own = tagger.with_engine(engine)
    np.testing.assert_array_equal(
        own.predict_proba(JoinedTexts.of(texts)), own.predict_proba(texts)
    )
    np.testing.assert_array_equal(
        own.predict_proba(JoinedTexts.lines("\n".join(texts[:-1]).encode())),
        own.predict_proba(texts[:-1]),
    )
