"""A person's codes as tagged reports, for the same profile and comparison as a model's tags."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from practicelib.codebook.reading import read_codebook
from practicelib.errors import LabelError
from practicelib.files.tables import read_csv
from practicelib.records.codebook import Codebook
from practicelib.records.labelled import LabelledSentences, SentenceInfo
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
    of title and unit; a report of type 引言 is a lead-in. Without it, sentences are joined by line
    ends and offsets count in that text. Raises LabelError where a sentence does not stand at its
    offsets.
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
    texts: dict[str, str] = {}
    result = []
    for report, members in rows.items():
        infos = sorted(((gold.sentences[i], i) for i in members), key=lambda pair: pair[0].start)
        facts = known.get(report, {})
        found = _report(report, [info for info, _ in infos], facts, folder, texts)
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


def _report(
    name: str,
    infos: list[SentenceInfo],
    facts: dict[str, str],
    folder: str | os.PathLike[str] | None,
    texts: dict[str, str],
) -> Report:
    file = facts.get("file") or f"reports/{name}.txt"
    path = Path(folder) / file if folder is not None else None
    if path is not None and path.is_file():
        text = texts.setdefault(file, path.read_bytes().decode("utf-8-sig"))
        wrong = [info for info in infos if text[info.start : info.end] != info.text]
        if wrong:
            raise LabelError(f"{wrong[0].id} does not stand at its offsets", file=path)
    else:
        text, infos = _joined(infos)
    sections, sentences = _sentences(infos)
    return Report(
        text,
        infos[0].start,
        infos[-1].end,
        facts.get("title", "") or name,
        facts.get("unit", ""),
        tuple(sections),
        tuple(sentences),
        Source(str(path) if path is not None else name),
        kind="lead-in" if facts.get("type") == "引言" else "report",
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
