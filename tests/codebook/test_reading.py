"""Reading codebook files: faults by line, other categories, line finding."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicelib.codebook.lines import value_lines
from practicelib.codebook.matcher import Matcher, StanceMatcher
from practicelib.codebook.reading import parse_codebook, read_codebook
from practicelib.errors import CodebookError
from practicelib.records.codebook import Codebook

OTHER = """
version = "0.3"
language = "zh"
scope = "河流"
rules = ["一"]
masks = ["水利局"]

[classes]
"水" = ["河", "湖[泊]"]

[stances]
planned = ["拟"]

[[category]]
key = "water"
zh = "治水"
en = "Water"
definition = "治水的句子。"
examples = ["治理湖泊"]
patterns = [["治理…4<水>", 0.8], "水利"]

[[category]]
key = "wood"
zh = "造林"
en = "Wood"
"""

FAULTY = """version = "1"
scope = 3
colour = "red"
masks = ["…3"]

[classes]
"居民" = ["居民", "业主", "居民"]
"空" = []

[[category]]
key = "One"
zh = "一"
en = "One"
patterns = [
  ["网格", 1.0],
  ["(网格", 1.0],
  ["议事会", 0],
  # a comment between
  ["<邻里>会", 1.0],
  ["网格", 0.5],
  ["协商", "1"],
]

[[category]]
key = "two"
zh = "二"
"""


def test_other_categories_need_no_code() -> None:
    codebook = parse_codebook(OTHER)
    assert codebook.keys == ("water", "wood")
    matcher = Matcher(codebook)
    assert matcher.names == ("water: 治理…4<水>", "water: 水利")
    assert matcher.matrix(["治理好湖泊", "水利局"]).toarray().tolist() == [[1, 0], [0, 0]]
    assert StanceMatcher(codebook).stances("拟治理") == ("planned",)
    assert [p.line for p in codebook.categories[0].patterns] == [20, 20]


def test_content_survives_the_dictionary_form() -> None:
    codebook = parse_codebook(OTHER)
    again = Codebook.from_dict(codebook.to_dict())
    assert again == codebook
    assert again.hash == codebook.hash
    assert parse_codebook("# note\n" + OTHER).hash == codebook.hash


def test_all_faults_at_once_each_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "book.toml"
    path.write_text(FAULTY, encoding="utf-8")
    with pytest.raises(CodebookError) as caught:
        read_codebook(path)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{path}:") for line in lines)
    found = [(fault.line, fault.cause) for fault in caught.value.faults]
    expected = [
        (2, "must be a string"),
        (3, "unknown entry"),
        (4, "a gap cannot come first"),
        (7, "already in this class: 居民"),
        (8, "a class needs at least one word"),
        (11, "a key is a-z"),
        (16, "'(' is never closed"),
        (17, "a weight lies between"),
        (19, "unknown class <邻里>"),
        (20, "already on line 15"),
        (21, "a weight must be a number"),
        (24, "en is missing or empty"),
    ]
    assert len(found) == len(expected)
    for (line, cause), (expected_line, expected_cause) in zip(found, expected, strict=True):
        assert line == expected_line
        assert expected_cause in cause


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("version = \n", 1, "not valid TOML"),
        ('version = "1"\nkey = "a', 2, "not valid TOML"),
        ('version = "1"\n', 0, "no [[category]]"),
        ('category = ["a"]\nversion = "1"', 1, "a category must be a table"),
        (
            'version = "1"\n[[category]]\nkey="a"\nzh="a"\nen="a"\npatterns = "a"',
            6,
            "must be a list",
        ),
        (
            'version = "1"\n[[category]]\nkey="a"\nzh="a"\nen="a"\npatterns = [["a"]]',
            6,
            "is written",
        ),
        (OTHER + '\n[[category]]\nkey = "wood"\nzh="a"\nen="a"', 28, "key already used on line 23"),
    ],
)
def test_single_faults(text: str, line: int, cause: str) -> None:
    with pytest.raises(CodebookError) as caught:
        parse_codebook(text, file="book.toml")
    assert caught.value.file == "book.toml"
    assert caught.value.line == line
    assert cause in str(caught.value)


@pytest.mark.parametrize(
    ("key", "zh", "en", "cause"),
    [
        ("none", "甲", "A", "there is no category"),
        ("b", "无", "B", "there is no category"),
        ("b", "-", "B", "there is no category"),
        ("b", "水", "B", "also a name of 'water'"),
        ("b", "乙", "Water", "also a name of 'water'"),
        ("b", "乙", "WATER", "also a name of 'water'"),
    ],
)
def test_a_cell_can_say_each_category(key: str, zh: str, en: str, cause: str) -> None:
    """No category is called what means none, or what another one is called."""
    first = '[[category]]\nkey = "water"\nzh = "水"\nen = "Water"\n'
    text = f'version = "1"\n{first}[[category]]\nkey = "{key}"\nzh = "{zh}"\nen = "{en}"\n'
    with pytest.raises(CodebookError, match=cause) as caught:
        parse_codebook(text)
    assert {fault.line for fault in caught.value.faults} <= {7, 8, 9}


def test_a_class_without_words_hides_no_other_fault() -> None:
    """Neither an empty one nor one of faulty words, wherever a pattern uses it."""
    text = OTHER.replace('["河", "湖[泊]"]', '["河…2湖"]\n"空" = []')
    text = text.replace('"水利"]', '"<空>局", "!<空>局", "(甲|<空>)局"]')
    with pytest.raises(CodebookError) as caught:
        parse_codebook(text)
    causes = [fault.cause for fault in caught.value.faults]
    assert "a class holds words only" in causes[0]
    assert causes[1:] == ["a class needs at least one word", *["class <水> has no word"],
                          *["class <空> has no word"] * 3]  # fmt: skip


@pytest.mark.parametrize("weight", ["9" * 400, "-" + "9" * 400, "inf", "-inf", "nan"])
def test_weights_beyond_all_bounds(weight: str) -> None:
    """A fault as any other, beside which the others are named."""
    with pytest.raises(CodebookError) as caught:
        parse_codebook(OTHER.replace("0.8]", f"{weight}]").replace('"水利"]', '"水利", "(堤"]'))
    causes = [fault.cause for fault in caught.value.faults]
    assert "a weight lies" in causes[0]
    assert "'(' is never closed" in causes[1]
    assert len(causes) == 2


def test_what_python_itself_refuses_is_not_valid_toml() -> None:
    """Numbers of thousands of digits and lists in lists without end."""
    for value in ("9" * 5000, "[" * 5000 + "]" * 5000, "[" * 400 + "]" * 400):
        with pytest.raises(CodebookError) as caught:
            parse_codebook(f"version = {value}", file="book.toml")
        assert caught.value.file == "book.toml"


def test_missing_file_and_wrong_encoding(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="cannot read the codebook"):
        read_codebook(tmp_path / "none.toml")
    path = tmp_path / "gbk.toml"
    path.write_bytes("版本".encode("gb18030"))
    with pytest.raises(CodebookError, match="not UTF-8"):
        read_codebook(path)


LINED = '''
a = 1 # "not a string"
b.c = [ 1,
  [2, 'x, ]'],
  """two
