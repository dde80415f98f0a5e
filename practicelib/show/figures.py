"""Figures of profiles as shapes for inline SVG: heat map, dots with whiskers, years.

Nothing is drawn by a library here, so that a page needs none; `figures_plot` draws the same with
matplotlib for files.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from practicelib.records.practices import Estimates, Measure, PracticeProfile, Trend
from practicelib.show.practice_words import category_names, percent, span, words
from practicelib.show.terminal import fit, width

_ROW = 26
_PLOT = 380
_TOP = 8
_NAME_COLUMNS = 27
_HEAD_COLUMNS, _LINE = 18, 14
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


def _parts(word: str, columns: int) -> list[str]:
    """A word in parts of so many columns; Chinese has no spaces to break a name at."""
    parts = [""]
    for character in word:
        if width(parts[-1] + character) > columns:
            parts.append("")
        parts[-1] += character
    return parts


def _lines(name: str, columns: int) -> list[str]:
    """A name in lines of so many columns, broken between words where it can be."""
    lines = [""]
    for word in (part for whole in name.split() for part in _parts(whole, columns)):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width(longer) > columns:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def scale_end(values: Sequence[float]) -> tuple[float, float]:
    """End of an axis that holds all values, and the step of its ticks (three to six of them)."""
    top = max([v for v in values if math.isfinite(v)], default=0.0)
    for step in _STEPS:
        if top <= 5 * step:
            return step * max(1, math.ceil(top / step - 1e-9)), step
    return 1.0, 0.25


def _margin(names: Sequence[str]) -> float:
    """Room for the longest row name: about 6.4 pixels a column at this size."""
    return 14.0 + 6.4 * max((width(short_name(name)) for name in names), default=0)


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
    cell, left = 110, _margin([unit.name for unit in profile.units])
    title = f"{words(lang)['heatmap']}: {words(lang)[measure]}"
    heads = [_lines(name, _HEAD_COLUMNS) for name in names]
    top = 22 + _LINE * max(map(len, heads))
    figure = Figure(title, round(left + cell * len(names) + 10), top + 4 + 40 * len(profile.units))
    for k, head in enumerate(heads):
        for row, line in enumerate(reversed(head)):
            place = top - 12 - _LINE * row
            figure.shapes.append(_text(left + cell * k + cell / 2, place, line, "middle"))
    for u, unit in enumerate(profile.units):
        y = top + 40 * u
        figure.shapes.append(_text(left - 8, y + 24, short_name(unit.name), "end"))
        for k, name in enumerate(names):
            value = float(best.value[u, k])
            shade = 0.0 if not math.isfinite(value) else min(value / end, 1.0)
            x = left + cell * k
            link, tip = (u, k), f"{unit.name} · {name}: {percent(value)}"
            box = {"x": x + 1, "y": y, "width": cell - 2, "height": 38, "rx": 3}
            style = {"class": f"heat k{k % 6}", "fill-opacity": f"{0.08 + 0.62 * shade:.3f}"}
            figure.shapes.append(Shape("rect", _plain(box) | style, "", link, tip))
            low, high = float(limits.low[u, k]), float(limits.high[u, k])
            bare = limits.method == "counted"
            place = y + (24 if bare else 17)
            figure.shapes.append(_text(x + cell / 2, place, percent(value), "middle", link=link))
            if not bare:
                small = _text(x + cell / 2, y + 32, span(low, high), "middle", "small", link)
                figure.shapes.append(small)
    return figure


def dot_figures(profile: PracticeProfile, measure: Measure, lang: str) -> list[Figure]:
    """One figure a category: a dot a unit with whiskers, corrected beside raw, on one scale."""
    table = profile.table(measure)
    ends = scale_end(_numbers([table.raw, table.corrected, table.band]))
    axis = _Axis(_margin([unit.name for unit in profile.units]), *ends)
    return [
        _dots(profile, k, name, measure, axis, lang)
        for k, name in enumerate(category_names(profile, lang))
    ]


@dataclass(frozen=True)
class _Axis:
    """A horizontal axis of shares from 0 to `end`, right of a margin."""

    left: float
    end: float
    step: float

    def at(self, value: float) -> float:
        return self.left + _PLOT * min(max(value / self.end, 0.0), 1.0)

    def canvas(self, title: str, rows: int) -> Figure:
        bottom = _TOP + _ROW * rows
        figure = Figure(title, round(self.left + _PLOT + 24), bottom + 24)
        for i in range(round(self.end / self.step) + 1):
            x = self.at(i * self.step)
            line = {"x1": x, "x2": x, "y1": _TOP, "y2": bottom}
            figure.shapes.append(Shape("line", _plain(line) | {"class": "grid"}))
            label = percent(i * self.step, 0)
            figure.shapes.append(_text(x, bottom + 16, label, "middle", "small"))
        return figure


def _dots(
    profile: PracticeProfile, k: int, name: str, measure: Measure, axis: _Axis, lang: str
) -> Figure:
    table = profile.table(measure)
    figure = axis.canvas(f"{name} · {words(lang)[measure]}", len(profile.units))
    for u, unit in enumerate(profile.units):
        y = _TOP + _ROW * u + _ROW / 2
        figure.shapes.append(_text(axis.left - 8, y + 4, short_name(unit.name), "end"))
        if table.band is not None:
            figure.shapes.extend(_band(table.band, (u, k), y, axis))
        offset = 4 if table.corrected is not None else 0
        figure.shapes.extend(_dot(table.raw, unit.name, (u, k), y - offset, axis, "raw"))
        if table.corrected is not None:
            found = _dot(table.corrected, unit.name, (u, k), y + offset, axis, "corr")
            figure.shapes.extend(found)
    return figure


def _band(band: Estimates, cell: tuple[int, int], y: float, axis: _Axis) -> Iterator[Shape]:
    low, high = float(band.low[cell]), float(band.high[cell])
    if math.isfinite(low):
        left, right = axis.at(low), axis.at(high)
        box = {"x": left, "y": y - 7, "width": max(right - left, 1.0), "height": 14}
        hue = f"band k{cell[1] % 6}"
        yield Shape("rect", _plain(box) | {"class": hue}, "", cell, span(low, high))


def _dot(
    found: Estimates, name: str, cell: tuple[int, int], y: float, axis: _Axis, kind: str
) -> Iterator[Shape]:
    value, low, high = (float(a[cell]) for a in (found.value, found.low, found.high))
    if not math.isfinite(value):
        return
    hue = f"k{cell[1] % 6} {kind}"
    tip = f"{name}: {percent(value)}"
    if math.isfinite(low) and found.method != "counted":
        line = {"x1": axis.at(low), "x2": axis.at(high), "y1": y, "y2": y}
        yield Shape("line", _plain(line) | {"class": f"whisker {hue}"})
        tip += f" ({span(low, high)})"
    dot = {"cx": axis.at(value), "cy": y, "r": 5}
    yield Shape("circle", _plain(dot) | {"class": f"dot {hue}"}, "", cell, tip)


def year_figures(trend: Trend, names: Sequence[str], lang: str) -> list[Figure]:
    """Small multiples: shares by year, one figure a category, with whiskers."""
    found = trend.estimates
    labels = [f"{y} ({n})" for y, n in zip(trend.years, trend.reports.tolist(), strict=True)]
    axis = _Axis(_margin(labels), *scale_end(_numbers([found])))
    figures = []
    for k, name in enumerate(names):
        figure = axis.canvas(f"{name} · {words(lang)['trend']}", len(labels))
        for i, label in enumerate(labels):
            y = _TOP + _ROW * i + _ROW / 2
            figure.shapes.append(_text(axis.left - 8, y + 4, label, "end"))
            figure.shapes.extend(
                replace(shape, link=None) for shape in _dot(found, label, (i, k), y, axis, "raw")
            )
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
