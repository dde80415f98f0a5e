"""From paths to tagged reports; one faulty file never stops the others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from practicelib.errors import ReportError
from practicelib.model.tagger import Tagger
from practicelib.records.tags import TaggedReport
from practicelib.text.reading import iter_reports


def tag_files(
    tagger: Tagger,
    paths: Iterable[str | os.PathLike[str]],
    *,
    encoding: str | None = None,
    rejoin: bool = False,
    segment: str = "sentence",
) -> Iterator[list[TaggedReport] | ReportError]:
    """For each file in turn its tagged reports, or the error that kept it from being read."""
    for found in iter_reports(paths, encoding=encoding, rejoin=rejoin, segment=segment):
        if isinstance(found, ReportError):
            yield found
        else:
            yield [tagger.tag_report(report) for report in found]
