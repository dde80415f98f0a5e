"""Hypothesis strategies for reports: what real files hold, and what they should not."""

from __future__ import annotations

from hypothesis import strategies as st

HAN = "网格员每天巡查居民议事会党委选派干部共建单位签订协议村民自治的了在和，一二三四五六"
TRADITIONAL = "網格員選舉議會鄉鎮黨員聯絡區"
MARKS = "，。；：！？、“”‘’（）《》…—,.;:!?\"'()[]｡．１２Ａ％"
PIECES = (
    "一、",
    "（一）",
    "1.",
    "1.2",
    "3.5%",
    "https://a.cn/b?c=1!",
    "……",
    "12345",
    "App",
    "🙂",
    "\u3000",
    "二是",
    "。”",
    "！）",
    "?'",
    "——",
)
BREAKS = ("\n", "\r\n", "\r", "\n\n", "\u2028", "\n\u3000\u3000")


def report_texts(max_size: int = 40) -> st.SearchStrategy[str]:
    """Texts of mixed widths, quotes, enumerations, line ends, emoji and Traditional characters."""
    characters = st.sampled_from(HAN + TRADITIONAL + MARKS + " ")
    runs = st.text(characters, min_size=1, max_size=12)
    odd = st.text(max_size=3).filter(lambda text: text < "\ud800" or text > "\udfff")
    piece = st.one_of(runs, runs, st.sampled_from(PIECES), st.sampled_from(BREAKS), odd)
    return st.lists(piece, max_size=max_size).map("".join)


def sentences() -> st.SearchStrategy[str]:
    """Single sentences without line breaks."""
    characters = st.sampled_from(HAN + TRADITIONAL + MARKS + " 　")
    return st.text(characters, max_size=60)
