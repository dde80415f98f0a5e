"""Every face of an agreement says whose it is, and nothing in a text can act on it."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from practicelib.labels.consistency import consistency
from practicelib.labels.suspects import suspects
from practicelib.records.agreement import Coefficient, Interval
from practicelib.records.consistency import Consistency
from practicelib.show.consistency_numbers import limits, number, percent, signed
from practicelib.show.consistency_paper import latex_text, paragraph, to_docx, to_latex
from practicelib.show.consistency_suspects import render_suspects, suspects_csv, suspects_json
from practicelib.show.consistency_tables import (
    render_terminal,
    sections,
    to_csv,
    to_json,
    to_markdown,
)
from practicelib.show.consistency_words import WORDS, facts, summary, units, verdict
from practicelib.show.consistency_workbook import to_xlsx
from tests.labels.folders import made_table, noisy_codes

EVIL = "<script>alert(1)</script>|`x`\x1b[31m=1+1"
NOT_PEOPLE = {"zh": "不是人员之间的编码员信度", "en": "not inter-coder reliability of people"}


@pytest.fixture(scope="module")
def result() -> Consistency:
    codes = noisy_codes(240, 3)
    codes = np.stack([codes, noisy_codes(240, 3, error=0.02, seed=0)], axis=2)
    table = made_table(
        codes,
        kind="model pass",
        texts=[f"{EVIL} 第{i}句" for i in range(240)],
        rounds=("1", "2"),
    )
    sentences = tuple(
        replace(s, source="甲" if i < 120 else "乙") for i, s in enumerate(table.sentences)
    )
    return consistency(replace(table, sentences=sentences), resamples=100)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_whose_agreement_it_is_stands_beside_every_figure(result: Consistency, lang: str) -> None:
    faces = [
        render_terminal(result, lang=lang, full=True).replace("\n", "" if lang == "zh" else " "),
        to_markdown(result, lang=lang, full=True),
        result.to_html(lang=lang),
        paragraph(result, lang),
        to_latex(result, lang=lang),
    ]
    for face in faces:
        assert NOT_PEOPLE[lang] in face
    assert json.loads(to_json(result))["statement"].endswith("reliability of people.")
    rows = list(csv.DictReader(io.StringIO(to_csv(result))))
    assert {row["between"] for row in rows} == {"model passes"}
    page = result.to_html(lang=lang)
    tables = page.count("<table")
    assert page.count(NOT_PEOPLE[lang]) >= tables - 2


def test_people_are_called_people() -> None:
    people = consistency(made_table(noisy_codes(60, 2)), details=False, resamples=50)
    assert "人员之间的编码员信度" in render_terminal(people)
    assert "不是" not in render_terminal(people).split("\n")[0]


class _Tags(HTMLParser):
    """Counts what is open and what is left unclosed."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_page_is_whole_and_inert(result: Consistency, tmp_path: Path) -> None:
    page = result.to_html(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page
    parser = _Tags()
    parser.feed(page)
    assert parser.open == []
    assert "script" not in parser.seen
    assert "<script>" not in page
    assert "\x1b" not in page
    assert not re.search(r'(src|href)="(?!#)', page)
    assert "Content-Security-Policy" in page
    assert page.count('class="dispute"') == min(200, len(result.disputes))
    assert page.count("<svg") == 3
    assert "srcdoc" in result._repr_html_()
    assert "1.000" not in page or "nan" not in page.lower()


def test_short_is_short_and_full_is_full(result: Consistency) -> None:
    short, full = render_terminal(result), render_terminal(result, full=True)
    assert len(short.splitlines()) < 20
    assert "AC1" in full
    assert "AC1" not in short
    assert "\x1b" not in short + full
    coloured = render_terminal(result, colour=True)
    assert "\x1b[" in coloured
    english = render_terminal(result, lang="en", columns=60)
    assert all(len(line) <= 60 for line in english.splitlines()[:6])


def test_markdown_is_inert(result: Consistency) -> None:
    text = to_markdown(result, full=True)
    assert "<script>" not in text
    for block in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        widths = {len(re.split(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(widths) == 1


def test_json_has_plain_numbers(result: Consistency) -> None:
    content = json.loads(to_json(result))
    alpha = content["categories"][0]["alpha"]
    assert alpha["value"] == pytest.approx(result.categories[0].alpha.value, abs=1e-6)
    assert alpha["interval"]["low"] == pytest.approx(result.categories[0].alpha.low, abs=1e-6)
    assert content["pairs"][0][0] is None
    assert content["overlap"][0][1] == int(result.overlap[0, 1])
    assert "NaN" not in to_json(result)


def test_csv_and_frame_say_the_same(result: Consistency) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(result))))
    frame = result.to_frame()
    assert len(frame) == len(rows)
    assert frame["value"].dropna().to_list() == pytest.approx(
        [float(row["value"]) for row in rows if row["value"]]
    )
    levels = {row["level"] for row in rows}
    assert levels == {"sets", "category", "coder", "source", "change", "self"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_paragraph_holds_what_a_paper_needs(result: Consistency, lang: str) -> None:
    text = paragraph(result, lang)
    basis = result.basis
    needed = [str(basis.sentences), str(basis.pairable), "95%", "Krippendorff", "Passonneau 2006"]
    needed += [basis.codings_hash[:12], basis.software, number(result.sets[0].value, 2)]
    needed += [number(category.alpha.value, 2) for category in result]
    assert all(part in text for part in needed)


@pytest.fixture(scope="module")
def once() -> Consistency:
    """Forty sentences of four reports coded by two coders, twenty of two more by one alone."""
    codes = np.abs(noisy_codes(60, 2, error=0.1))
    codes[40:, 1] = -1
    return consistency(made_table(codes), resamples=50)


def test_sentences_coded_once_are_named_and_not_counted(once: Consistency) -> None:
    rows = json.loads(to_json(once))
    assert rows["basis"]["n_units"] == 4
    short = render_terminal(once, columns=400)
    assert "60 句，其中 40 句至少有两份编码，其余 20 句只有一份；" in short
    assert "抽样单位 4 篇材料，" in short
    assert "60 sentences, 40 coded at least twice, 20 once;" in to_latex(once, lang="en")
    text = paragraph(once)
    assert "其余 20 句只有一份编码，不计入以下系数与句数" in text
    assert "以整份材料为抽样单位，计 4 篇材料，由" in text
    assert "the other 20 were coded once" in paragraph(once, "en")
    for category in once:
        assert f"至少一份编码编入 {category.sentences} 句" in text
    twice = consistency(made_table(np.abs(noisy_codes(40, 2))), resamples=50)
    for lang, words in (("zh", "只有一份"), ("en", " once")):
        assert words not in facts(twice.basis, lang)
        assert words not in paragraph(twice, lang).replace("at least once", "")


def test_single_sentences_are_named_as_units_only_where_there_are_some(once: Consistency) -> None:
    assert units(once.basis, "zh") == "4 篇材料"
    assert units(once.basis, "en") == "4 reports"
    mixed = replace(once.basis, n_units=9, single_units=5)
    assert units(mixed, "zh") == "9 个（4 篇材料，5 个单句各自为一单位）"
    assert units(mixed, "en") == "9 (4 reports, 5 single sentences by themselves)"
    assert units(replace(once.basis, units="sentence", n_units=40), "zh") == "40 句"


@pytest.mark.parametrize(
    ("lang", "head"), [("zh", ["分歧", "句子"]), ("en", ["disagreement", "sentence"])]
)
def test_headings_say_what_stands_below(once: Consistency, lang: str, head: list[str]) -> None:
    *_, (title, header, rows) = sections(once, lang, full=True)
    assert title.startswith(WORDS[lang]["disputes"])
    assert header[:2] == head
    assert len(rows[0]) == len(header)
    found = [header for title, header, _ in sections(once, lang, full=True) if title]
    assert all(WORDS[lang]["sentences"] not in header for header in found)


def test_workbook_holds_numbers_as_they_are_printed(once: Consistency, tmp_path: Path) -> None:
    import openpyxl
    import pandas

    path = tmp_path / "o.xlsx"
    path.write_bytes(to_xlsx(once))
    book = openpyxl.load_workbook(path)
    category, cells = once.categories[0], dict(zip(*list(book["编码一致性"].rows)[:2], strict=True))
    shown = {head.value: (cell.value, cell.number_format) for head, cell in cells.items()}
    assert shown["α"] == (round(category.alpha.value, 6), "0.000")
    assert shown["百分比一致"] == (round(category.percent.value, 6), "0.0%")
    assert shown["句数"] == (category.sentences, "0")
    assert shown["95% 区间"] == (limits(category.alpha.interval), "General")
    assert shown["类别"] == ("类0", "General")
    sheets = pandas.read_excel(path, sheet_name=None, engine="openpyxl")
    main = sheets["编码一致性"]
    for head in ("α", "正一致", "负一致", "百分比一致", "句数"):
        assert main[head].dtype.kind in "fi"
    disputes = next(frame for name, frame in sheets.items() if "有分歧" in name)
    assert disputes["分歧"].to_list() == pytest.approx([d.disagreement for d in once.disputes[:20]])


def test_workbook_and_tables_for_people_say_the_same(result: Consistency) -> None:
    """Each cell is the printed text, or the number that is printed so."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(result, lang="en")))
    kinds = set()
    for sheet, (_, header, rows) in zip(book, sections(result, "en", full=True), strict=False):
        assert [cell.value or "" for cell in sheet[1]] == header
        for cells, texts in zip(sheet.iter_rows(min_row=2), rows, strict=True):
            for cell, text in zip(cells, texts, strict=True):
                kinds.add(cell.data_type)
                if cell.data_type == "n" and cell.value is not None:
                    share = cell.number_format.endswith("%")
                    printed = float(text.rstrip("%").replace("−", "-")) / (100 if share else 1)
                    assert cell.value == pytest.approx(printed, abs=5.1e-3)
                else:
                    assert (cell.value or "") == text.replace("\x1b", "\ufffd")
                    assert not re.fullmatch(r"[+−-]?[0-9.]+%?", text)
    assert "n" in kinds


def test_figures_are_text_with_a_number() -> None:
    assert (percent(0.9634), percent(float("nan"))) == ("96.3%", "–")
    less, more = signed(-0.25), signed(0.25)
    assert (less, less.value, more, more.value) == ("−0.250", -0.25, "+0.250", 0.25)  # type: ignore[attr-defined]
    assert more.number_format == "+0.000;-0.000;0.000"  # type: ignore[attr-defined]
    assert f"{number(1 / 3)} {copy.deepcopy(number(1 / 3)).value}" == "0.333 0.333333"  # type: ignore[attr-defined]
    assert str(number(-1e-9).value) == "0.0"  # type: ignore[attr-defined]


def test_latex_is_inert() -> None:
    assert latex_text(r"50% & \a_b{#}$^~") == (
        r"50\% \& \textbackslash{}a\_b\{\#\}\$\textasciicircum{}\textasciitilde{}"
    )


def test_word_table_can_be_read_back(result: Consistency) -> None:
    import docx

    document = docx.Document(io.BytesIO(to_docx(result, lang="en")))
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert len(cells) == 1 + len(result.categories)
    assert cells[1][0] == "Class 0"
    assert cells[1][1] == number(result.categories[0].alpha.value, 2)
    assert any(NOT_PEOPLE["en"] in p.text for p in document.paragraphs)


def test_undefined_figures_are_a_dash_with_their_reason() -> None:
    codes = np.zeros((20, 2, 2), np.int8)
    codes[:5, :, 0] = 1
    found = consistency(made_table(codes, per_report=2), resamples=50)
    text = render_terminal(found, full=True, lang="en")
    assert "no variation" in text
    assert "≥" in text
    assert "nan" not in (text + found.to_html()).lower().replace("finance", "")
    assert found.categories[1].positive.reason == "never_coded"


def test_numbers() -> None:
    assert number(float("nan")) == "–"
    assert number(-0.0001) == "0.000"
    assert number(-0.25, 2) == "−0.25"
    assert signed(0.25, 2) == "+0.25"
    assert limits(Interval(0.5, 1.0, "exact"), 2) == "≥ 0.50"
    for low, expected in ((0.8, "reliable"), (0.7, "tentative"), (0.1, "unreliable")):
        alpha = Coefficient("a", 0.9, 0.9, 1, 2, interval=Interval(low, 1.0))
        assert verdict(alpha) == expected


def test_summary_names_the_weakest(result: Consistency) -> None:
    lines = summary(result, "en")
    weakest = min(result, key=lambda category: category.alpha.low)
    assert weakest.en in lines[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_suspects_have_all_faces(lang: str, tmp_path: Path) -> None:
    codes = noisy_codes(80, 3)
    found = suspects(made_table(codes, texts=[f"{EVIL}{chr(0x4E00 + 7 * i)}" for i in range(80)]))
    text = render_suspects(found, lang=lang)
    assert "\x1b" not in text
    page = found.to_html(tmp_path / "s.html", lang=lang)
    assert "<script>" not in page
    assert page.count('class="suspect"') == len(found)
    rows = list(csv.DictReader(io.StringIO(suspects_csv(found))))
    content = json.loads(suspects_json(found))["suspects"]
    assert len(rows) == len(content) == len(found) == len(found.to_frame())
    assert rows[0]["sentence"] == content[0]["sentence"] == found[0].sentence.id
    nothing = suspects(made_table(np.zeros((3, 2, 1), np.int8), texts=["甲", "乙", "丙"]))
    assert len(nothing) == 0
    assert render_suspects(nothing, lang=lang)
    assert "srcdoc" in nothing._repr_html_()
