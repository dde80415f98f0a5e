"""Profiles and comparisons as tables, papers, figures and bundles."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pytest

from practicelib.model.tagger import Tagger
from practicelib.practices.compare import compare
from practicelib.practices.profile import profile
from practicelib.records.practices import Comparison
from practicelib.records.tags import TagBatch, TaggedReport
from practicelib.show import figures_plot
from practicelib.show.beside import coding_differences, coding_matrix, coding_summary
from practicelib.show.practice_bundle import bundle
from practicelib.show.practice_files import FORMATS, render_text, write_file
from practicelib.show.practice_methods import methods_paragraph
from practicelib.show.practice_page import page_script
from practicelib.show.practice_paper import tex, to_docx, to_latex
from practicelib.show.practice_rows import COLUMNS, profile_csv, to_json
from practicelib.show.practice_words import _content as content
from practicelib.show.practice_words import all_notes, words
from practicelib.text.structure import whole_report
from tests.practices.made import MODEL, PERSON, full_sample, report_of, reports_of
from tests.show.conftest import SHARES


def test_rows_agree_with_the_record(sampled: Comparison) -> None:
    """CSV holds every unit, category, measure and kind; numbers are the record's."""
    rows = list(csv.DictReader(io.StringIO(profile_csv(sampled.profile))))
    assert list(rows[0]) == list(COLUMNS)
    kinds = {(row["measure"], row["figures"]) for row in rows}
    assert kinds == {
        ("sentences", "raw"),
        ("sentences", "corrected"),
        ("sentences", "adjusted"),
        ("coded", "raw"),
        ("coded", "corrected"),
        ("present", "raw"),
    }
    assert len(rows) == 2 * 4 * len(kinds)
    first = sampled.profile.table("sentences").raw
    assert float(rows[0]["value"]) == pytest.approx(first.value[0, 0], abs=1e-6)
    assert all("reported emphasis" in row["what"] for row in rows)


def test_frames(person: Comparison) -> None:
    """Data frames of both records."""
    assert list(person.profile.to_frame().columns) == list(COLUMNS)
    frame = person.to_frame()
    assert len(frame) == 4
    assert frame["difference"].iloc[0] == pytest.approx(person.differences.value[0, 0], abs=1e-6)


def test_counted_figures_have_no_ends(person: Comparison) -> None:
    """An interval of no width would look like certainty; the reason stands beside."""
    rows = list(csv.DictReader(io.StringIO(profile_csv(person.profile))))
    assert {(row["low"], row["high"], row["why_missing"]) for row in rows} == {
        ("", "", "counted_not_sampled")
    }
    assert all(row["value"] for row in rows)
    data = json.loads(to_json(person.profile, person))
    assert {(row["low"], row["high"]) for row in data["differences"]} == {(None, None)}


@pytest.mark.parametrize("estimand", ["these", "like-these"])
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_nothing_is_missing_without_a_reason(estimand: str, share: float) -> None:
    """Also where no sampled sentence was coded, or every one."""
    reports, cases = reports_of(SHARES, per_unit=2, coding=MODEL)
    codes = np.full((sum(map(len, reports)), 4), share)
    sample = full_sample(reports, codes)
    found = profile(reports, cases, validation=sample, estimand=estimand)  # type: ignore[arg-type]
    rows = list(csv.DictReader(io.StringIO(profile_csv(found))))
    bare = [row for row in rows if not (row["value"] and row["low"] and row["high"])]
    assert bare
    assert all(row["why_missing"] for row in bare), bare


def test_json_is_plain_and_says_why(person: Comparison) -> None:
    """No NaN; what is missing is null with its reason; differences and words are there."""
    text = to_json(person.profile, person)
    assert "NaN" not in text
    data = json.loads(text)
    assert data["settings"]["estimand"] == "these"
    assert len(data["differences"]) == 4
    reports, _ = reports_of(SHARES, per_unit=1)
    alone = json.loads(to_json(profile(reports, estimand="like-these")))
    assert {row["why_missing"] for row in alone["shares"]} == {"one_report"}
    assert all(row["low"] is None for row in alone["shares"])


