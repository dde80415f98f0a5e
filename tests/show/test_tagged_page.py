"""The page of tagged reports: complete, self-contained, and inert."""

from __future__ import annotations

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
