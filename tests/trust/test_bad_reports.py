"""Bad report files: one clear line each, at a bounded cost, and the rest of the batch is done."""

from __future__ import annotations

import logging
import math
import re
from pathlib import Path

import pytest

from practicelib.errors import ReportError
from practicelib.records.report import Report
from practicelib.text.reading import iter_reports
from tests.trust.bad_archives import BAD_ARCHIVES
from tests.trust.bad_reports import MARKUP, READ, SPECIAL, TEXT, TEXTS, Case
from tests.trust.meter import Cost, measured

BAD_REPORTS: dict[str, Case] = {**TEXTS, **SPECIAL, **MARKUP, **BAD_ARCHIVES}
MEGABYTES = 400
# Made of hundreds of megabytes, or slow to make: only in the long campaign.
LONG = frozenset(
    ["line-60MB.txt", "far-row.xlsx", "table.md", "line-60MB-ascii.txt", "bomb.pdf",
     "bomb-in-bomb.pdf", "operators.pdf",
     "xml-200MB.docx", "lines-empty-5M.txt", "bomb-of-many.zip", "members-20000.zip",
     "deep.html", "deep-tables.html"]
)  # fmt: skip


def outcome(folder: Path, name: str) -> tuple[Cost, str]:
    """Read a batch of the bad file and a good one: its cost, and what was not as promised."""
    make, cause = BAD_REPORTS[name]
    bad, good = folder / name, folder / "good-report.txt"
    make(bad)
    good.write_text(TEXT, encoding="utf-8")
    found: list[list[Report] | ReportError] = []
    cost = measured(lambda: found.extend(iter_reports([bad, good])))
    return cost, _fault(found, bad, cause)


def _fault(found: list[list[Report] | ReportError], bad: Path, cause: str) -> str:
    *before, last = found
    if isinstance(last, ReportError) or last[0].sentences[0].text != TEXT:
        return "the good report after it was not read"
    errors = [error for error in before if isinstance(error, ReportError)]
    if cause == READ:
        return f"refused: {errors[0]}" if errors else ""
    if len(errors) != 1:
        return f"{len(errors)} errors"
    (error,) = errors
    lines = [str(fault) for fault in error.faults]
    if not re.search(cause, lines[0]):
        return f"does not say {cause!r}: {lines[0]}"
    if not all(fault.file.startswith(str(bad)) for fault in error.faults):
        return "the file is not named"
    return "" if all(line.isprintable() for line in lines) else f"not one plain line: {lines!r}"


@pytest.mark.parametrize("name", [name for name in BAD_REPORTS if name not in LONG])
def test_bad_reports(tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Each is refused in one plain line that names it, or is odd but read."""
    caplog.set_level(logging.ERROR)
    cost, fault = outcome(tmp_path, name)
    assert not fault
    assert math.isnan(cost.megabytes) or cost.megabytes < MEGABYTES


def test_the_corpus_is_large() -> None:
    """At least a hundred, as promised in SECURITY.md; most of them are refused."""
    refused = [cause for _, cause in BAD_REPORTS.values() if cause != READ]
    assert len(BAD_REPORTS) >= 100
    assert len(refused) >= 100


def test_nothing_is_written_outside(tmp_path: Path) -> None:
    """An archive whose members climb leaves no file behind."""
    before = sorted(Path("/tmp").glob("climbed*"))
    outcome(tmp_path, "climbing.zip")
    outcome(tmp_path, "absolute.zip")
    assert sorted(Path("/tmp").glob("climbed*")) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "absolute.zip", "climbing.zip", "good-report.txt",
    ]  # fmt: skip
