"""What profiles and comparisons say of themselves: sources of rates, codebooks, and no more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from markupsafe import Markup

from practicelib.codebook.reading import read_codebook
from practicelib.practices.compare import compare
from practicelib.practices.profile import profile
from practicelib.records.practices import Comparison, ErrorRates
from practicelib.show.practice_methods import methods_paragraph
from practicelib.show.practice_words import _content as content
from practicelib.show.practice_words import words
from tests.practices.made import MODEL, report_of, reports_of
from tests.show.conftest import SHARES


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_error_rates_say_where_they_come_from(sampled: Comparison, lang: str) -> None:
    """Beside their table and, where they make the band, in the methods; each source its own."""
    reports, cases = reports_of(SHARES, per_unit=1, coding=MODEL)
    ends = np.tile([0.75, 0.6, 0.9], (4, 1))
    unknown = np.full(4, np.nan)
    stated = ErrorRates(ends, np.tile([0.97, 0.95, 0.99], (4, 1)), "stated", unknown, unknown)
    brought = replace(stated, source="a paper")
    known = words(lang)
    methods = []
    for found, source in (
        (sampled, "sample"),
        (compare(reports, cases=cases), "model"),
        (compare(reports, cases=cases, rates=stated), "stated"),
        (compare(reports, cases=cases, rates=brought), "stated"),
    ):
        page = str(Markup(found.to_html(lang=lang)).unescape())
        said = [s for s in ("sample", "model", "stated") if known[f"errors_from_{s}"] in page]
        assert said == [source]
        methods.append(methods_paragraph(found.profile, found, lang=lang))
    folds = "折外" if lang == "zh" else "out of fold"
    assert [folds in text for text in methods] == [False, True, False, False]
    assert ["60.0–90.0" in text for text in methods] == [False, False, True, True]


def test_no_text_supposes_mechanisms() -> None:
    """A user's codebook may be of anything."""
    for part in ("words", "notes", "methods"):
        for lang, word in (("zh", "机制"), ("en", "mechanism")):
            assert not [key for key, text in content()[lang][part].items() if word in text]


def test_the_page_names_the_codebook_of_stances() -> None:
    """Its hash stands in the note; a page without patterns says that there are none."""
    book = read_codebook()
    tagged = report_of(1, [[0, 1, 0, 0]], texts=["镇里将建立网格。"])
    page = profile(tagged, codebook=book).to_html()
    assert f"按编码本 {book.hash[:12]} 的句式" in page
    assert "取自另一编码本" in page
    bare = profile(tagged, codebook=replace(book, stances=())).to_html(lang="en")
    assert "no patterns of what is planned" in bare
    assert words("en")["stances"] not in bare
