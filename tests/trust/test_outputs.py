"""What is written does nothing: no formula in a table, no script in a page, no steered terminal."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from practicelib.errors import Fault, ReportError
from practicelib.files.tables import FORMULA_STARTS, read_csv, write_csv
from practicelib.files.xlsx import write_xlsx
from practicelib.model.tagger import Tagger
from practicelib.records.tags import TaggedReport
from practicelib.show.tagged_page import tagged_page
from practicelib.show.tagged_rows import to_csv, to_jsonl
from practicelib.show.tagged_table import render_table
from practicelib.text.structure import whole_report
from tests.browser.chromium import Page, find_chromium

FORMULAS = [
    f"{start}{rest}"
    for start in ("=", "+", "-", "@", "\t=", "\r=", "\0=", "＝", "＋", "－", "＠")
    for rest in ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x.cn","点我")')
]
SCRIPTS = [
    "<script>window.owned=1</script>",
    "<img src=x onerror=window.owned=1>",
    '"><svg onload=window.owned=1>',
    "'><iframe srcdoc='<script>parent.owned=1</script>'></iframe>",
    "</title></style><script>window.owned=1</script>",
    "</textarea><body onload=window.owned=1>",
    "<a href='javascript:window.owned=1' id=link>点我</a>",
    "<math><mtext><script>window.owned=1</script></mtext></math>",
    "<style>@import 'http://x.cn/a.css';</style>",
    "<base href='http://x.cn/'><form action='/x'><button>提交</button></form>",
    "<meta http-equiv=refresh content='0;url=http://x.cn'>",
    "<link rel=stylesheet href=http://x.cn/a.css>",
    "<object data=http://x.cn/a.swf></object>",
    "{{ 7*7 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "&lt;script&gt;window.owned=1&lt;/script&gt;",
    "<scr\0ipt>window.owned=1</scr\0ipt>",
    "＜script＞window.owned=1＜/script＞",
    "\u2028<script>window.owned=1</script>",
    "<!--><script>window.owned=1</script>",
    "]]><script>window.owned=1</script>",
    "${window.owned=1}`;window.owned=1;`",
    "\\u003cscript\\u003ewindow.owned=1\\u003c/script\\u003e",
    "<details open ontoggle=window.owned=1>",
    "<input autofocus onfocus=window.owned=1>",
]
ESCAPES = [
    "\x1b[2J\x1b[H", "\x1b]0;title\x07", "\x1b]8;;http://x.cn\x07点\x1b]8;;\x07", "\x9b31m",
    "\x1bP+q544e\x1b\\", "\x08\x08\x08", "\r假", "\x7f", "\u202e倒\u202c", "\u2066甲\u2069",
    "\x1b[6n",
]  # fmt: skip
PROGRAM = find_chromium()


def tagged_of(tagger: Tagger, texts: list[str]) -> TaggedReport:
    """A report in which every hostile text is a sentence, its title and its unit."""
    body = "\n".join(f"居民议事会{text}网格员。" for text in texts)
    return tagger.tag_report(whole_report(f"{texts[0]}\n某县{texts[1]}\n{body}"))


@pytest.mark.parametrize("text", FORMULAS)
def test_no_table_holds_a_formula(tmp_path: Path, text: str) -> None:
    """In CSV no cell begins as a formula, in XLSX every cell is text; both give the text back."""
    write_csv(tmp_path / "t.csv", ["text"], [[text]])
    raw = (tmp_path / "t.csv").read_bytes().decode("utf-8-sig")
    (cell,) = list(csv.reader(io.StringIO(raw, newline="")))[1]
    assert cell[0] not in FORMULA_STARTS
    assert read_csv(tmp_path / "t.csv")[0][1]["text"] == text
    write_xlsx(tmp_path / "t.xlsx", {"表": (["text"], [[text]])})
    found = openpyxl.load_workbook(tmp_path / "t.xlsx")["表"]["A2"]
    assert found.data_type == "s"
    assert found.value == text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def test_tags_of_hostile_sentences(tagger: Tagger) -> None:
    """CSV of tags has no formula, JSONL gives every text back."""
    tagged = tagger.tag_report(whole_report("\n".join(text.strip() for text in FORMULAS)))
    rows = list(csv.reader(io.StringIO(to_csv([tagged]).removeprefix("\ufeff"), newline="")))
    assert not [c for row in rows for c in row if c[:1] in FORMULA_STARTS and not _number(c)]
    lines = to_jsonl([tagged]).splitlines()
    assert [json.loads(line)["text"] for line in lines] == [
        sentence.text for sentence in tagged.report.sentences
    ]


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("text", ESCAPES)
def test_no_terminal_is_steered(tagger: Tagger, text: str) -> None:
    """Neither the table of tags nor a fault writes a control or direction mark."""
    tagged = tagged_of(tagger, [text, text])
    for colour in (False, True):
        shown = "\n".join(render_table(tagged, lang="zh", columns=100, colour=colour))
        plain = shown.replace("\x1b[", "", shown.count("\x1b[")) if colour else shown
        assert "\x1b" not in plain
        assert not set("\x07\x08\x7f\x9b\r\u202e\u2066") & set(shown)
    error = ReportError([Fault("cause" + text, f"file{text}.txt", 1, text)])
    assert str(error).isprintable()


def test_no_log_line_steers_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """File names in log lines are shown, not obeyed."""
    from practicelib.cli.main import main

    file = tmp_path / "a\x1b[31mb.txt"
    file.write_text("居民议事会每月召开一次。", encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["tag", "-v", str(file), "-o", str(tmp_path / "out.csv")])
    assert "\x1b" not in capsys.readouterr().err


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One browser for all pages."""
    if PROGRAM is None:
        pytest.skip("no Chromium is installed")
    with Page(PROGRAM, tmp_path_factory.mktemp("profile")) as page:
        yield page


