"""Which evidence people are shown: what adds most, in pieces that they can read."""

from __future__ import annotations

from practicelib.records.tags import CategoryEvidence, Evidence


def readable(evidence: CategoryEvidence) -> list[Evidence]:
    """Spans that add to the decision, strongest first, that are more than a single character.

    Character n-grams that begin or end within a word and reach beyond it are left out (民开 of
    居民开展): the sum needs them, a reader does not.
    """
    words = [span for span in evidence.spans if span.kind == "word"]
    starts, ends = {span.start for span in words}, {span.end for span in words}
    borders = starts | ends

    def cuts(span: Evidence) -> bool:
        crosses = any(border in borders for border in range(span.start + 1, span.end))
        return crosses and (span.start not in starts or span.end not in ends)

    every = evidence.strongest(len(evidence.spans))
    return [
        span
        for span in every
        if span.end - span.start > 1 and not (span.kind == "characters" and cuts(span))
    ]
