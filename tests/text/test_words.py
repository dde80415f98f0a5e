"""Words: the same cuts as jieba, from a private table."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from hypothesis import given

from practicelib.errors import CodebookError
from practicelib.files.data import data_path
from practicelib.text.words import Segmenter, WordTable, build_word_table, read_domain_words
from tests.strategies import sentences

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jieba


@pytest.fixture(scope="module")
def table() -> WordTable:
    return build_word_table(read_domain_words(data_path("labels/dictionary.txt")))


@pytest.fixture(scope="module")
def segmenter(table: WordTable) -> Segmenter:
    return Segmenter(table)


@pytest.fixture(scope="module")
def peer(table: WordTable) -> jieba.Tokenizer:
    """jieba itself with the same dictionary, built without its cache."""
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ = {}
    for word, frequency in zip(table.words, table.frequencies, strict=True):
        tokenizer.FREQ[word] = frequency
        for end in range(1, len(word)):
            tokenizer.FREQ.setdefault(word[:end], 0)
    tokenizer.total = sum(table.frequencies)
    tokenizer.initialized = True
    return tokenizer


def test_cuts_equal_jieba_on_the_seed(
    segmenter: Segmenter, peer: jieba.Tokenizer, seed_path: Path
) -> None:
    """On real text every cut is that of `jieba.cut(HMM=False)`."""
    for line in seed_path.read_text(encoding="utf-8").lower().splitlines():
        assert [line[a:b] for a, b in segmenter.cut(line)] == list(peer.cut(line, HMM=False))


@given(text=sentences())
def test_cuts_equal_jieba(segmenter: Segmenter, peer: jieba.Tokenizer, text: str) -> None:
    """On arbitrary text too."""
    text = text.lower()
    assert [text[a:b] for a, b in segmenter.cut(text)] == list(peer.cut(text, HMM=False))


def test_order_of_the_table_changes_no_cut(table: WordTable, segmenter: Segmenter) -> None:
    """A table in any order, and of a word that is there twice the last frequency."""
    text = "街道党工委发动楼栋长和网格员把老旧小区的电网理清3.5万户app"
    backwards = WordTable(table.words[::-1], table.frequencies[::-1])
    assert list(Segmenter(backwards).cut(text)) == list(segmenter.cut(text))
    twice = WordTable(("甲", "乙", "甲乙", "甲乙"), (5, 5, 1, 900))
    assert list(Segmenter(twice).cut("甲乙")) == [(0, 2)]
    assert list(Segmenter(WordTable(("甲", "乙"), (5, 5))).cut("甲乙")) == [(0, 1), (1, 2)]


def test_what_is_remembered_is_bounded(
    table: WordTable, segmenter: Segmenter, seed_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A segmenter that forgets again and again cuts as one that remembers all."""
    text = seed_path.read_text(encoding="utf-8")[:6000]
    expected, remembered = list(segmenter.cut(text)), len(segmenter._beginnings)
    monkeypatch.setattr("practicelib.text.words._KEPT", 50)
    forgetful = Segmenter(table)
    assert list(forgetful.cut(text)) == expected
    assert len(forgetful._beginnings) <= 50 < remembered


def test_domain_words_are_cut_whole(segmenter: Segmenter) -> None:
    """Every word of the domain dictionary is one piece, and one-character words are kept."""
    for word in read_domain_words(data_path("labels/dictionary.txt")):
        assert list(segmenter.cut(word)) == [(0, len(word))]
    text = "他管3.5万户app"
    assert [text[a:b] for a, b in segmenter.words(text)] == ["他", "管", "万户", "app"]


def test_what_is_a_word(segmenter: Segmenter) -> None:
    """Han characters, one too, and two letters and more; no digits, marks or single letters."""
    for text, words in (
        ("a类b2表xy-z", ["类", "表", "xy"]),
        ("x，ok！3户", ["ok", "户"]),
        ("c#n+", []),
        ("", []),
    ):
        assert [text[a:b] for a, b in segmenter.words(text)] == words


def test_a_dictionary_may_have_comments(tmp_path: Path) -> None:
    """Words of 2 to 12 characters in their order, a byte-order mark before them."""
    file = tmp_path / "words.txt"
    file.write_text("# 词\n\n网格员  # 人\n app\n" + "渠" * 12, encoding="utf-8-sig")
    assert read_domain_words(file) == ("网格员", "app", "渠" * 12)
    file.write_text("渠\n" + "渠" * 13 + "\nApp\n网格1\n", encoding="utf-8")
    with pytest.raises(CodebookError) as caught:
        read_domain_words(file)
    assert [fault.line for fault in caught.value.faults] == [1, 2, 3, 4]
    with pytest.raises(CodebookError, match="cannot read the dictionary"):
        read_domain_words(tmp_path)


def test_faulty_dictionary_lines_are_all_named(tmp_path: Path) -> None:
    """Several words, symbols and repeats are faults with their lines."""
    file = tmp_path / "words.txt"
    file.write_text("网格员\n坏 行 x y\n# 注释\n网格员\n<b>\n", encoding="utf-8")
    with pytest.raises(CodebookError) as caught:
        read_domain_words(file)
    assert [fault.line for fault in caught.value.faults] == [2, 4, 5]