def _opened(browser: Page, file: Path) -> None:
    browser.errors.clear()
    browser.requests.clear()
    browser.call("Page.navigate", url=file.as_uri())
    limit = time.monotonic() + 60
    ready = f"location.href === {json.dumps(file.as_uri())} && document.readyState === 'complete'"
    while not browser.run(ready):
        assert time.monotonic() < limit


def test_no_script_runs_in_a_page(browser: Page, tagger: Tagger, tmp_path: Path) -> None:
    """In a real browser: nothing runs, nothing is fetched, the text is shown as it is."""
    file = tmp_path / "page.html"
    file.write_text(tagged_page([tagged_of(tagger, SCRIPTS)], lang="zh"), encoding="utf-8")
    _opened(browser, file)
    assert browser.run("typeof window.owned") == "undefined"
    assert browser.run("document.querySelectorAll('script:not([data-ready])').length") <= 1
    assert not browser.run(
        "document.querySelectorAll('iframe,object,embed,form,base,[onload],[onerror]').length"
    )
    assert [url for url in browser.requests if not url.startswith("file:")] == []
    shown = str(browser.run("document.body.textContent"))
    for text in ("<script>window.owned=1</script>", "{{ 7*7 }}", "<img src=x onerror"):
        assert text in shown
    assert not [e for e in browser.errors if "owned" in e]


def test_the_policy_would_stop_a_script(browser: Page, tagger: Tagger, tmp_path: Path) -> None:
    """A script that got into the page in spite of all is refused by the page's own policy."""
    page = tagged_page([tagged_of(tagger, SCRIPTS)], lang="zh")
    file = tmp_path / "page.html"
    injected = "<script>window.owned=1</script><img src=x onerror=window.owned=1></body>"
    file.write_text(page.replace("</body>", injected), encoding="utf-8")
    _opened(browser, file)
    assert browser.run("typeof window.owned") == "undefined"


def test_the_browser_would_run_it(browser: Page, tmp_path: Path) -> None:
    """Without escaping and policy the same payload runs, or the tests above would prove nothing."""
    file = tmp_path / "bare.html"
    file.write_text(f"<!doctype html><body>{SCRIPTS[0]}</body>", encoding="utf-8")
    _opened(browser, file)
    assert browser.run("window.owned") == 1
