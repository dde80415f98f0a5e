"""Figures of profiles as shapes for inline SVG: heat map, dots with whiskers, years.

Nothing is drawn by a library here, so that a page needs none; `figures_plot` draws the same with
matplotlib for files.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from practicelib.records.practices import Estimates, Measure, PracticeProfile, Trend
from practicelib.show.practice_words import category_names, percent, span, words
from practicelib.show.terminal import fit, width

_ROW = 26
_LEFT = 210
_PLOT = 380
_NAME_COLUMNS = 27
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)


@dataclass(frozen=True)
class Shape:
    """One element of an SVG drawing; `link` holds unit and category of the sentences behind it."""

    kind: str
    attributes: dict[str, str]
    text: str = ""
    link: tuple[int, int] | None = None
    tip: str = ""


@dataclass(frozen=True)
class Figure:
    """A drawing with its size in pixels and what a screen reader says of it."""

    title: str
    width: int
    height: int
    shapes: list[Shape] = field(default_factory=list)


def short_name(name: str, columns: int = _NAME_COLUMNS) -> str:
    """A name cut to a number of columns."""
    return fit(name, columns).rstrip() if width(name) > columns else name


def scale_end(values: Sequence[float]) -> tuple[float, float]:
    """End of an axis that holds all values, and the step of its ticks (three to six of them)."""
    top = max([v for v in values if math.isfinite(v)], default=0.0)
    for step in _STEPS:
        if top <= 5 * step:
            return step * max(1, math.ceil(top / step - 1e-9)), step
    return 1.0, 0.25


def _numbers(tables: Sequence[Estimates | None]) -> list[float]:
    return [
        float(v)
        for table in tables
        if table is not None
        for array in (table.value, table.high)
        for v in array.ravel()
    ]


def heat_map(profile: PracticeProfile, measure: Measure, lang: str) -> Figure:
    """Units by categories, shaded by share, with limits under the figure."""
    table = profile.table(measure)
    best = table.corrected or table.raw
    limits = table.corrected or (table.band if table.raw.method == "counted" else None) or table.raw
    end, _ = scale_end([float(v) for v in best.value.ravel()])
    names = category_names(profile, lang)
    cell = 110
    figure = Figure(
        f"{words(lang)['heatmap']}: {words(lang)[measure]}",
        _LEFT + cell * len(names) + 10,
        40 + 40 * len(profile.units),
    )
    for k, name in enumerate(names):
        figure.shapes.append(_text(_LEFT + cell * k + cell / 2, 24, name, "middle"))
    for u, unit in enumerate(profile.units):
        y = 36 + 40 * u
        figure.shapes.append(_text(_LEFT - 8, y + 24, short_name(unit.name), "end"))
        for k, name in enumerate(names):
            value = float(best.value[u, k])
            shade = 0.0 if not math.isfinite(value) else min(value / end, 1.0)
            x = _LEFT + cell * k
            link, tip = (u, k), f"{unit.name} · {name}: {percent(value)}"
            box = {"x": x + 1, "y": y, "width": cell - 2, "height": 38, "rx": 3}
            style = {"class": f"heat k{k % 6}", "fill-opacity": f"{0.08 + 0.62 * shade:.3f}"}
            figure.shapes.append(Shape("rect", _plain(box) | style, "", link, tip))
            figure.shapes.append(_text(x + cell / 2, y + 17, percent(value), "middle", link=link))
            low, high = float(limits.low[u, k]), float(limits.high[u, k])
            if limits.method != "counted":
                small = _text(x + cell / 2, y + 32, span(low, high), "middle", "small", link)
                figure.shapes.append(small)
    return figure


def dot_figures(profile: PracticeProfile, measure: Measure, lang: str) -> list[Figure]:
    """One figure a category: a dot a unit with whiskers, corrected beside raw, on one scale."""
    table = profile.table(measure)
    every = [table.raw, table.corrected, table.band]
    end, step = scale_end(_numbers(every))
    return [
        _dots(profile, k, name, measure, end, step, lang)
        for k, name in enumerate(category_names(profile, lang))
    ]


def _dots(
    profile: PracticeProfile,
    k: int,
    name: str,
    measure: Measure,
    end: float,
    step: float,
    lang: str,
) -> Figure:
    rows = len(profile.units)
    title = f"{name} · {words(lang)[measure]}"
    figure = Figure(title, _LEFT + _PLOT + 30, 30 + _ROW * rows + 24)
    figure.shapes.extend(_axis(end, step, 24, 30 + _ROW * rows))
    table = profile.table(measure)
    for u, unit in enumerate(profile.units):
        y = 30 + _ROW * u + _ROW / 2
        figure.shapes.append(_text(_LEFT - 8, y + 4, short_name(unit.name), "end"))
        if table.band is not None:
            figure.shapes.extend(_band(table.band, u, k, y, end))
        offset = 4 if table.corrected is not None else 0
        figure.shapes.extend(_dot(table.raw, unit.name, u, k, y - offset, end, "raw"))
        if table.corrected is not None:
            found = _dot(table.corrected, unit.name, u, k, y + offset, end, "corr")
            figure.shapes.extend(found)
    return figure


def _at(value: float, end: float) -> float:
    return _LEFT + _PLOT * min(max(value / end, 0.0), 1.0)


def _axis(end: float, step: float, top: float, bottom: float) -> Iterator[Shape]:
    for i in range(round(end / step) + 1):
        x = _at(i * step, end)
        line = {"x1": x, "x2": x, "y1": top, "y2": bottom}
        yield Shape("line", _plain(line) | {"class": "grid"})
        yield _text(x, bottom + 16, percent(i * step, 0), "middle", "small")


def _band(band: Estimates, u: int, k: int, y: float, end: float) -> Iterator[Shape]:
    low, high = float(band.low[u, k]), float(band.high[u, k])
    if math.isfinite(low):
        left, right = _at(low, end), _at(high, end)
        box = {"x": left, "y": y - 7, "width": max(right - left, 1.0), "height": 14}
        yield Shape("rect", _plain(box) | {"class": f"band k{k % 6}"}, "", (u, k), span(low, high))


def _dot(
    found: Estimates, name: str, u: int, k: int, y: float, end: float, kind: str
) -> Iterator[Shape]:
    value, low, high = (float(a[u, k]) for a in (found.value, found.low, found.high))
    if not math.isfinite(value):
        return
    hue = f"k{k % 6} {kind}"
    if math.isfinite(low) and found.method != "counted":
        line = {"x1": _at(low, end), "x2": _at(high, end), "y1": y, "y2": y}
        yield Shape("line", _plain(line) | {"class": f"whisker {hue}"})
    tip = f"{name}: {percent(value)} ({span(low, high)})"
    dot = {"cx": _at(value, end), "cy": y, "r": 5}
    yield Shape("circle", _plain(dot) | {"class": f"dot {hue}"}, "", (u, k), tip)


def year_figures(trend: Trend, names: Sequence[str], lang: str) -> list[Figure]:
    """Small multiples: shares by year, one figure a category, with whiskers."""
    found = trend.estimates
    end, step = scale_end(_numbers([found]))
    figures = []
    for k, name in enumerate(names):
        figure = Figure(f"{name} · {words(lang)['trend']}", _LEFT + _PLOT + 30, 0)
        rows = len(trend.years)
        figure = Figure(figure.title, figure.width, 30 + _ROW * rows + 24)
        figure.shapes.extend(_axis(end, step, 24, 30 + _ROW * rows))
        for i, year in enumerate(trend.years):
            y = 30 + _ROW * i + _ROW / 2
            label = f"{year} ({int(trend.reports[i])})"
            figure.shapes.append(_text(_LEFT - 8, y + 4, label, "end"))
            for shape in _dot(found, year, i, k, y, end, "raw"):
                figure.shapes.append(Shape(shape.kind, shape.attributes, tip=shape.tip))
        figures.append(figure)
    return figures


def _text(
    x: float,
    y: float,
    text: str,
    anchor: str,
    kind: str = "",
    link: tuple[int, int] | None = None,
) -> Shape:
    attributes = _plain({"x": x, "y": y}) | {"text-anchor": anchor}
    if kind:
        attributes["class"] = kind
    return Shape("text", attributes, text, link)


def _plain(numbers: dict[str, Any]) -> dict[str, str]:
    return {name: f"{value:.1f}".rstrip("0").rstrip(".") for name, value in numbers.items()}
