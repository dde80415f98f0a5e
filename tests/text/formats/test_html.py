"""HTML: what makes a line, what shows, and what white space becomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from practicelib.text.formats.html_furniture import is_furniture
from practicelib.text.reading import read_report


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ("<p>修渠<br/>出工<br>养护<hr>清淤", ["修渠", "出工", "养护", "清淤"]),
        (
            "修渠<ul><li>出工<li>养护</ul>清淤<dl><dt>甲<dd>乙</dl>",
            ["修渠", "出工", "养护", "清淤", "甲", "乙"],
        ),
        ("<pre>修渠，\n出工。</pre>养护，\n清淤。", ["修渠，", "出工。", "养护，清淤。"]),
        (
            "<pre>修渠，\n<pre>出工，</pre>\n养护，</pre>\n清淤，\n验收。",
            ["修渠，", "出工，", "养护，", "清淤，验收。"],
        ),
        ("</pre><p>养护，\n清淤。", ["养护，清淤。"]),
        ("<p>第 3\n组修渠\nA 段， “甲”\n乙 　 丙\t丁", ["第 3 组修渠 A 段， “甲”乙 　 丙 丁"]),
        ("\n <p>\n A 修渠 \n</p> 甲\n B <p> ", ["A 修渠", "甲 B"]),
        ("修<b>渠\n</b>\n出<a href=x>工</a>。", ["修渠出工。"]),
        (
            "修<svg><text>隐</text></svg>渠<select><option>隐</select>出<noscript>隐</noscript>工",
            ["修渠出工"],
        ),
        (
            "<header>修渠</header><nav>隐<nav>隐</nav>隐</nav><footer>出工</footer>",
            ["修渠", "出工"],
        ),
        ("<head><title>隐</head><body>修渠", ["修渠"]),
        ("<head><title>隐<body>修渠", ["修渠"]),
        ("<input hidden>修渠<span hidden>隐<span>隐</span>隐</span>出工", ["修渠出工"]),
        (
            "<table><tr><th>事项<th>谁办<tr><td>修渠<td>甲组</table>出工",
            ["事项；谁办", "修渠；甲组", "出工"],
        ),
        ("<table><tr><td>修渠。<td>出工</table>", ["修渠。", "出工"]),
        (
            "<table><tr><td>一<td>修渠<tr><td>二<td><p>出工。<p>养护。</table>",
            ["一；修渠", "二", "出工。", "养护。"],
        ),
        ("<tr><td>修渠</table>出工<td>养护", ["修渠", "出工", "养护"]),
        ("A&amp;B&#65292;&ldquo;渠&rdquo;&hellip;", ["A&B，“渠”…"]),
    ],
)
def test_lines_are_those_that_a_browser_shows(tmp_path: Path, page: str, lines: list[str]) -> None:
    """Blocks begin lines; inline marks, scripts, controls and what is hidden leave no trace."""
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert read_report(tmp_path / "a.html").text.split("\n") == lines


def test_headings_have_their_levels(tmp_path: Path) -> None:
    """And what follows a heading without a mark of its own has none."""
    page = "<h1>甲村</h1>修了渠。<h2>出工</h2>各户出工。<h6>（一）养护</h6>轮流养护。<h4>清淤"
    (tmp_path / "a.html").write_text(f"{page}</h4>（二）验收", encoding="utf-8")
    report = read_report(tmp_path / "a.html")
    assert [(s.title, s.level) for s in report.sections if s.title != "甲村"] == [
        ("出工", 2),
        ("（一）养护", 6),
        ("清淤", 4),
        ("（二）验收", 2),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "当前位置：<a>首页</a> &gt; <a>政务公开</a> &gt; <a>工作动态</a>",
        "您现在的位置：首页 » 工作动态",
        "<a>首页</a> | <a>政务公开</a>",
        "分享到：<a>微信</a><a>微博</a>",
        "【<a>打印</a>】【<a>关闭窗口</a>】",
        "字体：【<a>大</a> <a>中</a> <a>小</a>】",
        "上一篇：<a>关于开展安全检查的通知</a>",
        "【下一篇】：没有了",
        "苏ICP备12345678号-1　苏公网安备 32000000000001号",
        "网站标识码：3200000001　网站地图",
        "版权所有：江东县人民政府　建议使用IE9以上浏览器",
    ],
)
def test_what_belongs_to_the_site_is_left_out(tmp_path: Path, line: str) -> None:
    """A line that is navigation as a whole; not with a sentence after it, nor a list of its own."""
    page = f"<div>{line}</div><h1>修渠的做法</h1><p>各户出工。</p><div>{line}</div>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    report = read_report(tmp_path / "a.html")
    assert (report.text, report.title) == ("修渠的做法\n各户出工。", "修渠的做法")
    (tmp_path / "a.html").write_text(f"<p>{line}，各户出工。", encoding="utf-8")
    assert "各户出工。" in read_report(tmp_path / "a.html").text


@pytest.mark.parametrize(
    "line",
    [
        "大",
        "分享经验",
        "打印材料由村里出",
        "位置：村东",
        "下一条：清淤由谁办？",
        "首页",
        "大中小学",
    ],
)
def test_text_that_looks_like_it_is_kept(tmp_path: Path, line: str) -> None:
    """A line of navigation among the sentences does less harm than a sentence that is missing."""
    (tmp_path / "a.html").write_text(f"<p>{line}</p><p>各户出工。", encoding="utf-8")
    assert read_report(tmp_path / "a.html").text == f"{line}\n各户出工。"


def test_long_lines_of_marks_take_no_time() -> None:
    """No pattern goes back and forth."""
    for line in (
        "关闭" * 70 + "。",
        "【" * 159 + "x",
        "打印本页" * 39 + "x：",
        "首页|" + ">" * 150,
    ):
        is_furniture(line)
