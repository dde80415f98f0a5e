"""From report files to a workbook of the sentences that are most worth coding next."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from practicelib.errors import PracticeError, ReportError
from practicelib.files.hashing import hash_text
from practicelib.labels.interchange_items import Exchange
from practicelib.labels.suggest import Suggestion, suggest
from practicelib.model.tagger import Tagger
from practicelib.practices.cases import values_by
from practicelib.records.cases import REPORT, CaseTable
from practicelib.records.labelled import SUGGESTED, SentenceInfo
from practicelib.records.report import Report
from practicelib.workflows.readable import readable_reports

_LOG = logging.getLogger("practicelib.workflows")
_SHORTEST = 6


def suggest_from_files(
    tagger: Tagger,
    paths: Iterable[str | os.PathLike[str]],
    n: int,
    *,
    coded: Iterable[str] = (),
    rare_share: float = 0.3,
    seed: int = 0,
    lang: str = "zh",
    cases: CaseTable | None = None,
    by: str = REPORT,
    refused: Callable[[PracticeError], None] | None = None,
    **reading: Any,
) -> tuple[Exchange, list[Suggestion]]:
    """Read reports and choose up to `n` of their sentences; see `labels.suggest.suggest`.

    Sentences whose text is among `coded`, headings and very short ones are no candidates. `reading`
    takes the options of `iter_reports`. With a case table the picks are spread over what its column
    `by` says instead of over reports. Files that cannot be read are handed to `refused`, or
    raised where it is None. Raises ReportError where no candidate is left, LabelError where rows of
    `cases` and reports do not match, ValueError for an unknown column.
    """
    known = {_bare(text) for text in coded}
    infos: list[SentenceInfo] = []
    origin: list[int] = []
    following: dict[str, str] = {}
    reports = readable_reports(paths, refused, reading)
    for number, report in enumerate(reports):
        for info, after in _candidates(report):
            if _bare(info.text) not in known and info.id not in following:
                infos.append(info)
                origin.append(number)
                following[info.id] = after
    groups = None if cases is None else values_by(cases, reports, by)
    if not infos:
        raise ReportError("no sentence is left that could be coded")
    batch = tagger.tag_batch([info.text for info in infos])
    positives = tagger.parameters.facts.get("positives", {})
    chosen = suggest(
        batch.probabilities,
        tagger.parameters.thresholds,
        [info.text for info in infos],
        [info.report for info in infos] if groups is None else [groups[i] for i in origin],
        tagger.categories,
        n,
        positives=[positives.get(key, 0) for key in tagger.categories] if positives else (),
        rare_share=rare_share,
        seed=seed,
    )
    _LOG.info("%d of %d candidate sentences chosen", len(chosen), len(infos))
    book = tagger.parameters.codebook
    names = tuple(c.zh if lang == "zh" else c.en for c in book.categories)
    picked = tuple(infos[one.row] for one in chosen)
    return Exchange(picked, book.keys, names, codebook=book, following=following, lang=lang), chosen


def _bare(text: str) -> str:
    return "".join(text.split())


def _candidates(report: Report) -> Iterable[tuple[SentenceInfo, str]]:
    """Sentences of a report with the text after each; `report` names file, place and row.

    Files of one name share that; their sentences differ by a piece of the text's hash in the id.
    """
    name = Path(report.source.file).stem
    # Several reports of one file differ by where they begin, rows and members by their part.
    place = report.source.part or (str(report.start) if report.start else "")
    group = f"{SUGGESTED}:{name}" + (f":{place}" if place else "")
    previous = ""
    for number, sentence in enumerate(report.sentences):
        info = SentenceInfo(
            f"{group}:{hash_text(sentence.text)[:8]}:{sentence.start}",
            sentence.text,
            group,
            "train",
            SUGGESTED,
            sentence.start,
            sentence.end,
            previous,
            report.section_title(sentence),
            sentence.heading,
        )
        previous = sentence.text
        if not sentence.heading and len(_bare(sentence.text)) >= _SHORTEST:
            after = report.sentences[number + 1].text if number + 1 < len(report.sentences) else ""
            yield replace(info, is_heading=False), after
