"""Numbers of agreement as they are printed, the same everywhere; numbers again in a workbook."""

from __future__ import annotations

import math

from practicelib.files.xlsx import Figure
from practicelib.records.agreement import Coefficient, Interval

_DIGITS = 6


def number(value: float, digits: int = 3) -> str:
    """A figure, "–" where it is undefined."""
    if not math.isfinite(value):
        return "–"
    text = f"{value:.{digits}f}"
    text = text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")
    return Figure(text, _plain(value), _decimals(digits))


def signed(value: float, digits: int = 3) -> str:
    """A difference with its sign."""
    text = number(value, digits)
    if not isinstance(text, Figure):
        return text
    sign = "" if text.startswith("−") or float(text) == 0 else "+"
    form = _decimals(digits)
    return Figure(sign + text, text.value, f"+{form};-{form};{form}")


def limits(interval: Interval, digits: int = 3) -> str:
    """An interval as "[low, high]", an exact bound as "≥ low"; "–" where there is none."""
    if not math.isfinite(interval.low):
        return "–"
    if interval.method == "exact":
        return f"≥ {number(interval.low, digits)}"
    return f"[{number(interval.low, digits)}, {number(interval.high, digits)}]"


def with_limits(coefficient: Coefficient, digits: int = 3) -> str:
    """A figure with its interval, "–" where it is undefined."""
    text = number(coefficient.value, digits)
    if not math.isfinite(coefficient.low):
        return text
    return f"{text} {limits(coefficient.interval, digits)}"


def signed_with_limits(coefficient: Coefficient) -> str:
    """A difference with its sign and interval, "–" where it is undefined."""
    text = signed(coefficient.value)
    if not math.isfinite(coefficient.low):
        return text
    return f"{text} {limits(coefficient.interval)}"


def percent(value: float) -> str:
    """A share as a percentage with one decimal."""
    if not math.isfinite(value):
        return "–"
    return Figure(f"{100 * value:.1f}%", _plain(value), "0.0%")


def count(value: int) -> str:
    """How many there are."""
    return Figure(str(value), value, "0")


def _plain(value: float) -> float:
    """The number in a workbook, rounded as in CSV and JSON; no negative zero."""
    return round(value, _DIGITS) + 0.0


def _decimals(digits: int) -> str:
    return f"0.{'0' * digits}" if digits else "0"
