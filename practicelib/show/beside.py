"""Two codings of the same reports side by side: where counts differ, and in which sentences."""

from __future__ import annotations

from typing import Any

import numpy as np

from practicelib.errors import LabelError
from practicelib.practices.leaders import ranked
from practicelib.records.practices import Measure, PracticeProfile
from practicelib.records.tags import TaggedReport

_SPAN = tuple[str, int, int]
_WORDS = 3


def coding_matrix(profile: PracticeProfile, other: PracticeProfile) -> list[list[tuple[int, int]]]:
    """For each unit and category the sentences in this coding and in the other."""
    there = _coded(other)
    rows = []
    for unit in profile.units:
        here_counts = np.zeros(len(profile.categories), int)
        there_counts = np.zeros(len(profile.categories), int)
        for number in unit.reports:
            tagged = profile.reports[number]
            for row, sentence in enumerate(tagged.report.sentences):
                key = _key(tagged.report.source.file, sentence.start, sentence.end)
                here_counts += tagged.assigned[row]
                there_counts += there[key][0] if key in there else np.zeros(len(here_counts), bool)
        rows.append(list(zip(here_counts.tolist(), there_counts.tolist(), strict=True)))
    return rows


def coding_summary(
    profile: PracticeProfile, other: PracticeProfile, measure: Measure
) -> list[dict[str, Any]]:
    """For each category: sentences that only one coding has, and the largest unit of each."""
    there = _coded(other)
    only = np.zeros((2, len(profile.categories)), int)
    for tagged in profile.reports:
        for row, sentence in enumerate(tagged.report.sentences):
            codes = there[_key(tagged.report.source.file, sentence.start, sentence.end)][0]
            own = tagged.assigned[row]
            only += np.stack([own & ~codes, codes & ~own])
    return [
        {
            "category": k,
            "only": (int(only[0, k]), int(only[1, k])),
            "largest": tuple(_largest(side, measure, k) for side in (profile, other)),
        }
        for k in range(len(profile.categories))
    ]


def _largest(profile: PracticeProfile, measure: Measure, k: int) -> str:
    """Name of the unit with the largest share, empty where no unit has any."""
    table = profile.table(measure)
    first = ranked(table, k)[0]
    return profile.units[first].name if (table.corrected or table.raw).value[first, k] > 0 else ""


def coding_differences(
    profile: PracticeProfile, other: PracticeProfile, lang: str
) -> list[dict[str, Any]]:
    """Every sentence that is coded unlike in the two, with the categories that differ.

    A model's probabilities stand beside them, which shows how near it came, and the words that
    spoke for these categories most. Raises LabelError where the codings have other categories or
    the reports other sentences.
    """
    if profile.categories != other.categories:
        raise LabelError(
            "the two codings have other categories and cannot stand beside each other:"
            f" {', '.join(profile.categories)} and {', '.join(other.categories)}; name a model"
            " of the same ones (--model)"
        )
    there = _coded(other)
    found = []
    for number, tagged in enumerate(profile.reports):
        for row, sentence in enumerate(tagged.report.sentences):
            key = _key(tagged.report.source.file, sentence.start, sentence.end)
            if key not in there:
                raise LabelError(
                    "not a sentence of the other coding; with a label folder, give the files that"
                    " it was coded from (its own folder reports)",
                    file=key[0],
                    value=sentence.text[:20],
                )
            codes, opposite, place = there[key]
            own = tagged.assigned[row]
            if np.array_equal(own, codes):
                continue
            judge = (tagged, row) if tagged.coding.kind == "model" else (opposite, place)
            near = judge[0].tags.probabilities[judge[1]]
            found.append(
                {
                    "id": f"r{number}s{row}",
                    "report": tagged.report.name,
                    "text": sentence.text,
                    "here": _names(profile, own & ~codes, near, lang),
                    "there": _names(profile, codes & ~own, near, lang),
                    "words": _deciding(*judge, own ^ codes),
                }
            )
    return found


def _deciding(tagged: TaggedReport, row: int, flags: Any) -> list[str]:
    """Words that spoke most for the categories that differ; none from a person's coding."""
    evidence = tagged.tags[row].evidence
    keys = [tagged.coding.categories[k] for k in np.flatnonzero(flags)]
    spans = [
        span.text
        for key in keys
        if key in evidence
        for span in evidence[key].strongest(2 * _WORDS)
        if span.end - span.start > 1
    ]
    return list(dict.fromkeys(spans))[:_WORDS]


def _coded(profile: PracticeProfile) -> dict[_SPAN, tuple[Any, TaggedReport, int]]:
    return {
        _key(t.report.source.file, s.start, s.end): (t.assigned[row], t, row)
        for t in profile.reports
        for row, s in enumerate(t.report.sentences)
    }


def _key(file: str, start: int, end: int) -> _SPAN:
    return file.replace("\\", "/").rsplit("/", 1)[-1], start, end


def _names(profile: PracticeProfile, flags: Any, near: Any, lang: str) -> list[str]:
    return [
        f"{profile.coding.display_name(profile.categories[k], lang)} {near[k]:.2f}"
        for k in np.flatnonzero(flags)
    ]
