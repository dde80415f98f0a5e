"""Stances of sentences: their own words first, then the headings above them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from practicelib.codebook.reading import parse_codebook, read_codebook
from practicelib.practices.gather import gather
from practicelib.practices.profile import profile
from practicelib.practices.stances import Stances, enclosing_titles, stance_names
from practicelib.records.codebook import Codebook
from practicelib.records.practices import Note
from practicelib.text.structure import whole_report
from tests.practices.made import PERSON, report_of

TEXT = """某镇网格工作总结
今年的工作总结如下。
一、主要做法
镇里划分网格六十个。
（一）下一步打算
每个网格配一名网格员。
1. 怎么配
网格员力量不足，从退役军人中招。
二、问题
有的网格三个月没有人走。
要建立打算
"""
BOOK = """
version = "1"
[stances]
planned = ['(将|要)建立']
planned_heading = ['打算$']
lacking = ['不足']
lacking_heading = ['问题$']
[[category]]
key = "grid_management"
zh = "网格"
en = "Grid"
definition = "d"
core_test = "c"
includes = "i"
excludes = "e"
examples = ["e"]
patterns = [['网格', 1.0]]
"""


@pytest.fixture(scope="module")
def book() -> Codebook:
    return parse_codebook(BOOK)


def test_words_first_then_the_nearest_heading(book: Codebook) -> None:
    """A plan holds for sections within its section, and not for words that say otherwise."""
    report = whole_report(TEXT)
    stances = Stances(book)
    found = {s.text: stances.of(report, s) for s in report.sentences}
    assert found["镇里划分网格六十个。"] == ()
    assert found["（一）下一步打算"] == ("planned",)
    assert found["每个网格配一名网格员。"] == ("planned",)
    assert found["1. 怎么配"] == ("planned",)
    assert found["网格员力量不足，从退役军人中招。"] == ("lacking",)
    assert found["有的网格三个月没有人走。"] == ("lacking",)
    assert found["要建立打算"] == ("planned",)


def test_headings_fold_into_their_stance(book: Codebook) -> None:
    """There is no stance of its own for headings, and without patterns there is none."""
    assert stance_names(book) == ("planned", "lacking")
    assert stance_names(replace(book, stances=())) == ()


def test_titles_go_outward(book: Codebook) -> None:
    """From the innermost section to the outermost; neighbours on the same level are left out."""
    report = whole_report(TEXT)
    last = next(s for s in report.sentences if s.text.startswith("网格员力量"))
    assert list(enclosing_titles(report, last)) == ["1. 怎么配", "（一）下一步打算", "一、主要做法"]


def test_only_coded_sentences_are_counted(book: Codebook) -> None:
    """A profile counts stances of sentences with a category."""
    texts = ["标题", "镇里将建立网格。", "镇里将建立议事会。"]
    tagged = report_of(1, [[0] * 4, [0, 1, 0, 0], [0] * 4], texts=texts)
    assert Stances(book).carried(gather(tagged)).tolist() == [[0, 0], [1, 0], [0, 0]]
    found = profile(tagged, codebook=book)
    assert found.stance_names == ("planned", "lacking")
    assert found.stances[0].tolist() == [[0, 0], [1, 0], [0, 0], [0, 0]]


def test_whose_patterns_were_used_is_said(book: Codebook) -> None:
    """None without patterns, and a word where they are not those of the codebook of the codes."""
    tagged = report_of(1, [[0] * 4, [0, 1, 0, 0]], texts=["标题", "镇里将建立网格。"])
    found = profile(tagged, codebook=book)
    assert found.stance_book == book.hash
    assert Note("stances_elsewhere", (book.hash[:12], "book")) in found.notes
    bare = profile(tagged, codebook=replace(book, stances=()))
    assert (bare.stance_names, bare.stance_book) == ((), "")
    assert Note("no_stances") in bare.notes
    own = replace(PERSON, codebook=book.hash)
    same = profile(report_of(1, [[0, 1, 0, 0]], own), codebook=book)
    assert not [n for n in (*same.notes, *profile(tagged).notes) if "stances" in n.key]


def test_shipped_codebook_has_both() -> None:
    """The shipped patterns know planned and lacking."""
    assert stance_names(read_codebook()) == ("planned", "lacking")
