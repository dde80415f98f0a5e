"""The comparison's page in a real browser: click, filter, switch, keyboard, print, hostile text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from practicelib.labels.sampling import draw_sample
from practicelib.practices.compare import compare
from practicelib.records.cases import CaseTable
from practicelib.records.practices import Comparison
from tests.browser.chromium import Page, find_chromium
from tests.practices.made import MODEL, case_of, report_of, reports_of

PROGRAM = find_chromium()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium is installed")
SHARES = [[0.30, 0.10, 0.10, 0.05], [0.05, 0.10, 0.10, 0.05], [0.05, 0.10, 0.30, 0.05]]
SHOWN = "document.querySelectorAll('ol.sentences li:not([hidden]):not(.none)').length"


def corrected(per_unit: int, size: int) -> Comparison:
    """A comparison with a coded sample."""
    reports, cases = reports_of(SHARES, per_unit, size, MODEL)
    sample = draw_sample(reports, 240, groups=[case.unit for case in cases.cases])
    codes = np.random.default_rng(1).random((len(sample), 4)) < 0.15
    done = replace(sample, codes=codes)
    return compare(
        reports, cases=cases, estimand="like-these", validation=done, adjust="year", resamples=200
    )


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One browser for all tests."""
    assert PROGRAM is not None
    with Page(PROGRAM, tmp_path_factory.mktemp("profile")) as page:
        page.size(1400, 900)
        yield page


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a comparison of three units."""
    path = tmp_path_factory.mktemp("page") / "compare.html"
    corrected(4, 30).to_html(path)
    return path


@pytest.fixture
def page(browser: Page, file: Path) -> Iterator[Page]:
    """The page, freshly loaded; afterwards it must have kept quiet."""
    browser.open(file)
    yield browser
    assert browser.errors == []
    assert [url for url in browser.requests if not url.startswith("file:")] == []
    assert len(browser.requests) == 1


def test_every_number_leads_to_its_sentences(page: Page) -> None:
    """Each cell of the matrix shows exactly as many sentences as it counts, of that unit."""
    cells = page.run(
        "[...document.querySelectorAll('.matrices:not([hidden]) td a[data-cat]')]"
        ".map(a => [a.dataset.units, a.dataset.cat,"
        " parseInt(a.querySelector('.raw .small').textContent)])"
    )
    assert len(cells) == 12
    for unit, category, count in cells:
        selector = f'.matrices:not([hidden]) td a[data-units="{unit}"][data-cat="{category}"]'
        page.run(f"document.querySelector('{selector}').click()")
        assert page.run(SHOWN) == count
        units = page.run(
            "[...new Set([...document.querySelectorAll('ol.sentences li:not([hidden])')]"
            ".map(li => li.dataset.unit))].join()"
        )
        assert units == (unit if count else "")
    links = page.run("document.querySelectorAll('svg a[data-cat]').length")
    assert links >= 36


def test_a_real_click_moves_to_the_sentences(page: Page) -> None:
    """A click of the mouse filters, scrolls and moves the focus there."""
    page.click('.matrices:not([hidden]) td a[data-units="1"][data-cat="2"]')
    assert page.run("document.activeElement.closest('section.unit').dataset.unit") == "1"
    assert page.run("form = document.getElementById('controls'), form.category.value") == "2"
    assert page.run("document.activeElement.getBoundingClientRect().top") < 900


def test_filters_by_unit_and_certainty(page: Page) -> None:
    """Fewer sentences at a higher certainty; a unit left out is gone from tables and sentences."""
    everything = page.run(SHOWN)
    change = (
        "(() => {{ const f = document.getElementById('controls'); {0};"
        " f.dispatchEvent(new Event('change', {{bubbles: true}})); }})()"
    )
    page.run(change.format("f.certainty.value = '0.9'"))
    some = page.run(SHOWN)
    assert 0 < some < everything
    page.run(change.format("f.certainty.value = '0'; f.unit[0].checked = false"))
    assert 0 < page.run(SHOWN) < everything
    hidden = page.run(
        "document.querySelector('.matrices:not([hidden]) tr[data-unit=\"0\"]').hidden"
    )
    assert hidden is True
    page.click("button[type=reset]")
    page.run("new Promise(done => setTimeout(done, 50))")
    assert page.run(SHOWN) == everything


def test_raw_and_corrected_switch(page: Page) -> None:
    """Side by side at first; then one kind only."""
    shown = (
        "['raw', 'corr'].map(kind => getComputedStyle(document.querySelector("
        "`.matrices:not([hidden]) .figures.${kind}`)).display !== 'none').join()"
    )
    assert page.run(shown) == "true,true"
    page.click('input[name="view"][value="raw"]')
    assert page.run(shown) == "true,false"
    page.click('input[name="view"][value="corrected"]')
    assert page.run(shown) == "false,true"


def test_keyboard_alone_is_enough(page: Page) -> None:
    """Arrows move in the matrix, Enter shows sentences, Escape clears."""
    everything = page.run(SHOWN)
    page.run("document.querySelector('.matrices:not([hidden]) td a[data-cat]').focus()")
    page.press("ArrowRight")
    page.press("ArrowDown")
    at = "[document.activeElement.dataset.units, document.activeElement.dataset.cat].join()"
    assert page.run(at) == "1,1"
    page.press("Enter")
    assert page.run("document.getElementById('controls').category.value") == "1"
    assert page.run(SHOWN) < everything
    page.press("Escape")
    assert page.run(SHOWN) == everything


def test_printing_leaves_the_controls_out(page: Page) -> None:
    """Printed are all measures and no controls, as a PDF of several pages."""
    page.call("Emulation.setEmulatedMedia", media="print")
    assert page.run("getComputedStyle(document.querySelector('.controls')).display") == "none"
    shown = page.run(
        "[...document.querySelectorAll('.matrices')]"
        ".filter(m => getComputedStyle(m).display !== 'none').length"
    )
    assert shown == 3
    pdf = page.call("Page.printToPDF")["data"]
    assert len(pdf) > 50_000
    page.call("Emulation.setEmulatedMedia", media="")


def test_narrow_screens_do_not_overflow(page: Page) -> None:
    """At 400 pixels only tables and figures scroll sideways, inside their own boxes."""
    page.size(400, 800)
    try:
        assert page.run("document.documentElement.scrollWidth") <= 400
    finally:
        page.size(1400, 900)


def test_it_says_what_is_measured(page: Page) -> None:
    """Reported emphasis, not deeds; no corrected figures without saying how."""
    assert "不是实际做了什么" in page.run("document.getElementById('emphasis').textContent")
    assert "概率抽样" in page.run("document.querySelector('p.methods').textContent")


def test_five_thousand_sentences(browser: Page, tmp_path: Path) -> None:
    """A large comparison is complete and answers clicks."""
    path = tmp_path / "large.html"
    large = corrected(14, 120)
    large.to_html(path)
    browser.open(path)
    assert browser.run("document.querySelectorAll('ol.sentences li').length") == 5040
    browser.click('.matrices:not([hidden]) td a[data-units="2"][data-cat="2"]')
    assert browser.run(SHOWN) == int(large.profile.counts[2, 2])
    assert browser.errors == []


HOSTILE = (
    "<script>window.hacked=1</script>",
    '"><img src=x onerror="window.hacked=1">',
    "{{ 7*7 }}</title><svg onload=window.hacked=1>",
    "javascript:window.hacked=1//&lt;b&gt;",
)


def test_hostile_text_stays_text(browser: Page, tmp_path: Path) -> None:
    """Sentences, titles, units and case-table values cannot run, load or break anything."""
    reports = [
        report_of(i, [[0] * 4, [1, 0, 1, 0]], MODEL, [text + "标题", text + "网格"])
        for i, text in enumerate(HOSTILE)
    ]
    cases = CaseTable(
        tuple(
            case_of(t, unit=text, type=text, year=text)
            for t, text in zip(reports, HOSTILE, strict=True)
        )
    )
    path = tmp_path / "hostile.html"
    page = compare(reports, cases=cases).to_html(path)
    assert page.count("<script") == 1
    browser.open(path)
    assert browser.run("typeof window.hacked") == "undefined"
    assert browser.run("document.images.length") == 0
    units = browser.run(
        "[...document.querySelectorAll('section.unit > h3')].map(h => h.textContent)"
    )
    assert units == list(HOSTILE)
    browser.run("document.querySelectorAll('td a[data-cat]').forEach(a => a.click())")
    assert browser.errors == []
    assert len(browser.requests) == 1


def test_the_policy_lets_no_other_script_run(browser: Page, file: Path, tmp_path: Path) -> None:
    """A script that somebody puts into the file is blocked, and so is a request."""
    changed = tmp_path / "changed.html"
    added = "<script>window.hacked=1</script><img src='https://example.org/x.png'></body>"
    changed.write_text(file.read_text(encoding="utf-8").replace("</body>", added), encoding="utf-8")
    browser.open(changed)
    assert browser.run("typeof window.hacked") == "undefined"
    assert any("Content Security Policy" in error for error in browser.errors)
