"""The codebook that comes with the package: whole, faultless, and right on plain cases."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields

import numpy as np
import pytest

from practicelib.codebook.matcher import Matcher, StanceMatcher
from practicelib.codebook.reading import read_codebook
from practicelib.codebook.tables import Tables
from practicelib.model.storage import load_tagger
from practicelib.records.codebook import Codebook

BOOK = read_codebook()
MATCHER = Matcher(BOOK)


def assigned(text: str) -> list[str]:
    row = MATCHER.assign([text])[0].tolist()
    return [key for key, yes in zip(BOOK.keys, row, strict=True) if yes]


def test_is_whole() -> None:
    assert BOOK.version == "1.1"
    assert BOOK.keys == ("co_building", "grid_management", "autonomy", "talent_selection")
    assert len(BOOK.rules) == 8
    assert BOOK.scope
    for category in BOOK.categories:
        texts = (category.definition, category.core_test, category.includes, category.excludes)
        assert all(texts)
        assert len(category.examples) >= 4
        weights = [pattern.weight for pattern in category.patterns]
        assert min(weights) < 0 < max(weights)
        assert len(weights) >= 60
    assert {name.removesuffix("_heading") for name, _ in BOOK.stances} == {"planned", "lacking"}


def test_the_shipped_model_keeps_the_tables_of_today() -> None:
    """Where the rules change what patterns compile to, TABLES_VERSION is to be raised."""
    model = load_tagger().parameters
    kept = model.features.tables_of(model.codebook)
    assert model.codebook.hash == BOOK.hash
    assert kept is not None
    for field in fields(Tables):
        one, other = getattr(kept, field.name), getattr(MATCHER.tables, field.name)
        assert np.array_equal(one, other), "raise TABLES_VERSION, save anew"


def test_survives_the_model_file() -> None:
    again = Codebook.from_dict(BOOK.to_dict())
    assert again.hash == BOOK.hash
    assert Matcher(again).names == MATCHER.names


def test_every_example_shows_patterns_of_its_category() -> None:
    for category in BOOK.categories:
        for example in category.examples:
            found = {match.category for match in MATCHER.find(example)}
            assert category.key in found, example


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("街道与辖区三家单位签订党建共建协议，操场周末向居民开放。", ["co_building"]),
        ("每个网格配一名网格员，每天巡查，发现问题当日上报。", ["grid_management"]),
        ("改不改、怎么改，由业主大会投票决定。", ["autonomy"]),
        ("县里从返乡青年中选拔村级后备干部，年底述职考核。", ["talent_selection"]),
        ("网格内的大事，由居民投票表决。", ["grid_management", "autonomy"]),
        ("党組織領導下的村民議事會", ["autonomy"]),
    ],
)
def test_plain_cases(text: str, keys: list[str]) -> None:
    assert assigned(text) == keys


@pytest.mark.parametrize(
    "text",
    [
        "新疆维吾尔自治区党委作出部署。",
        "自觉接受人大法律监督和政协民主监督。",
        "加快配电网格化改造，提高供电可靠性。",
        "深化与周边城市的产业合作，组建新能源汽车产业联盟。",
        "推进紧密型县域医共体和教育集团建设。",
        "引进高层次人才三百名，建设人才高地。",
        "开展农民职业技能培训，带动就业五千人。",
        "高质量共建“一带一路”。",
        "完善共建共治共享的社会治理格局。",
        "做好国防动员和后备力量建设。",
        "地区生产总值增长百分之六。",
        "村支书带着记者走进大棚。",
        "志愿者给老人送去饺子。",
    ],
)
def test_near_misses_get_no_category(text: str) -> None:
    assert assigned(text) == []


@pytest.mark.parametrize(
    ("text", "stances"),
    [
        ("下一步，拟建立议事会。", ("planned",)),
        ("网格力量不足，尚未配齐。", ("lacking",)),
        ("村里建了议事会。", ()),
    ],
)
def test_stances(text: str, stances: tuple[str, ...]) -> None:
    assert StanceMatcher(BOOK).stances(text) == stances


_PRINT_TABLES = """
import dataclasses, hashlib
from practicelib.codebook.matcher import Matcher
from practicelib.codebook.reading import read_codebook
arrays = Matcher(read_codebook()).tables
words, *fields = [getattr(arrays, field.name) for field in dataclasses.fields(arrays)]
parts = ["\\n".join(words).encode(), *(array.tobytes() for array in fields)]
print(hashlib.sha256(b"|".join(parts)).hexdigest())
"""


def test_tables_are_the_same_bytes_whatever_the_hash_seed() -> None:
    printed = {
        subprocess.run(
            [sys.executable, "-c", _PRINT_TABLES],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
