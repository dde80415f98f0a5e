"""What is looked up in the tables, when it is first asked for and when it was forgotten."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicelib.codebook import lookup
from practicelib.codebook.lookup import NO_ROW, ChainLookup, WordLookup
from practicelib.codebook.matcher import Matcher, PatternSet
from practicelib.codebook.reading import read_codebook
from practicelib.codebook.tables import build_tables

TABLES = build_tables(
    ["(民|居民|居民会)…3议事", "居民", "!(非)议[事]", "(甲|乙)…5(丙|丁)"], ["议事录"], {}
)
LETTERS = "居民会议事录非甲乙丙丁"


def words_at(words: WordLookup, text: str) -> set[str]:
    """The words that begin a text, by what is looked up of its first two characters."""
    row, lengths = words.look_up(text[:2])
    longer = {text[:n] for n in lengths if len(text) >= n and text[:n] in words.longer}
    return longer | ({text[0]} if row != NO_ROW else set())


@given(st.text(LETTERS, min_size=1, max_size=6))
def test_finds_all_words_that_begin_a_text(text: str) -> None:
    expected = {text[:n] for n in range(1, len(text) + 1)} & set(TABLES.words)
    assert words_at(WordLookup(TABLES), text) == expected


def test_words_of_the_same_sets_are_one_row() -> None:
    words = WordLookup(TABLES)
    rows = {pair: words.look_up(pair)[0] for pair in "甲乙丙丁民"}
    assert rows["甲"] == rows["乙"] != rows["丙"] == rows["丁"]
    sets = TABLES.sets_of_words
    for word, row in {**rows, **words.longer}.items():
        assert words.rows[row] == sets[word]
        assert all(row in words.holding[number] for number in words.rows[row])


def test_every_chain_waits_for_its_rarest_set() -> None:
    every = set(range(100))
    for masks in (False, True):
        found = dict(ChainLookup(TABLES, masks=masks).waiting(every))
        chains = [(n, chain) for n, waiting in found.items() for chain in waiting.chains]
        plain = [pattern for waiting in found.values() for pattern in waiting.plain]
        assert all(number in chain.sets for number, chain in chains)
        patterns = {*plain, *(chain.pattern for _, chain in chains)}
        assert patterns == ({0} if masks else {0, 1, 2, 3})


def test_what_is_forgotten_is_looked_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "居民会议事，甲方找丙方，非议，居民议事录。" * 3
    expected = PatternSet([], [], {}, TABLES).spans(text)
    monkeypatch.setattr(lookup, "_KEPT", 2)
    assert PatternSet([], [], {}, TABLES).spans(text) == expected != []


class _SlowToAnswer(dict):
    """Whoever asks whether a key is there, has the answer only when others have asked as well."""

    def __contains__(self, key: object) -> bool:
        found = super().__contains__(key)
        time.sleep(0.002)
        return found


def test_threads_give_equal_words_one_row() -> None:
    words = WordLookup(TABLES)
    words._numbers = _SlowToAnswer()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(words.look_up, ["民议", "居民", "甲", "丙"] * 16))
    assert len(words.rows) == len(set(words.rows)) == len(words._numbers)


def test_threads_share_a_matcher() -> None:
    codebook = read_codebook()
    texts = [f"{words}{end}" for words in codebook.rules for end in ("", "。", "居民议事会商定")]
    alone = Matcher(codebook)
    shared = Matcher(codebook, alone.tables)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(shared.find, texts * 4))
    assert found == [alone.find(text) for text in texts] * 4
