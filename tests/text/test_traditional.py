"""Traditional characters: the same tags in either script, offsets and quotes in the original."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import opencc
import pytest
from hypothesis import given

from practicelib.files.data import data_path
from practicelib.labels.folder import read_sentences
from practicelib.model.tagger import Tagger
from practicelib.text.bodies import body_name
from practicelib.text.reading import read_reports
from practicelib.text.script import LOOK_ALIKES, to_simplified, traditional_characters
from practicelib.text.structure import heading_level
from tests.strategies import report_texts

TO_TRADITIONAL = opencc.OpenCC("s2t")
LEAST_SURVIVING = 0.99


@pytest.fixture(scope="module")
def pairs() -> list[tuple[str, str]]:
    """Every labelled sentence in both scripts, where the way there and back gives the same."""
    known = read_sentences(data_path("labels"), [])
    texts = [info.text for info in known.sentences.values()]
    both = [(text, TO_TRADITIONAL.convert(text)) for text in texts]
    rest = {
        (a, b)
        for text, traditional in both
        for a, b in zip(text, to_simplified(traditional), strict=False)
        if a != b
    }
    surviving = [pair for pair in both if to_simplified(pair[1]) == pair[0]]
    # docs/explanation/traditional.md lists the characters that do not come back.
    assert len(surviving) >= LEAST_SURVIVING * len(texts), rest
    return surviving


def test_every_sentence_has_the_same_tags(tagger: Tagger, pairs: list[tuple[str, str]]) -> None:
    """Equal probabilities, categories and doubts, sentence by sentence."""
    simplified = tagger.tag_batch([simple for simple, _ in pairs])
    traditional = tagger.tag_batch([other for _, other in pairs])
    assert sum(a != b for a, b in pairs) > 0.9 * len(pairs)
    np.testing.assert_array_equal(simplified.probabilities, traditional.probabilities)
    np.testing.assert_array_equal(simplified.assigned, traditional.assigned)
    np.testing.assert_array_equal(simplified.in_doubt, traditional.in_doubt)


def test_evidence_quotes_the_original(tagger: Tagger, pairs: list[tuple[str, str]]) -> None:
    """Spans stand at the same place and quote Traditional characters as they are."""
    chosen = pairs[:: max(len(pairs) // 60, 1)]
    for simple, other in chosen:
        found = tagger.tag([simple, other])
        for key in tagger.categories:
            a, b = (tags.evidence[key].strongest(5) for tags in found)
            assert [(s.start, s.end, s.weight) for s in a] == [
                (s.start, s.end, s.weight) for s in b
            ]
            assert all(other[span.start : span.end] == span.text for span in b)


def test_a_compilation_reads_the_same(tagger: Tagger, seed_path: Path, tmp_path: Path) -> None:
    """Reports, units, sections, sentences and tags of the seed do not depend on the script."""
    file = tmp_path / "seed.txt"
    file.write_text(TO_TRADITIONAL.convert(seed_path.read_text(encoding="utf-8")), encoding="utf-8")
    simple, other = read_reports(seed_path), read_reports(file)
    assert len(simple) == len(other) == 7
    for a, b in zip(simple, other, strict=True):
        assert to_simplified(b.unit) == a.unit
        assert [(s.start, s.end, s.level) for s in a.sections] == [
            (s.start, s.end, s.level) for s in b.sections
        ]
        assert [(s.start, s.end) for s in a.sentences] == [(s.start, s.end) for s in b.sentences]
        assert all(b.text[s.start : s.end] == s.text for s in b.sentences)
        np.testing.assert_array_equal(tagger.tag_report(a).assigned, tagger.tag_report(b).assigned)


@given(report_texts())
def test_conversion_keeps_every_length(text: str) -> None:
    """Whatever the text: equal length, and what is no Traditional character stays."""
    simple = to_simplified(text)
    assert len(simple) == len(text)
    for before, after in zip(text, simple, strict=True):
        assert before == after or before in traditional_characters()


def test_characters_one_by_one_and_all_at_once() -> None:
    """A character met in a text is Traditional where the table of all of them says so."""
    ranges = (range(0x3400, 0x3500), range(0x4E00, 0xA000), range(0xF900, 0xFB00))
    few = {chr(code) for codes in (*ranges, range(0x2F800, 0x2F900)) for code in codes}
    every = few | traditional_characters()
    changed = {character for character in every if to_simplified(character) != character}
    assert changed == traditional_characters()


def test_lone_surrogates_stay() -> None:
    """As broken files bring them; the characters beside them are converted all the same."""
    assert to_simplified("\ud800國學\udc00\ud801網") == "\ud800国学\udc00\ud801网"


def test_structure_knows_both_scripts() -> None:
    """Bodies' names and chapter numbers in Traditional characters."""
    assert body_name("沱河縣柳林鎮黨委")
    assert body_name("靜安區美麗園居民區黨總支")
    assert heading_level("第一編 總則") == heading_level("第一编 总则")


def test_radicals_are_read_as_what_they_look_like(tagger: Tagger) -> None:
    """As text is copied from PDF files of some browsers; offsets stay those of the original."""
    copied = "居⺠议事会成员⼊⼾⾛访，⻔前三包由⺠主协商议定，村规⺠约⻓期公⽰，网格管\uf9e4"
    meant = "居民议事会成员入户走访，门前三包由民主协商议定，村规民约长期公示，网格管理"
    assert to_simplified(copied) == meant
    tags, expected = tagger.tag([copied])[0], tagger.tag([meant])[0]
    assert tags.probabilities == expected.probabilities
    quoted = list(tags.evidence["autonomy"].strongest(5))
    assert quoted and all(copied[one.start : one.end] == one.text for one in quoted)
    assert not set(map(ord, LOOK_ALIKES.values())) & set(LOOK_ALIKES)
    assert set(map(chr, LOOK_ALIKES)) <= traditional_characters()
