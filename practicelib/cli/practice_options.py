"""What the commands of practices share: reading reports with a model's or a person's tags."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from practicelib.cli.main import say_faults
from practicelib.errors import PracticeError, ReportError
from practicelib.model.tagger import Tagger
from practicelib.practices.cases import values_by
from practicelib.records.cases import REPORT, CaseTable
from practicelib.records.codebook import Codebook
from practicelib.records.report import Report
from practicelib.records.tags import TaggedReport
from practicelib.workflows.gold import read_gold
from practicelib.workflows.gold_tags import tags_from_gold
from practicelib.workflows.tagging import tag_files


def read_tagged(
    tagger: Tagger, paths: Sequence[str], **reading: Any
) -> tuple[list[TaggedReport], bool]:
    """Reports tagged by a model, and whether some file was refused (each is named on stderr)."""
    done: list[TaggedReport] = []
    failed = False
    for found in tag_files(tagger, paths, **reading):
        if isinstance(found, ReportError):
            failed = True
            say_faults(found)
        else:
            done.extend(found)
    if not done:
        raise click.exceptions.Exit(1)
    return done, failed


def groups_of(reports: Sequence[Report], by: str, table: CaseTable | None) -> list[str] | None:
    """What --by says of each report; None where each is for itself. Rows must fit all the same."""
    if table is None:
        if by != REPORT:
            raise click.UsageError("--by a column needs --cases")
        return None
    try:
        found = values_by(table, reports, by)
    except PracticeError:
        raise
    except ValueError as cause:
        raise click.UsageError(str(cause)) from cause
    return None if by == REPORT else found


def read_gold_tags(folder: str, role: str | None = None) -> tuple[list[TaggedReport], Codebook]:
    """A person's codes of a label folder as tagged reports, of one role where one is named, and
    the codebook that they follow."""
    gold, book = read_gold(folder)
    chosen = gold if role is None else gold.with_role(role)
    if not len(chosen):
        raise click.UsageError(f"no sentence of role {role!r} in {folder}")
    name = Path(folder).resolve().name
    return tags_from_gold(chosen, folder=folder, codebook=book, name=name), book


def percent_pair(value: str, name: str) -> tuple[float, float]:
    """A range such as 0.6-0.9."""
    low, _, high = value.partition("-")
    try:
        pair = float(low), float(high)
    except ValueError:
        raise click.UsageError(f"{name} is a range such as 0.6-0.9, not {value!r}") from None
    if not 0.0 <= pair[0] <= pair[1] <= 1.0:
        raise click.UsageError(f"{name} must lie between 0 and 1, lower end first: {value!r}")
    return pair
