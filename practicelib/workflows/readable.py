"""Reports of files, with those that cannot be read handed over or raised."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from practicelib.errors import PracticeError, ReportError
from practicelib.records.report import Report
from practicelib.text.reading import iter_reports


def readable_reports(
    paths: Iterable[str | os.PathLike[str]],
    refused: Callable[[PracticeError], None] | None,
    reading: Mapping[str, Any],
) -> list[Report]:
    """All reports of `paths`; `reading` takes the options of `iter_reports`.

    The error of a file that cannot be read is handed to `refused`, or raised where that is None.
    """
    reports: list[Report] = []
    for found in iter_reports(paths, **reading):
        if not isinstance(found, ReportError):
            reports.extend(found)
        elif refused is None:
            raise found
        else:
            refused(found)
    return reports
