"""Figures for files with matplotlib: heat map with limits, dots with whiskers, years.

Text stays text in SVG, so that any machine with a Chinese font shows it. A PNG is drawn here and
needs one: without, it is refused, since its characters would be empty boxes.
"""

from __future__ import annotations

import contextlib
import io
import math
from typing import Any

import numpy as np

from practicelib.errors import MissingExtraError, PracticeError
from practicelib.records.practices import Comparison, Estimates, Measure, PracticeProfile, Trend
from practicelib.show.figures import scale_end, short_name
from practicelib.show.practice_words import category_names, legend, percent, span, words

FONTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC",
    "Source Han Sans CN", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "SimHei", "SimSun",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Heiti SC", "Arial Unicode MS",
)  # fmt: skip
_HUES = ("#0b5cad", "#1d7a46", "#8a3ea0", "#a65a00", "#00737a", "#b02a37")


class NoChineseFontError(PracticeError, RuntimeError):
    """A picture of Chinese text was asked for on a machine without a Chinese font."""


def chinese_font() -> str:
    """Name of an installed font with Chinese characters; empty where there is none."""
    found = _listed_font()
    if not found:
        _list_new_fonts()
        found = _listed_font()
    return found


def _listed_font() -> str:
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in FONTS if name in installed), "")


def _list_new_fonts() -> None:
    """Add what was installed since matplotlib made its list, which it keeps from run to run."""
    from matplotlib import font_manager

    known = {font.fname for font in font_manager.fontManager.ttflist}
    for file in set(font_manager.findSystemFonts()) - known:
        # A file that matplotlib cannot read is no font for us.
        with contextlib.suppress(OSError, RuntimeError):
            font_manager.fontManager.addfont(file)


def plot(
    profile: PracticeProfile,
    comparison: Comparison | None = None,
    *,
    format: str = "svg",
    lang: str = "zh",
) -> bytes:
    """All figures of a profile or comparison on one sheet, as "svg" or "png".

    Raises MissingExtraError without matplotlib, and NoChineseFontError for a PNG with Chinese text
    where no Chinese font is installed.
    """
    try:
        import matplotlib
    except ImportError as cause:
        raise MissingExtraError("figures as files need matplotlib", extra="plot") from cause
    if format not in ("svg", "png"):
        raise ValueError(f"format must be svg or png, not {format!r}")
    font = chinese_font()
    if format == "png" and not font and _has_chinese(profile, lang):
        raise NoChineseFontError(
            "no Chinese font is installed, so a PNG would show empty boxes; install one (such as"
            " fonts-noto-cjk) or write .svg, which keeps text as text"
        )
    settings = {
        "svg.fonttype": "none",
        "svg.hashsalt": "practicelib",
        "font.family": [*([font] if font else []), *FONTS[:1], "sans-serif"],
        "axes.unicode_minus": False,
    }
    if not font:
        # Glyphs are only measured here; the SVG's reader has the font.
        settings["font.family"] = ["sans-serif"]
    import logging
    import warnings

    with matplotlib.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
        content = _draw(profile, comparison, format, lang)
    return _with_font_stack(content) if format == "svg" else content


def _has_chinese(profile: PracticeProfile, lang: str) -> bool:
    names = [unit.name for unit in profile.units] + category_names(profile, lang)
    return lang == "zh" or any("\u2e80" <= c <= "\u9fff" for name in names for c in name)


def _with_font_stack(content: bytes) -> bytes:
    """The SVG with fonts that readers' machines may have, first of all Chinese ones."""
    stack = ", ".join(f"'{name}'" for name in FONTS[:9]) + ", sans-serif"
    text = content.decode("utf-8")
    head, _, rest = text.partition("<defs>")
    style = f'<style type="text/css">text {{ font-family: {stack} !important; }}</style>\n'
    return f"{head}{style} <defs>{rest}".encode()


