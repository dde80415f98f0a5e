"""Two codings of the same reports side by side: where counts differ, and in which sentences."""

from __future__ import annotations

from typing import Any

import numpy as np

from practicelib.records.practices import PracticeProfile

_SPAN = tuple[str, int, int]


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
                there_counts += there.get(key, (np.zeros(len(here_counts), bool), None))[0]
        rows.append(list(zip(here_counts.tolist(), there_counts.tolist(), strict=True)))
    return rows


def coding_differences(
    profile: PracticeProfile, other: PracticeProfile, lang: str
) -> list[dict[str, Any]]:
    """Every sentence that is coded unlike in the two, with the categories that differ.

    A model's probabilities stand beside them, which shows how near it came. Raises ValueError
    where the codings have other categories or the reports other sentences.
    """
    if profile.categories != other.categories:
        raise ValueError("the two codings have other categories")
    there = _coded(other)
    found = []
    for number, tagged in enumerate(profile.reports):
        for row, sentence in enumerate(tagged.report.sentences):
            key = _key(tagged.report.source.file, sentence.start, sentence.end)
            if key not in there:
                raise ValueError(f"sentence {key} is not in the other coding")
            codes, probability = there[key]
            own = tagged.assigned[row]
            if np.array_equal(own, codes):
                continue
            near = tagged.tags.probabilities[row] if tagged.coding.kind == "model" else probability
            found.append(
                {
                    "id": f"r{number}s{row}",
                    "report": tagged.report.name,
                    "text": sentence.text,
                    "here": _names(profile, own & ~codes, near, lang),
                    "there": _names(profile, codes & ~own, near, lang),
                }
            )
    return found


def _coded(profile: PracticeProfile) -> dict[_SPAN, tuple[Any, Any]]:
    return {
        _key(t.report.source.file, s.start, s.end): (t.assigned[row], t.tags.probabilities[row])
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
