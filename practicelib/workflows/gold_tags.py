"""A person's codes as tagged reports, for the same profile and comparison as a model's tags."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from practicelib.codebook.reading import read_codebook
from practicelib.errors import LabelError
from practicelib.files.tables import read_csv
from practicelib.records.codebook import Codebook
from practicelib.records.labelled import LEAD_IN, LabelledSentences, SentenceInfo
from practicelib.records.report import Report, Section, Sentence, Source
from practicelib.records.tags import Coding, TagBatch, TaggedReport
from practicelib.text.structure import heading_level


def tags_from_gold(
    gold: LabelledSentences,
    *,
    folder: str | os.PathLike[str] | None = None,
    codebook: Codebook | None = None,
    name: str = "gold",
) -> list[TaggedReport]:
    """The reports of a gold set, each sentence with its decided codes (probability 1 or 0).

    With the label `folder`, reports carry the whole text of their file and what `sources.csv` says
    of title and unit; a report of type `LEAD_IN` is a lead-in. Without it, sentences are joined by
    line ends and offsets count in that text. Raises LabelError where a sentence does not stand at
    its offsets.
    """
    known = _sources(folder)
    book = codebook
    if book is None and folder is not None and (Path(folder) / "codebook.toml").exists():
        book = read_codebook(Path(folder) / "codebook.toml")
    names = (
        tuple((book.category(key).zh, book.category(key).en) for key in gold.categories)
        if book
        else ()
    )
    coding = Coding(gold.categories, "person", name, gold.codebook, "", names)
    rows: dict[str, list[int]] = {}
    for row, sentence in enumerate(gold.sentences):
        rows.setdefault(sentence.report, []).append(row)
    files = _Files(folder, known, gold.sentences)
    result = []
    for report, members in rows.items():
        infos = sorted(((gold.sentences[i], i) for i in members), key=lambda pair: pair[0].start)
        found = _report(report, [info for info, _ in infos], known.get(report, {}), files)
        labels = gold.labels[[i for _, i in infos]]
        batch = TagBatch(
            [s.text for s in found.sentences],
            labels.astype(float),
            labels,
            np.zeros(labels.shape, bool),
            coding,
        )
        result.append(TaggedReport(found, batch))
    return result


def _sources(folder: str | os.PathLike[str] | None) -> dict[str, dict[str, str]]:
    if folder is None or not (Path(folder) / "sources.csv").exists():
        return {}
    return {row["report"]: row for _, row in read_csv(Path(folder) / "sources.csv")}


class _Files:
    """The files of reports: their texts, each read once, and where each report in them ends."""

    def __init__(
        self,
        folder: str | os.PathLike[str] | None,
        known: Mapping[str, Mapping[str, str]],
        sentences: Iterable[SentenceInfo],
    ) -> None:
        self._folder, self._known = folder, known
        self._texts: dict[Path, str] = {}
        first: dict[str, int] = {}
        for info in sentences:
            first[info.report] = min(info.start, first.get(info.report, info.start))
        self._first = first
        self._starts: dict[Path | None, list[int]] = {}
        for report, start in sorted(first.items(), key=lambda item: item[1]):
            self._starts.setdefault(self.path(report), []).append(start)

    def path(self, report: str) -> Path | None:
        """The file of a report; None without a label folder."""
        if self._folder is None:
            return None
        file = self._known.get(report, {}).get("file") or f"reports/{report}.txt"
        return Path(self._folder) / file

    def text(self, path: Path) -> str:
        """The text that offsets count in."""
        if path not in self._texts:
            self._texts[path] = path.read_bytes().decode("utf-8-sig")
        return self._texts[path]

    def extent(self, report: str, path: Path) -> tuple[int, int]:
        """From where to where a report reaches, as `read_reports` has it: up to the next one."""
        starts, own = self._starts[path], self._first[report]
        following = bisect_right(starts, own)
        end = starts[following] if following < len(starts) else len(self.text(path))
        return (own if own > starts[0] else 0), end


def _report(
    name: str, infos: list[SentenceInfo], facts: Mapping[str, str], files: _Files
) -> Report:
    path = files.path(name)
    if path is not None and path.is_file():
        text = files.text(path)
        wrong = [info for info in infos if text[info.start : info.end] != info.text]
        if wrong:
            raise LabelError(f"{wrong[0].id} does not stand at its offsets", file=path)
        start, end = files.extent(name, path)
    else:
        text, infos = _joined(infos)
        start, end = infos[0].start, infos[-1].end
    sections, sentences = _sentences(infos)
    return Report(
        text,
        start,
        end,
        facts.get("title", "") or name,
        facts.get("unit", ""),
        tuple(sections),
        tuple(sentences),
        Source(str(path) if path is not None else name),
        kind="lead-in" if facts.get("type") == LEAD_IN else "report",
    )


def _joined(infos: Iterable[SentenceInfo]) -> tuple[str, list[SentenceInfo]]:
    """Sentences one a line, with their offsets in that text."""
    text, placed = "", []
    for info in infos:
        placed.append(replace(info, start=len(text), end=len(text) + len(info.text)))
        text += info.text + "\n"
    return text, placed


def _sentences(infos: Iterable[SentenceInfo]) -> tuple[list[Section], list[Sentence]]:
    sections: list[Section] = []
    sentences: list[Sentence] = []
    for info in infos:
        if info.is_heading:
            sections.append(Section(info.text, info.start, info.end, heading_level(info.text)))
        place = len(sections) - 1
        sentences.append(Sentence(info.text, info.start, info.end, info.is_heading, place))
    return sections, sentences