def _draw(profile: PracticeProfile, comparison: Comparison | None, format: str, lang: str) -> bytes:
    from matplotlib.figure import Figure

    measure: Measure = comparison.measure if comparison else "sentences"
    names = category_names(profile, lang)
    trend = comparison.trend if comparison else None
    k, units = len(names), len(profile.units)
    heights = [0.45 * units + 1.0, 0.42 * units + 1.0]
    if trend is not None:
        heights.append(0.3 * len(trend.years) + 1.0)
    figure = Figure(figsize=(3.0 * k + 2.5, sum(heights) + 1.0), layout="constrained")
    grid = figure.add_gridspec(len(heights), k, height_ratios=heights)
    _heat(figure.add_subplot(grid[0, :]), profile, measure, names, lang)
    first: Any = None
    for i, name in enumerate(names):
        axes = figure.add_subplot(grid[1, i], sharey=first)
        first = first or axes
        _dots(axes, profile, measure, i, name, i == 0)
    if trend is not None:
        for i, name in enumerate(names):
            _years(figure.add_subplot(grid[2, i]), trend, i, f"{name} · {words(lang)['trend']}")
    said = [words(lang)["emphasis"], legend(profile, measure, lang)]
    figure.suptitle("    ".join(filter(None, said)), fontsize=8, x=0.01, ha="left")
    stream = io.BytesIO()
    figure.savefig(stream, format=format, dpi=150, metadata=_metadata(format))
    return stream.getvalue()


def _metadata(format: str) -> dict[str, Any]:
    return {"Date": None} if format == "svg" else {"Software": None}


def _heat(
    axes: Any, profile: PracticeProfile, measure: Measure, names: list[str], lang: str
) -> None:
    table = profile.table(measure)
    best = table.corrected or table.raw
    limits = table.corrected or (table.band if table.raw.method == "counted" else None) or table.raw
    axes.imshow(np.nan_to_num(best.value), cmap="Blues", aspect="auto", vmin=0.0)
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(profile.units)), [short_name(u.name) for u in profile.units])
    axes.set_title(words(lang)[measure], fontsize=10)
    top = float(np.nanmax([*best.value.ravel(), 1e-9]))
    for u in range(len(profile.units)):
        for k in range(len(names)):
            value = float(best.value[u, k])
            text = percent(value)
            if limits.method != "counted":
                text += "\n" + span(float(limits.low[u, k]), float(limits.high[u, k]))
            dark = math.isfinite(value) and value > 0.6 * top
            axes.text(k, u, text, ha="center", va="center", fontsize=7, color="w" if dark else "k")


def _dots(
    axes: Any, profile: PracticeProfile, measure: Measure, k: int, name: str, labels: bool
) -> None:
    table = profile.table(measure)
    hue = _HUES[k % len(_HUES)]
    rows = np.arange(len(profile.units))
    every = [table.raw, table.corrected, table.band]
    if table.band is not None:
        width = table.band.high[:, k] - table.band.low[:, k]
        axes.barh(rows, width, left=table.band.low[:, k], color=hue, alpha=0.18, height=0.5)
    offset = 0.14 if table.corrected is not None else 0.0
    _whiskers(axes, table.raw, k, rows - offset, hue, hue)
    if table.corrected is not None:
        _whiskers(axes, table.corrected, k, rows + offset, hue, "white")
    numbers = [v for e in every if e is not None for a in (e.value, e.high) for v in a.ravel()]
    end, _ = scale_end([float(v) for v in numbers])
    axes.set_xlim(-0.02 * end, end * 1.04)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.xaxis.set_major_formatter(lambda value, _: percent(value, 0))
    axes.grid(axis="x", alpha=0.3)
    axes.set_title(name, fontsize=9, color=hue)
    axes.set_yticks(rows, [short_name(u.name) for u in profile.units])
    axes.tick_params(axis="y", labelleft=labels, labelsize=8)


def _whiskers(axes: Any, found: Estimates, k: int, rows: Any, hue: str, fill: str) -> None:
    value = found.value[:, k]
    if found.method != "counted":
        axes.hlines(rows, found.low[:, k], found.high[:, k], color=hue, linewidth=1.4)
    axes.scatter(value, rows, s=24, color=fill, edgecolor=hue, zorder=3)


def _years(axes: Any, trend: Trend, k: int, name: str) -> None:
    hue = _HUES[k % len(_HUES)]
    rows = np.arange(len(trend.years))
    _whiskers(axes, trend.estimates, k, rows, hue, hue)
    labels = [f"{y} ({n})" for y, n in zip(trend.years, trend.reports.tolist(), strict=True)]
    axes.set_yticks(rows, labels, fontsize=7)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.xaxis.set_major_formatter(lambda value, _: percent(value, 0))
    axes.grid(axis="x", alpha=0.3)
    axes.set_title(name, fontsize=9, color=hue)