def test_workbook(sampled: Comparison, tmp_path: Path) -> None:
    """One sheet a view; text that looks like a formula stays text."""
    path = tmp_path / "c.xlsx"
    write_file(sampled, path, "xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["shares", "differences", "words", "sentences", "notes"]
    assert book["shares"].max_row == 1 + 2 * 4 * (6 + 1)
    assert "表述重点" in book["notes"]["A2"].value


def test_three_line_table_in_word(sampled: Comparison) -> None:
    """Thick rules above and below, a thin one under the header, none beside or between."""
    archive = zipfile.ZipFile(io.BytesIO(to_docx(sampled.profile, sampled)))
    root = ElementTree.fromstring(archive.read("word/document.xml"))
    space = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
    value = f"{{{space['w']}}}"
    tables = root.findall(".//w:tbl", space)
    assert len(tables) == 3
    rows = tables[0].findall("w:tr", space)

    def edges(row: ElementTree.Element) -> dict[str, str]:
        found = {}
        for line in row.findall("w:tc", space)[0].findall(".//w:tcBorders/*", space):
            found[line.tag.removeprefix(value)] = line.get(f"{value}sz", "")
        return found

    assert edges(rows[0]) == {"top": "12", "bottom": "6"}
    assert edges(rows[-1]) == {"bottom": "12"}
    assert all(edges(row) == {} for row in rows[1:-1])
    text = "".join(root.itertext())
    assert "表 1" in text
    assert "不是实际做了什么" in text
    assert "概率抽样" in text


def test_latex_escapes_everything(person: Comparison) -> None:
    """Rules of booktabs; characters that LaTeX acts on are literal."""
    assert tex("50% & a_b {x} \\ $ # ~ ^") == (
        r"50\% \& a\_b \{x\} \textbackslash{} \$ \# \textasciitilde{} \textasciicircum{}"
    )
    text = to_latex(person.profile, person, "en")
    assert text.count(r"\toprule") == text.count(r"\bottomrule") == 2
    body = re.findall(r"\\midrule\n(.*?)\n\\bottomrule", text, re.S)[0]
    header = re.search(r"\\toprule\n(.*?) \\\\", text)
    assert header is not None
    assert all(line.count(" & ") == header[1].count(" & ") for line in body.splitlines())


def test_methods_say_what_was_done_and_no_more(person: Comparison, sampled: Comparison) -> None:
    """Both languages; correction is claimed only where there was a sample."""
    for comparison in (person, sampled):
        for lang in ("zh", "en"):
            text = methods_paragraph(comparison.profile, comparison, lang=lang)
            corrected = "Egami" in text
            assert corrected == (comparison is sampled)
            assert "{" not in text
    english = methods_paragraph(sampled.profile, sampled, lang="en")
    assert "8 reports of 2 units" in english
    assert "standardised directly by year" in english
    assert "census" in methods_paragraph(person.profile, person, lang="en")


def test_notes_are_worded_in_both_languages(person: Comparison, sampled: Comparison) -> None:
    """Every key of words, notes, reasons and methods has both languages."""
    for part in ("words", "columns", "reasons", "notes", "methods"):
        assert set(content()["zh"][part]) == set(content()["en"][part])
    assert all(all_notes(c.profile, c, lang) for c in (person, sampled) for lang in ("zh", "en"))


def test_page_without_a_browser(person: Comparison, tmp_path: Path) -> None:
    """Written as returned; only the page's own script may run; no address outside the page."""
    page = person.to_html(tmp_path / "c.html", lang="en")
    assert (tmp_path / "c.html").read_text(encoding="utf-8") == page
    script, source = page_script()
    assert f"<script>{script}</script>" in page
    assert source.replace("'", "&#39;") in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert words("en")["emphasis"] in page
    assert "reported emphasis" in person.profile.to_html(lang="en")
    assert "srcdoc" in person._repr_html_()
    assert "srcdoc" in person.profile._repr_html_()


@pytest.mark.parametrize(
    ("by", "chinese", "english"),
    [
        ("unit", "单位", "Unit"),
        ("year", "年份", "Year"),
        (("unit", "year"), "单位 · 年份", "Unit · Year"),
    ],
)
def test_tables_are_headed_by_what_is_compared(
    by: str | tuple[str, ...], chinese: str, english: str
) -> None:
    """On the page and in papers."""
    reports, cases = reports_of(SHARES, per_unit=2)
    found = compare(reports, cases=cases, by=by)
    for lang, heading in (("zh", chinese), ("en", english)):
        assert (
            re.findall(r'<tr><th class="unit">(.*?)</th>', found.to_html(lang=lang))
            == [heading] * 3
        )
        assert f"\n{heading} & " in to_latex(found.profile, found, lang)


def test_two_codings_side_by_side() -> None:
    """Counts of both, and every sentence that differs with what differs."""
    rows = [[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]]
    here = profile(report_of(1, rows, PERSON))
    there = profile(report_of(1, [rows[0], [1, 1, 0, 0], [0, 0, 0, 0]], MODEL))
    assert coding_matrix(here, there)[0] == [(1, 1), (1, 1), (0, 0), (0, 0)]
    found = coding_differences(here, there, "en")
    assert [row["id"] for row in found] == ["r0s1", "r0s2"]
    assert found[0]["here"] == []
    assert found[0]["there"][0].startswith("Grid management 0.")
    assert found[1]["here"][0].startswith("Grid management 0.0")
    summary = coding_summary(here, there, "sentences")
    assert [row["only"] for row in summary] == [(0, 0), (1, 1), (0, 0), (0, 0)]
    assert summary[0]["largest"] == (here.units[0].name, there.units[0].name)
    assert summary[3]["largest"] == ("", "")
    assert {word for row in found for word in row["words"]} == set()
    page = here.to_html(beside=there)
    assert words("zh")["beside"] in page
    assert words("zh")["beside_explained"].format(n=3, m=2) in page
    with pytest.raises(ValueError, match="not a sentence of the other"):
        coding_differences(here, profile(report_of(2, rows[:2], MODEL)), "en")


def test_words_behind_a_difference(tagger: Tagger) -> None:
    """What a model added is explained by its own words, whichever side it stands on."""
    text = "今年的工作\n网格员每天走访责任片区，发现问题及时上报。\n全年实现工业产值12亿元。\n"
    tagged = tagger.tag_report(whole_report(text))
    assert tagged.assigned[1].any()
    other = replace(tagged.tags.coding, kind="person", name="labels")
    nothing = np.zeros_like(tagged.assigned)
    none = TagBatch(tagged.tags.texts, tagged.tags.probabilities, nothing, nothing, other)
    model, person = profile(tagged), profile(TaggedReport(tagged.report, none))
    for here, there, side in ((model, person, "here"), (person, model, "there")):
        (row,) = coding_differences(here, there, "zh")
        assert row[side]
        assert row["words"]
        assert all(len(word) > 1 and word in row["text"] for word in row["words"])


def test_page_and_json_say_who_leads(sampled: Comparison) -> None:
    """Every category has its leader, the next one and a verdict, in page and JSON alike."""
    page = sampled.to_html()
    known = words("zh")
    found = json.loads(to_json(sampled.profile, sampled))["leaders"]
    assert [row["category"] for row in found] == list(sampled.profile.categories)
    assert known["leaders"] in page
    for row in found:
        assert known[f"leads_{row['verdict']}"] in page
        assert row["share"] >= row["next_share"]
        if row["difference_low"] is not None:
            assert (row["difference_low"] > 0) == (row["verdict"] == "apart")


def test_bundle_holds_hashes_and_can_leave_text_out(sampled: Comparison) -> None:
    """Same bytes twice; every hash is right; without text no sentence is in it."""
    content = bundle(sampled)
    assert content == bundle(sampled)
    archive = zipfile.ZipFile(io.BytesIO(content))
    manifest = json.loads(archive.read("manifest.json"))
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    assert manifest["settings"]["seed"] == 0
    assert manifest["packages"]["numpy"]
    sentence = sampled.profile.reports[0].report.sentences[1].text
    assert sentence in archive.read("codes.csv").decode("utf-8")
    bare = zipfile.ZipFile(io.BytesIO(bundle(sampled, with_text=False)))
    assert all(sentence not in bare.read(name).decode("utf-8") for name in bare.namelist())
    codes = list(csv.DictReader(io.StringIO(bare.read("codes.csv").decode("utf-8"))))
    assert len(codes) == 240
    assert codes[1]["sha256"] == hashlib.sha256(sentence.encode()).hexdigest()


def test_bundle_lists_every_text_of_a_name() -> None:
    """Two files of one name in two folders, and one file that holds two reports."""
    reports = [report_of(number, [[1, 0, 0, 0], [0, 0, 0, 0]]) for number in range(3)]
    places = ("a/report.txt", "b/report.txt", "c/other.txt")
    named = [
        replace(t, report=replace(t.report, source=replace(t.report.source, file=file)))
        for t, file in zip(reports, places, strict=True)
    ]
    content = bundle(compare([*named, named[2]]))
    rows = zipfile.ZipFile(io.BytesIO(content)).read("texts.csv").decode("utf-8").splitlines()[1:]
    expected = {
        (t.report.source.file.split("/")[1], hashlib.sha256(t.report.text.encode()).hexdigest())
        for t in named
    }
    assert len(rows) == len(expected) == 3
    assert {(row.split(",")[0], row.split(",")[2]) for row in rows} == expected


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format(sampled: Comparison, tmp_path: Path, format_: str) -> None:
    """Each format that the command offers is written and not empty."""
    if format_ in ("html", "csv", "json", "tex"):
        assert len(render_text(sampled, format_)) > 500
        return
    if format_ == "png" and not figures_plot.chinese_font():
        pytest.skip("no Chinese font is installed")
    path = tmp_path / f"new/c.{format_}"
    write_file(sampled, path, format_)
    assert path.stat().st_size > 1000
