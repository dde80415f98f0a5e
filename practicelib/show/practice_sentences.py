"""The sentences behind the figures of a profile, report by report, with evidence underlined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from practicelib.records.practices import PracticeProfile
from practicelib.records.tags import TaggedReport
from practicelib.show.tagged_page import pieces_of

Row = dict[str, Any]


def passage_rows(profile: PracticeProfile) -> list[list[Row]]:
    """Passages that several reports share, with links to where they stand."""
    return [
        [
            {
                "id": f"r{report}s{sentence}",
                "report": profile.reports[report].report.name,
                "text": profile.reports[report].report.sentences[sentence].text,
            }
            for report, sentence in passage.members
        ]
        for passage in profile.passages
    ]


def report_rows(profile: PracticeProfile, lang: str) -> Iterator[Row]:
    """Reports unit by unit, each with all of its sentences."""
    shared = {
        member: number
        for number, passage in enumerate(profile.passages)
        for member in passage.members
    }
    unit_of = {c: u for u, unit in enumerate(profile.units) for c in unit.reports}
    for number, tagged in sorted(enumerate(profile.reports), key=lambda pair: unit_of[pair[0]]):
        report = tagged.report
        yield {
            "number": number,
            "unit": unit_of[number],
            "name": report.name,
            "file": report.source.file.replace("\\", "/").rsplit("/", 1)[-1],
            "sentences": [
                _sentence(tagged, row, number, shared, lang) for row in range(len(tagged))
            ],
        }


def _sentence(
    tagged: TaggedReport, row: int, number: int, shared: dict[tuple[int, int], int], lang: str
) -> Row:
    sentence, tags = tagged.report.sentences[row], tagged.tags[row]
    probabilities, coding = tags.probabilities, tagged.coding
    chips = [
        {
            "category": k,
            "name": coding.display_name(key, lang),
            "probability": f"{probabilities[key]:.2f}",
            "doubt": key in tags.uncertain,
        }
        for k, key in enumerate(coding.categories)
        if key in tags.labels
    ]
    plain = {"hue": None, "text": sentence.text}
    return {
        "id": f"r{number}s{row}",
        "heading": sentence.heading,
        "section": sentence.section,
        "chips": chips,
        "codes": " ".join(
            f"{c['category']}:{c['probability']}{'?' if c['doubt'] else ''}" for c in chips
        ),
        "pieces": pieces_of(tagged, tags, lang) if chips else [plain],
        "shared": shared.get((number, row)),
        "place": f"{sentence.start}–{sentence.end}",
    }
