"""Which evidence people are shown."""

from __future__ import annotations

from practicelib.records.tags import CategoryEvidence, Evidence
from practicelib.show.evidence import readable


def test_pieces_of_words_are_left_out() -> None:
    """An n-gram may lie within a word or cover whole ones, not cut one and reach beyond it."""
    text = "居民开展议事"
    words = [(0, 2), (2, 4), (4, 6), (0, 4)]
    spans = [Evidence(a, b, text[a:b], 0.1, "word") for a, b in words]
    grams = [(0, 2), (1, 3), (3, 5), (4, 6), (1, 4), (0, 1)]
    spans += [Evidence(a, b, text[a:b], 1.0 + a, "characters") for a, b in grams]
    spans.append(Evidence(1, 5, text[1:5], 9.0, "pattern"))
    spans.append(Evidence(2, 4, text[2:4], -5.0, "characters"))
    found = readable(CategoryEvidence(tuple(spans), 0.0, 0.0, 0.0))
    assert [(s.start, s.end, s.kind) for s in found if s.kind != "word"] == [
        (1, 5, "pattern"),
        (4, 6, "characters"),
        (0, 2, "characters"),
    ]
    assert {s.weight > 0 for s in found} == {True}