lines""",
]
[t."quoted # key"]
x = { y = "}", z = 2 }
[[rows]]
k = \'\'\'
it''s\'\'\'
[[rows.inner]]
k = "\\"]"
[[rows]]
[rows.last]
k = 1979-05-27T07:32:00Z
'''


def test_lines_of_every_kind_of_value() -> None:
    lines = value_lines(LINED)
    assert lines["a",] == 2
    assert lines["b", "c"] == 3
    assert lines["b", "c", 0] == 3
    assert lines["b", "c", 1, 1] == 4
    assert lines["b", "c", 2] == 5
    assert lines["t", "quoted # key", "x", "z"] == 9
    assert lines["rows", 0, "k"] == 11
    assert lines["rows", 0, "inner", 0, "k"] == 14
    assert lines["rows", 1] == 15
    assert lines["rows", 1, "last", "k"] == 17


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))]
    if isinstance(value, list):
        inner = [leaf for n, item in enumerate(value) for leaf in leaves(item, (*path, n))]
        return [path, *inner]
    return [path]


def test_no_value_is_left_without_a_line() -> None:
    assert set(leaves(tomllib.loads(LINED))) <= set(value_lines(LINED))


_PIECES = [
    'a="x"',
    "a=[1,[2],3]",
    "[t]",
    "[[r]]",
    "b={c=1}",
    "#",
    "a='''\n'''",
    "\n",
    " ",
    'k.j="]"',
]


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("\n".join))
def test_lines_agree_with_tomllib(text: str) -> None:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(leaves(content)) <= set(value_lines(text))
