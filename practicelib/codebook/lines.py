"""On which line of a TOML file each value stands.

`tomllib` says what a file holds but not where. This walks over a text that `tomllib` has accepted,
so it may trust the syntax, and notes the line of every key, table and array element by its path,
such as `("category", 2, "patterns", 14, 0)`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from typing import Any

Path = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r'"(?:[^"\\]|\\.)*"|'
    r"'[^']*'",
    re.DOTALL,
)
_BARE = re.compile(r"[^\s=.,\[\]{}#\"']+")
_SCALAR = re.compile(r"[^,\]}#\r\n]+")


def value_lines(text: str) -> dict[Path, int]:
    """The line, from 1, of every value of a TOML text that `tomllib.loads` accepts."""
    return _Walker(text).walk()


class _Walker:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._counted = 0
        self._lines: dict[Path, int] = {}
        self._arrays: dict[Path, int] = {}

    def walk(self) -> dict[Path, int]:
        table: Path = ()
        self._skip()
        while self._at < len(self._text):
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip()
        return self._lines

    def _header(self) -> Path:
        doubled = self._text.startswith("[[", self._at)
        line = self._here()
        self._at += 2 if doubled else 1
        keys = self._keys()
        self._at += 2 if doubled else 1
        path: Path = ()
        for key in keys[:-1]:
            path = self._within((*path, key))
        path = (*path, keys[-1])
        if doubled:
            self._lines.setdefault(path, line)
            self._arrays[path] = self._arrays.get(path, -1) + 1
            path = (*path, self._arrays[path])
        self._lines.setdefault(path, line)
        return path

    def _within(self, path: Path) -> Path:
        return (*path, self._arrays[path]) if path in self._arrays else path

    def _pair(self, table: Path) -> None:
        line = self._here()
        path = table
        for key in self._keys():
            path = (*path, key)
            self._lines.setdefault(path, line)
        self._at += 1
        self._skip()
        self._value(path)

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip()
            quoted = _STRING.match(self._text, self._at)
            bare = None if quoted else _BARE.match(self._text, self._at)
            token = quoted or bare
            assert token is not None
            keys.append(tomllib.loads(f"k = {token[0]}")["k"] if quoted else token[0])
            self._at = token.end()
            self._skip()
            if self._peek() != ".":
                return keys
            self._at += 1

    def _value(self, path: Path) -> None:
        self._lines[path] = self._here()
        opening = self._peek()
        if opening == "[":
            self._items("]", lambda number: self._value((*path, number)))
        elif opening == "{":
            self._items("}", lambda number: self._pair(path))
        else:
            token = _STRING.match(self._text, self._at) or _SCALAR.match(self._text, self._at)
            assert token is not None
            self._at = token.end()

    def _items(self, closing: str, read: Callable[[int], Any]) -> None:
        self._at += 1
        self._skip()
        number = 0
        while self._peek() != closing:
            read(number)
            number += 1
            self._skip()
            if self._peek() == ",":
                self._at += 1
                self._skip()
        self._at += 1

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _skip(self) -> None:
        space = _SPACE.match(self._text, self._at)
        assert space is not None
        self._at = space.end()

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]
