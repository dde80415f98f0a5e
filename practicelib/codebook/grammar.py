"""The grammar of indicator patterns: text in, tree out (`docs/patterns.md` has the language).

    pattern  = branch { "|" branch } ;
    branch   = [ "^" | context ] sequence [ "$" | context ] ;
    context  = "!" ( group | class ) ;
    sequence = item { item } ;
    item     = literal | group | option | class | gap ;
    group    = "(" sequence { "|" sequence } ")" ;
    option   = "[" sequence { "|" sequence } "]" ;
    class    = "<" name ">" ;
    gap      = "…" number | "……" number ;

A pattern is normalised as texts are before it is read, so full-width brackets and white space
between the parts are allowed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from practicelib.text.normalise import normalise
from practicelib.text.script import to_simplified

MAX_SOURCE = 2000
MAX_GAP = 60
MAX_DEPTH = 6
_SPECIAL = frozenset("()[]<>|!^$…\\")
_PLAIN = re.compile(r"[^()\[\]<>|!^$…\\]*")
_WORDS = {
    # A group or option of words only, which most are.
    opened: re.compile(rf"\{opened}([^()\[\]<>!^$…\\|]+(?:\|[^()\[\]<>!^$…\\|]+)*)\{closed}")
    for opened, closed in ("()", "[]")
}


class GrammarError(ValueError):
    """A pattern cannot be read; the message says what is wrong and at which character."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Characters that stand in the text as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class ClassRef:
    """Any word of a named class."""

    name: str


@dataclass(frozen=True, slots=True)
class Gap:
    """0 to `size` characters within the clause, or within the sentence where `wide`."""

    size: int
    wide: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences, or nothing where `optional`."""

    branches: tuple[Sequence, ...]
    optional: bool


Item = Literal | ClassRef | Gap | Choice
Sequence = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A sequence with what must hold around it.

    `before` / `after` hold what must not touch its start / its end; `at_start` / `at_end` tie it
    to the first / last letter or digit of the sentence.
    """

    items: Sequence
    before: Item | None = None
    after: Item | None = None
    at_start: bool = False
    at_end: bool = False


def parse(source: str) -> tuple[Branch, ...]:
    """The branches of a pattern. Raises GrammarError for the first thing that cannot be read."""
    if len(source) > MAX_SOURCE:
        raise GrammarError(f"pattern of {len(source)} characters; at most {MAX_SOURCE}")
    return _Parser(source).pattern()


class _Parser:
    """Recursive descent over the normalised source; `_at` is the next character to read."""

    def __init__(self, source: str) -> None:
        normalised = normalise(to_simplified(source))
        self._text = normalised.text
        self._columns = [*normalised.positions, len(source)]
        self._at = 0

    def pattern(self) -> tuple[Branch, ...]:
        branches = [self._branch()]
        while self._take("|"):
            branches.append(self._branch())
        if self._at < len(self._text):
            raise self._error(f"'{self._peek()}' has no opening bracket or does not belong here")
        return tuple(branches)

    def _branch(self) -> Branch:
        at_start = self._take("^")
        before = self._context()
        items = self._sequence(1)
        at_end = self._take("$")
        after = self._context()
        if self._peek() not in ("", "|") and self._peek() not in ")]":
            raise self._error("'^', '$' and '!' stand at the start or the end only")
        return Branch(items, before, after, at_start, at_end)

    def _context(self) -> Item | None:
        if not self._take("!"):
            return None
        if self._peek() == "(":
            return self._choice(")", 1)
        if self._peek() == "<":
            return self._class()
        raise self._error("'!' needs (words) or a <class>")

    def _sequence(self, depth: int) -> Sequence:
        if depth > MAX_DEPTH:
            raise self._error(f"brackets nested more than {MAX_DEPTH - 1} deep")
        items: list[Item] = []
        while True:
            item = self._item(depth)
            if item is None:
                break
            items.append(item)
        if not items:
            raise self._error("nothing stands here; write [ ] around what may be left out")
        return tuple(items)

    def _item(self, depth: int) -> Item | None:
        character = self._peek()
        if character == "(":
            return self._choice(")", depth)
        if character == "[":
            return self._choice("]", depth)
        if character == "<":
            return self._class()
        if character == "…":
            return self._gap()
        if character == ">":
            raise self._error("'>' has no opening bracket")
        return self._literal()

    def _choice(self, closing: str, depth: int) -> Choice:
        opened = self._at
        words = _WORDS[self._text[opened]].match(self._text, opened)
        if words and depth < MAX_DEPTH:
            self._at = words.end()
            return Choice(tuple((Literal(w),) for w in words[1].split("|")), closing == "]")
        self._at += 1
        branches = [self._sequence(depth + 1)]
        while self._take("|"):
            branches.append(self._sequence(depth + 1))
        if not self._take(closing):
            if self._peek():
                raise self._error(f"'{self._peek()}' does not belong here")
            raise self._error(f"'{self._text[opened]}' is never closed", opened)
        return Choice(tuple(branches), closing == "]")

    def _class(self) -> ClassRef:
        end = self._text.find(">", self._at)
        if end < 0:
            raise self._error("'<' is never closed")
        name = self._text[self._at + 1 : end]
        if not name or not _SPECIAL.isdisjoint(name):
            raise self._error("a class is written <name>")
        self._at = end + 1
        return ClassRef(name)

    def _gap(self) -> Gap:
        begin = self._at
        self._at += 1
        wide = self._take("…")
        digits = ""
        while self._peek() and self._peek() in "0123456789":
            digits += self._peek()
            self._at += 1
        if not digits:
            raise self._error("a gap needs its greatest length: …6 or ……30", begin)
        if not 1 <= int(digits) <= MAX_GAP:
            raise self._error(f"a gap is 1 to {MAX_GAP} characters long, not {digits}", begin)
        return Gap(int(digits), wide)

    def _literal(self) -> Literal | None:
        characters: list[str] = []
        while plain := _PLAIN.match(self._text, self._at):
            characters.append(plain[0])
            self._at = plain.end()
            if self._at == len(self._text) or self._text[self._at] != "\\":
                break
            escaped = self._text[self._at + 1 : self._at + 2]
            self._at += 1
            if not escaped:
                raise self._error("a character must follow '\\'")
            characters.append(escaped)
            self._at += 1
        return Literal("".join(characters)) if characters != [""] else None

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, character: str) -> bool:
        if self._peek() != character:
            return False
        self._at += 1
        return True

    def _error(self, cause: str, at: int | None = None) -> GrammarError:
        place = self._columns[self._at if at is None else at] + 1
        return GrammarError(f"character {place}: {cause}")
