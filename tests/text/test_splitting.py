"""Sentence boundaries: the rules one by one, and what holds for every text."""

from __future__ import annotations

import pytest
from hypothesis import given

from practicelib.text.splitting import looks_wrapped, split_lines, split_sentences
from tests.strategies import report_texts


def cut(text: str, *, rejoin: bool = False) -> list[str]:
    return [
        text[a:b]
        for line in split_lines(text, rejoin=rejoin)
        for a, b in split_sentences(text, line.start, line.end)
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("居民议事。党员报到！谁来管？", ["居民议事。", "党员报到！", "谁来管？"]),
        ("居民议事.党员报到!谁来管?好", ["居民议事.党员报到!", "谁来管?", "好"]),
        ("他说：“大家定。”众人鼓掌。", ["他说：“大家定。”", "众人鼓掌。"]),
        ("（见附件。）下文。", ["（见附件。）", "下文。"]),
        ('他说"好。"走了。', ['他说"好。"', "走了。"]),
        ("真的？！太好了！！", ["真的？！", "太好了！！"]),
        ("一是选人；二是育人；三是用人。", ["一是选人；二是育人；三是用人。"]),
        ("增长3.5%，见1.2节。", ["增长3.5%，见1.2节。"]),
        ("问题很多……但在改。", ["问题很多……但在改。"]),
        ("详见https://a.cn/b?c=1!d。完", ["详见https://a.cn/b?c=1!d。", "完"]),
        ("网址www.gov.cn/?a=1 可查。", ["网址www.gov.cn/?a=1 可查。"]),
        (
            "见http://a.cn/?b=1和FTP://b.cn/?c=2。完",
            ["见http://a.cn/?b=1和FTP://b.cn/?c=2。", "完"],
        ),
        ("详见http://a.cn/?好", ["详见http://a.cn/?", "好"]),
        ('好。"大家"说。', ["好。", '"大家"说。']),
        ("他说'好！'走了。", ["他说'好！'", "走了。"]),
        ("甲。乙？」）。丙", ["甲。", "乙？」）。", "丙"]),
        ("一、标题\n正文。", ["一、标题", "正文。"]),
        ("甲\r\n乙\r丙\u2028丁", ["甲", "乙", "丙", "丁"]),
        ("\u3000\u3000缩进。\u3000再来。", ["缩进。", "再来。"]),
        ("半角句号｡下句｡", ["半角句号｡", "下句｡"]),
        ("", []),
        (" \n\u3000\n", []),
    ],
)
def test_rules(text: str, sentences: list[str]) -> None:
    """Each rule of the module's docstring."""
    assert cut(text) == sentences


def test_rejoin_mends_hard_wrapped_lines() -> None:
    """Full lines without a stop go on in the next line; offsets keep the break inside."""
    line = "全区网格员每天早晚两次走街串巷了解居民需求并"
    text = f"{line}\n及时上报。\n二、下一步\n{line}\n\n新段落。"
    assert cut(text, rejoin=True) == [
        f"{line}\n及时上报。",
        "二、下一步",
        line,
        "新段落。",
    ]
    assert len(cut(text)) == 5


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("网格员每天早晚两次走街串巷了解情\n况。", True),
        ("网格员每天早晚两次走街串巷了解\n情况。", False),
        ("网格员每天早晚两次走街串巷了解情\n\u3000\u3000况。", False),
        ("网格员每天早晚两次走街串巷了解情\n 况。", False),
        ("他说：“网格员每天早晚两次走街串巷。”\n情况。", False),
        (f"{'网格员每天走访' * 2}，居民\n{'网格员每天走访' * 3}。", False),
        (f"{'网格员每天走访' * 2}，居民的\n{'网格员每天走访' * 2}，居民的好。", True),
    ],
)
def test_only_full_lines_go_on(text: str, joined: bool) -> None:
    """Of sixteen characters and more, nearly as long as the longest; no new paragraph's."""
    assert len(split_lines(text, rejoin=True)) == (1 if joined else 2)


def test_cells_of_tables_are_not_joined() -> None:
    """Neither with what is above them nor with what is below."""
    line = "网格员每天早晚两次走街串巷了解情况"
    text = "\n".join([line] * 4)
    lines = split_lines(text, rejoin=True, cells={18: "cell"})
    assert [(one.start, one.end, one.kind) for one in lines] == [
        (0, 17, ""),
        (18, 35, "cell"),
        (36, 71, ""),
    ]


@given(report_texts())
def test_only_white_space_between_sentences(text: str) -> None:
    """Offsets ascend, slice the text, and leave nothing but white space between them."""
    for rejoin in (False, True):
        end = 0
        for line in split_lines(text, rejoin=rejoin):
            for start, stop in split_sentences(text, line.start, line.end):
                assert end <= start < stop
                assert not text[end:start].strip()
                assert text[start:stop] == text[start:stop].strip()
                end = stop
        assert not text[end:].strip()


def test_hard_wrapped_lines_are_noticed() -> None:
    """A quarter of the lines, three at least, that end within a sentence."""
    wrapped = (
        "全镇划为十二个网格，每个网格配一名网格\n"
        "员，网格员每天走访，把居民的难处记下来\n"
        "，能办的当场办，办不了的报到镇里去办。\n"
    )
    assert looks_wrapped(wrapped * 2)
    assert not looks_wrapped(wrapped.replace("\n", "") * 2)
    assert not looks_wrapped(wrapped)
