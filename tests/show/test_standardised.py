"""Standardised shares: figures of their own in every output, and what they rest on."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pytest

from practicelib.practices.compare import compare
from practicelib.records.cases import CaseTable
from practicelib.records.practices import Comparison
from practicelib.show.practice_bundle import bundle
from practicelib.show.practice_files import render_text, write_file
from practicelib.show.practice_methods import methods_paragraph
from practicelib.show.practice_paper import paper_tables, to_docx, to_latex
from practicelib.show.practice_rows import profile_csv, to_json
from practicelib.show.practice_words import all_notes
from tests.practices.made import case_of, report_of

WITH, WITHOUT = [1, 0, 0, 0], [0, 0, 0, 0]
# Unit, year, sentences, and how many of them have the first category. 乙 has no 2019, 甲 no 2021.
MAKEUP = (("甲", "2019", 10, 9), ("甲", "2020", 4, 2), ("乙", "2020", 8, 2), ("乙", "2021", 6, 0))


def compared(
    adjust: str = "year", makeup: tuple[tuple[str, str, int, int], ...] = MAKEUP
) -> Comparison:
    """Two units whose reports are of different years."""
    reports, cases = [], []
    for number, (unit, year, size, hits) in enumerate(makeup):
        tagged = report_of(number, [WITH] * hits + [WITHOUT] * (size - hits))
        reports.append(tagged)
        cases.append(case_of(tagged, unit=unit, year=year))
    return compare(reports, cases=CaseTable(tuple(cases)), adjust=adjust)


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compared()


def rows_of(text: str, figures: str) -> list[dict[str, str]]:
    """Rows of one kind of figures."""
    return [row for row in csv.DictReader(io.StringIO(text)) if row["figures"] == figures]


def test_the_years_that_both_have_are_used_and_told(found: Comparison) -> None:
    """What is kept and dropped, by hand."""
    strata = found.strata
    assert strata is not None
    assert (strata.column, strata.used, strata.dropped) == ("year", ("2020",), ("2019", "2021"))
    assert strata.kept.tolist() == [4, 8]
    assert found.standardised is not None
    assert found.standardised.value[:, 0] == pytest.approx([0.5, 0.25])


def test_a_value_whose_sentences_all_are_left_out_is_not_shared() -> None:
    """Without a sentence that counts there is nothing to standardise by."""
    reports = [report_of(n, [WITHOUT] + [WITH] * (n != 1)) for n in range(4)]
    years = ("2019", "2020", "2019", "2020")
    cases = CaseTable(
        tuple(case_of(t, unit="甲甲乙乙"[n], year=years[n]) for n, t in enumerate(reports))
    )
    found = compare(reports, cases=cases, adjust="year", headings="without")
    assert found.strata is not None
    assert (found.strata.used, found.strata.dropped) == (("2019",), ("2020",))
    assert found.standardised is not None
    assert np.isfinite(found.standardised.value).all()


def test_rows_have_standardised_figures(found: Comparison) -> None:
    """In CSV of the command, sheet, bundle and JSON alike; none without --adjust."""
    text = render_text(found, "csv")
    rows = rows_of(text, "standardised")
    assert [(row["unit"], row["value"], row["sentences"]) for row in rows[::4]] == [
        ("甲", "0.5", "4"),
        ("乙", "0.25", "8"),
    ]
    assert {row["measure"] for row in rows} == {"sentences"}
    assert {row["count"] for row in rows} == {""}
    assert rows_of(text, "raw") == rows_of(render_text(compared(""), "csv"), "raw")
    assert not rows_of(render_text(compared(""), "csv"), "standardised")
    inside = zipfile.ZipFile(io.BytesIO(bundle(found))).read("shares.csv").decode("utf-8")
    assert rows_of(inside, "standardised") == rows
    data = json.loads(to_json(found.profile, found))
    assert sum(row["figures"] == "standardised" for row in data["shares"]) == len(rows) == 8
    assert data["strata"] == {
        "column": "year",
        "measure": "sentences",
        "used": ["2020"],
        "dropped": ["2019", "2021"],
        "kept": {"甲": 4, "乙": 8},
    }


def test_the_workbook_has_them_and_says_what_they_rest_on(
    found: Comparison, tmp_path: Path
) -> None:
    """Rows of the sheet of shares, and both notes."""
    write_file(found, tmp_path / "c.xlsx", "xlsx")
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    column = [cell.value for cell in book["shares"]["F"]]
    assert column.count("standardised") == 8
    notes = "\n".join(str(cell.value) for cell in book["notes"]["A"])
    assert "甲 4/14、乙 8/14" in notes
    assert "figures = standardised" in notes


def test_papers_have_a_table_of_them(found: Comparison) -> None:
    """Word and LaTeX, with the sentences kept; without --adjust there is none."""
    caption, header, rows = paper_tables(found.profile, found, "zh")[1]
    assert "标准化" in caption and "年份" in caption and "占全部句子" in caption
    assert [row[:4] for row in rows] == [["甲", "4", "14", "50.0%"], ["乙", "8", "14", "25.0%"]]
    assert len(header) == len(rows[0])
    plain = compared("")
    assert len(paper_tables(plain.profile, plain, "zh")) == 2
    latex = to_latex(found.profile, found)
    assert r"甲 & 4 & 14 & 50.0\%" in latex
    document = zipfile.ZipFile(io.BytesIO(to_docx(found.profile, found)))
    text = "".join(ElementTree.fromstring(document.read("word/document.xml")).itertext())
    assert caption in text
    for output in (latex, text):
        assert "只用各单位都有的年份取值：2020；有单位没有的 2019、2021 未计入" in output


def test_the_page_has_them_before_the_leaders(found: Comparison) -> None:
    """With a way to them at the top, and the sentences kept beside each unit."""
    page = found.to_html()
    assert page.index('href="#standardised"') < page.index('id="standardised"')
    assert page.index('id="standardised"') < page.index('id="leaders"')
    assert '<td class="number">4/14</td>' in page
    assert 'id="standardised"' not in compared("").to_html()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_says_what_is_standardised_and_what_is_not(found: Comparison, lang: str) -> None:
    """The measure, the column in the reader's language, and that all the rest is as it was."""
    said = " ".join(
        [*all_notes(found.profile, found, lang), methods_paragraph(found.profile, found, lang=lang)]
    )
    assert ("2019、2021" if lang == "zh" else "2019, 2021") in said
    if lang == "zh":
        assert "按年份直接标准化" in said
        assert "year" not in said
        assert "未标准化" in said
    else:
        assert "standardised directly by year" in said
        assert "are not standardised" in said
    assert not compared("").strata
    assert "tandardised" not in methods_paragraph(found.profile, compared(""), lang="en")


def test_all_values_shared_is_said_without_a_loss() -> None:
    """Nothing is called dropped where nothing was."""
    whole = compared(makeup=tuple((u, "2020", size, hits) for u, _, size, hits in MAKEUP))
    english = all_notes(whole.profile, whole, "en")[-1]
    assert "all values of year (2020)" in english
    assert "left out" not in methods_paragraph(whole.profile, whole, lang="en")


def test_nothing_shared_is_no_standardisation() -> None:
    """No text claims one; figures are empty with the reason beside them."""
    apart = compared("title")
    rows = rows_of(profile_csv(apart.profile, apart), "standardised")
    assert {(row["value"], row["why_missing"]) for row in rows} == {("", "no_overlap")}
    said = methods_paragraph(apart.profile, apart, lang="en")
    assert "could not be standardised" in said
    assert "were also standardised" not in said
    assert "没有哪个标题取值" in all_notes(apart.profile, apart, "zh")[-1]
