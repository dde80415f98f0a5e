"""From paths to tagged reports; one faulty file never stops the others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

from practicelib.errors import ReportError
from practicelib.model.tagger import Tagger
from practicelib.records.tags import TaggedReport
from practicelib.text.reading import iter_reports


def tag_files(
    tagger: Tagger,
    paths: Iterable[str | os.PathLike[str]],
    **reading: Any,
) -> Iterator[list[TaggedReport] | ReportError]:
    """For each file in turn its tagged reports, or the error that kept it from being read.

    `reading` takes the options of `iter_reports`.
    """
    for found in iter_reports(paths, **reading):
        if isinstance(found, ReportError):
            yield found
        else:
            yield [tagger.tag_report(report) for report in found]
