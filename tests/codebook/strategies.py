"""Random patterns and texts over a small alphabet, so that they meet often."""

from __future__ import annotations

from hypothesis import strategies as st

CLASSES = {"甲": ("民", "居民", "[村]民会"), "乙": ("会", "议(事|会)")}
CLASS_WORDS = {
    "甲": frozenset({"民", "居民", "民会", "村民会"}),
    "乙": frozenset({"会", "议事", "议会"}),
}
_LETTERS = "居民村会议事a"
TEXTS = st.text(_LETTERS + "，。、；　 （Ａ！", max_size=30)
_literals = st.text(_LETTERS, min_size=1, max_size=3)
_leaves = st.one_of(_literals, st.sampled_from(["<甲>", "<乙>"]))
_gaps = st.builds(lambda mark, n: f"{mark}{n}", st.sampled_from(["…", "……"]), st.integers(1, 5))


def _rows(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def join(first: str, rest: list[tuple[str, str]]) -> str:
        return first + "".join(gap + part for gap, part in rest)

    gap = st.one_of(st.just(""), _gaps)
    return st.builds(join, parts, st.lists(st.tuples(gap, parts), max_size=2))


def _choices(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    rows = st.lists(_rows(parts), min_size=1, max_size=3).map("|".join)
    return st.builds(lambda b, inner: b[0] + inner + b[1], st.sampled_from(["()", "[]"]), rows)


_parts = st.recursive(_leaves, _choices, max_leaves=5)
_contexts = st.sampled_from(["!(民)", "!(村|事会)", "!<乙>"])
_starts = st.one_of(st.just(""), st.just("^"), _contexts)
_ends = st.one_of(st.just(""), st.just("$"), _contexts)
_branches = st.builds(lambda a, row, z: a + row + z, _starts, _rows(_parts), _ends)
PATTERNS = st.lists(_branches, min_size=1, max_size=2).map("|".join)
