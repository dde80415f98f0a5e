"""The page of tagged reports: complete, self-contained, and inert."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from practicelib.model.tagger import Tagger
from practicelib.show.tagged_page import tagged_page
from practicelib.show.tagged_table import render_table
from practicelib.show.terminal import fit, safe, width, wrap
from practicelib.text.reading import read_report, read_reports


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(page: str) -> _Text:
    parser = _Text()
    parser.feed(page)
    return parser


def test_page_shows_every_sentence_with_evidence(
    tagger: Tagger, seed_path: Path, tmp_path: Path
) -> None:
    """All sentences in order, categories as chips, evidence underlined, no outside link."""
    reports = [tagger.tag_report(report) for report in read_reports(seed_path)]
    page = tagged_page(reports, tmp_path / "p.html")
    assert (tmp_path / "p.html").read_text(encoding="utf-8") == page
    found = parsed(page)
    position = 0
    for tagged in reports:
        for sentence in tagged.report.sentences:
            position = found.text.index(sentence.text, position) + 1
    assert found.tags.count("u") > 50
    assert all(link.startswith("#") for link in found.links)
    assert reports[1].to_html() == tagged_page([reports[1]])
    assert "srcdoc" in reports[1]._repr_html_()


CHIP = re.compile(r'<span class="chip k\d (sure|unsure|near)">(.*?)\d\.\d\d</span>')


@pytest.mark.parametrize(
    ("lang", "unsure", "near"), [("zh", "存疑", "未归入"), ("en", "uncertain", "not assigned")]
)
def test_chips_add_up_to_the_counts(
    tagger: Tagger, seed_path: Path, lang: str, unsure: str, near: str
) -> None:
    """What is assigned is told from what is only near it by words and brackets, not by colour."""
    reports = [tagger.tag_report(report) for report in read_reports(seed_path)]
    page = tagged_page(reports, lang=lang)
    found: dict[str, list[str]] = {"sure": [], "unsure": [], "near": []}
    for state, shown in CHIP.findall(page):
        found[state].append(shown)
    assert all(found.values())
    counted = sum(int(tagged.assigned.sum()) for tagged in reports)
    assert len(found["sure"]) + len(found["unsure"]) == counted
    doubtful = sum(len(tags.uncertain) for tagged in reports for _, tags in tagged)
    assert len(found["unsure"]) + len(found["near"]) == doubtful
    assert not any("?" in shown or "(" in shown for shown in found["sure"])
    said = f'<span class="said"> {unsure}</span>'
    assert all(re.fullmatch(rf"[^()]+\?{said} ", shown) for shown in found["unsure"])
    said = f'<span class="said">{near} </span>'
    assert all(re.fullmatch(rf"{said}\([^()]+\?\) ", shown) for shown in found["near"])


def test_the_legend_says_what_each_mark_means(tagger: Tagger, seed_path: Path) -> None:
    """In both languages, and without a word that only the shipped codebook's categories bear."""
    tagged = tagger.tag_report(read_reports(seed_path)[1])
    for lang, words in (
        ("zh", ("已归入，计入", "已归入但存疑", "未归入，但概率接近")),
        ("en", ("assigned, counted", "assigned but uncertain", "not assigned, but near")),
    ):
        legend = tagged_page([tagged], lang=lang).split('<ul class="key', 1)[1].split("</ul>")[0]
        assert all(word in item for word, item in zip(words, legend.split("<li>")[1:], strict=True))
    page = tagged.to_html()
    assert "机制" not in page[: page.index("<section")]


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)//网格员",
    "<!--网格--><iframe src=//x>",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text(tagger: Tagger, tmp_path: Path, hostile: str) -> None:
    """Titles, units and sentences are escaped; no element of theirs appears."""
    file = tmp_path / "r.txt"
    file.write_text(f"{hostile}\n网格员{hostile}每天巡查。\n", encoding="utf-8")
    page = tagged_page([tagger.tag_report(read_report(file))])
    found = parsed(page)
    assert not {"script", "img", "svg", "iframe"} & set(found.tags)
    assert hostile in found.text


def test_controls_do_not_steer_the_terminal(tagger: Tagger, tmp_path: Path) -> None:
    """Escape sequences and direction marks in a report are shown, not obeyed."""
    file = tmp_path / "r.txt"
    file.write_text("网格员\x1b[2J巡查\u202e。\n", encoding="utf-8")
    lines = "\n".join(render_table(tagger.tag_report(read_report(file))))
    assert "\x1b" not in lines
    assert "\u202e" not in lines
    assert safe("a\x1b[31mb") == "a\ufffd[31mb"


def test_columns_of_wide_text() -> None:
    """Chinese takes two columns; cutting and wrapping never exceed the room."""
    assert width("网格A") == 5
    assert fit("网格员每天", 5) == "网格…"
    assert width(fit("网", 6)) == 6
    assert all(width(line) <= 7 for line in wrap("网格员每天巡查ab", 7))
    assert "".join(wrap("网格员每天巡查ab", 7)) == "网格员每天巡查ab"
