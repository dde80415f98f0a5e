"""What the pattern language accepts and what it refuses, with the reason."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicelib.codebook.chains import (
    MAX_CHAINS,
    MAX_WORD,
    MAX_WORDS,
    expand,
    plain_words,
)
from practicelib.codebook.grammar import MAX_DEPTH, MAX_GAP, MAX_SOURCE, Gap, GrammarError, parse
from practicelib.codebook.matcher import pattern_fault
from practicelib.codebook.reading import MAX_PATTERNS

MANUAL = Path(__file__).parents[2] / "docs" / "patterns.md"
CLASSES = {"居民": frozenset({"居民", "业主"})}


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("", "character 1: nothing stands here"),
        ("网格||议事", "character 4: nothing stands here"),
        ("(网格", "character 1: '(' is never closed"),
        ("网格)", "character 3: ')' has no opening bracket"),
        ("(网格]", "character 4: ']' does not belong here"),
        ("网[]格", "character 3: nothing stands here"),
        ("<居民", "character 1: '<' is never closed"),
        ("居民>", "character 3: '>' has no opening bracket"),
        ("<>", "character 1: a class is written <name>"),
        ("<邻里>", "unknown class <邻里>"),
        ("居民…决定", "character 3: a gap needs its greatest length"),
        ("居民…0决定", "character 3: a gap is 1 to 60"),
        (f"居民……{MAX_GAP + 1}决定", "character 3: a gap is 1 to 60"),
        ("…6决定", "a gap cannot come first"),
        ("决定…6", "a gap cannot come last"),
        ("[居民]…6决定", "a gap cannot come first, not even after an optional part"),
        ("居民…6[决定]", "a gap cannot come last, not even before an optional part"),
        ("居民…6[代表]……6决定", "gaps of two kinds meet"),
        ("[居民][代表]", "can be empty"),
        ("自!(a)治", "character 6: '^', '$' and '!' stand at the start or the end only"),
        ("自^治", "character 2: '^', '$' and '!' stand at the start or the end only"),
        ("自治!区", "character 4: '!' needs (words) or a <class>"),
        ("自治!(区…2县)", "what follows '!' must be words or a class"),
        ("自治!([区])", "what follows '!' must be words or a class"),
        ("自治\\", "character 4: a character must follow"),
        ("((((((网))))))", "brackets nested more than 5 deep"),
        ("网" * (MAX_SOURCE + 1), "at most 2000"),
        ("网" * (MAX_WORD + 1), "33 characters in one word; at most 32"),
        ("网[…1a][…1b][…1c][…1d][…1e][…1f][…1g]格", "128 readings; at most 64"),
    ],
)
def test_faults_say_where_and_why(source: str, cause: str) -> None:
    assert cause in pattern_fault(source, CLASSES)


@given(st.text(st.sampled_from("网格()[]<>|!^$…\\6居民 　（）"), max_size=20))
def test_any_text_is_a_pattern_or_a_named_fault(source: str) -> None:
    assert isinstance(pattern_fault(source, CLASSES), str)


def chains(source: str) -> list[tuple[tuple[frozenset[str], ...], tuple[Gap, ...]]]:
    return [(chain.words, chain.gaps) for chain in expand(parse(source), CLASSES)]


def test_neighbours_melt_into_one_word_set() -> None:
    assert chains("[全体]<居民>(大会|会议)") == [
        (
            (
                frozenset(
                    a + b + c
                    for a in ("", "全体")
                    for b in ("居民", "业主")
                    for c in ("大会", "会议")
                ),
            ),
            (),
        )
    ]


def test_gaps_split_word_sets() -> None:
    assert chains("<居民>…6[自己]决定") == [
        ((CLASSES["居民"], frozenset({"决定", "自己决定"})), (Gap(6, False),))
    ]


def test_gaps_add_up_where_an_option_falls_away() -> None:
    assert chains("甲…2[乙…3]丙") == [
        ((frozenset("甲"), frozenset("乙"), frozenset("丙")), (Gap(2, False), Gap(3, False))),
        ((frozenset("甲"), frozenset("丙")), (Gap(2, False),)),
    ]


def test_sixty_four_readings_are_allowed() -> None:
    source = "网" + "".join(f"[…1{letter}]" for letter in "abcdef") + "格"
    assert len(chains(source)) == MAX_CHAINS


def test_class_entries_are_written_out() -> None:
    assert plain_words(parse("[驻区|辖区]单位")) == {"单位", "驻区单位", "辖区单位"}


@pytest.mark.parametrize("entry", ["居民…3", "<居民>", "^居民", "居民!(区)", "[居民]", "网" * 33])
def test_class_entries_are_words_only(entry: str) -> None:
    with pytest.raises(GrammarError):
        plain_words(parse(entry))


def test_the_manual_states_the_limits_of_the_code() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    limits = {
        "characters of a pattern": MAX_SOURCE,
        "length of a gap": MAX_GAP,
        "length of one word": MAX_WORD,
        "brackets within brackets": MAX_DEPTH - 1,
        "words of a class entry, or after `!`": MAX_WORDS,
        "readings of a pattern (below)": MAX_CHAINS,
        "patterns of a category": MAX_PATTERNS,
    }
    for name, limit in limits.items():
        assert f"| {name} | {limit:,} |" in text


def test_the_manual_works_as_written() -> None:
    assert doctest.testfile(str(MANUAL), module_relative=False, encoding="utf-8") == (0, 7)
