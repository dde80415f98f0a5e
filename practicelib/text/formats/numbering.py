"""Automatic numbers of Word paragraphs, rendered as Word shows them (ECMA-376 part 1, 17.9).

The numbers are no part of the text; they go into `Section.number`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LEVELS = 9
# Word counts no further. A forged start would make letters by the million.
_LARGEST = 32_767


def chinese(number: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """A number below 10,000 in Chinese: 12 is 十二, 105 is 一百〇五."""
    if not 0 < number < 10_000:
        return str(number)
    pieces: list[str] = []
    for place in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**place % 10
        if digit:
            pieces.append(digits[digit] + (units[place - 1] if place else ""))
        elif pieces and pieces[-1] != digits[0] and number % 10**place:
            pieces.append(digits[0])
    text = "".join(pieces)
    return text[1:] if 10 <= number < 20 and digits == _DIGITS else text


def _roman(number: int) -> str:
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    names = ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i")
    text = ""
    for value, name in zip(values, names, strict=True):
        text += name * (number // value)
        number %= value
    return text


def _letters(number: int) -> str:
    # Word repeats the letter after z: aa, bb.
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else ""


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)


def _plain_digits(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: str(number).translate(
        {48 + i: 0xFF10 + i for i in range(10)}
    ),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": _plain_digits,
    "japaneseDigitalTenThousand": _plain_digits,
    "taiwaneseDigital": _plain_digits,
    "chineseLegalSimplified": lambda number: chinese(number, _LEGAL, "拾佰仟"),
    "ideographLegalTraditional": lambda number: chinese(number, "零壹貳參肆伍陸柒捌玖", "拾佰仟"),
    "ideographTraditional": lambda number: "甲乙丙丁戊己庚辛壬癸"[(number - 1) % 10],
    "ideographZodiac": lambda number: "子丑寅卯辰巳午未申酉戌亥"[(number - 1) % 12],
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "bullet": lambda number: "",
    "none": lambda number: "",
}


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""


@dataclass
class _List:
    """A list's levels; lists of one abstract definition count on together."""

    abstract: str
    levels: dict[int, _Level]
    restarts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts through a document; `number` must be called once a paragraph, in order."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        self._styles = _style_numbers(styles) if styles is not None else {}
        if numbering is not None:
            self._read(numbering)

    def _read(self, root: Any) -> None:
        abstracts = {
            a.get(f"{W}abstractNumId"): {
                int(level.get(f"{W}ilvl")): _level(level) for level in a.findall(f"{W}lvl")
            }
            for a in root.findall(f"{W}abstractNum")
        }
        for num in root.findall(f"{W}num"):
            abstract = _value(num.find(f"{W}abstractNumId")) or ""
            levels = dict(abstracts.get(abstract, {}))
            restarts: dict[int, int] = {}
            for override in num.findall(f"{W}lvlOverride"):
                place = int(override.get(f"{W}ilvl"))
                level, start = override.find(f"{W}lvl"), override.find(f"{W}startOverride")
                if level is not None:
                    levels[place] = _level(level)
                if start is not None:
                    restarts[place] = int(_value(start) or 1)
            self._lists[num.get(f"{W}numId")] = _List(abstract, levels, restarts)

    def number(self, paragraph: Any) -> tuple[str, int]:
        """Rendered number of a `w:p` and its level from 1; "" and 0 where it has none."""
        found, place = self._place(paragraph)
        own = self._lists.get(found)
        if own is None or place not in own.levels:
            return "", 0
        counters = self._counters.setdefault(own.abstract, [None] * _LEVELS)
        if place in own.restarts and (found, place) not in self._begun:
            counters[place] = own.restarts[place]
        else:
            now = counters[place]
            counters[place] = own.levels[place].start if now is None else now + 1
        self._begun.add((found, place))
        counters[place + 1 :] = [None] * (_LEVELS - place - 1)
        return _render(own, place, counters), place + 1

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """List and level, from the paragraph or from its style."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return self._styles.get("", ("", 0))
        style = _value(properties.find(f"{W}pStyle")) or ""
        found, place = self._styles.get(style, ("", 0))
        own = properties.find(f"{W}numPr")
        if own is not None:
            found = _value(own.find(f"{W}numId")) or found
            place = int(_value(own.find(f"{W}ilvl")) or place)
        return found, min(place, _LEVELS - 1)


def _render(own: _List, place: int, counters: list[int | None]) -> str:
    def shown(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        level = own.levels.get(at, _Level())
        count = counters[at]
        return _FORMATS.get(level.format, str)(
            min(level.start if count is None else count, _LARGEST)
        )

    if own.levels[place].format in ("bullet", "none"):
        return ""
    return re.sub(r"%([1-9])", shown, own.levels[place].text)


def _level(element: Any) -> _Level:
    start = _value(element.find(f"{W}start"))
    return _Level(
        int(start) if start is not None else 1,
        _value(element.find(f"{W}numFmt")) or "decimal",
        _value(element.find(f"{W}lvlText")) or "",
    )


def _value(element: Any) -> str | None:
    return None if element is None else element.get(f"{W}val")


def _style_numbers(styles: Any) -> dict[str, tuple[str, int]]:
    """List and level of each paragraph style, those it is based on included."""
    by_id = {s.get(f"{W}styleId"): s for s in styles.findall(f"{W}style")}
    found: dict[str, tuple[str, int]] = {}
    for name in by_id:
        number, place, seen = None, None, set()
        current = name
        while current in by_id and current not in seen:
            seen.add(current)
            own = by_id[current].find(f"{W}pPr/{W}numPr")
            if own is not None:
                number = number or _value(own.find(f"{W}numId"))
                place = place or _value(own.find(f"{W}ilvl"))
            current = _value(by_id[current].find(f"{W}basedOn")) or ""
        if number:
            found[name] = (number, int(place or 0))
    return found
