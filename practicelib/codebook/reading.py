"""Reads a codebook file (TOML): all faults at once, each with its line.

A codebook with other categories, classes and patterns is read by the same rules; nothing here
knows the names of categories.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from practicelib.codebook.chains import plain_words
from practicelib.codebook.grammar import GrammarError, parse
from practicelib.codebook.lines import Path as Place
from practicelib.codebook.lines import value_lines
from practicelib.codebook.matcher import pattern_fault
from practicelib.errors import CodebookError, Fault
from practicelib.files.data import data_path
from practicelib.records.codebook import Category, Codebook, Pattern
from practicelib.text.normalise import folded_name

MAX_WEIGHT = 10.0
MAX_PATTERNS = 5000
BETWEEN_LABELS = re.compile(r"[;；、，,|]")
"""What parts categories in the cell of a table, so that none may be called by a name with it."""
NONE = frozenset({"-", "－", "—", "无", "無", "none"})
"""What says in such a cell that there is no category; in lower case."""
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CATEGORY_TEXTS = ("definition", "core_test", "includes", "excludes")
_TOP = frozenset(
    {"version", "language", "scope", "rules", "classes", "masks", "stances", "category"}
)
_CATEGORY = frozenset({"key", "zh", "en", *_CATEGORY_TEXTS, "examples", "patterns"})


def read_codebook(path: str | Path | None = None) -> Codebook:
    """The codebook of a TOML file; without a path the one that comes with the package.

    Raises CodebookError with every fault found, each with file and line.
    """
    if path is not None:
        return _read(Path(path))
    shipped = data_path("labels/codebook.toml")
    return _shipped(shipped, shipped.stat().st_mtime_ns)


@functools.lru_cache(maxsize=1)
def _shipped(path: Path, changed: int) -> Codebook:
    # Checking thousands of patterns takes a second, and several steps of one job ask for it.
    return _read(path)


def _read(path: Path) -> Codebook:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as cause:
        reason = cause.strerror or str(cause)
        raise CodebookError(f"cannot read the codebook: {reason}", file=path) from cause
    except UnicodeDecodeError as cause:
        raise CodebookError("the codebook is not UTF-8 text", file=path) from cause
    return parse_codebook(text, file=str(path))


def parse_codebook(text: str, *, file: str = "") -> Codebook:
    """The codebook of a TOML text. Raises CodebookError with every fault found."""
    text = text.replace("\r\n", "\n")
    try:
        content, lines = tomllib.loads(text), value_lines(text)
    except (ValueError, RecursionError) as cause:
        # Not only TOMLDecodeError: Python itself refuses numbers of thousands of digits, say.
        where = re.search(r"line (\d+)", str(cause))
        end = text.count("\n") + 1 if "end of document" in str(cause) else 0
        line = int(where[1]) if where else end
        raise CodebookError(f"not valid TOML: {cause}", file=file, line=line) from cause
    reader = _Reader(content, lines, file)
    codebook = reader.codebook()
    if reader.faults:
        raise CodebookError(sorted(reader.faults, key=lambda fault: fault.line))
    return codebook


class _Reader:
    """Collects faults and goes on with whatever is left."""

    def __init__(self, content: dict[str, Any], lines: Mapping[Place, int], file: str) -> None:
        self.faults: list[Fault] = []
        self._content = content
        self._lines = lines
        self._file = file
        self._classes: dict[str, frozenset[str]] = {}

    def codebook(self) -> Codebook:
        content = self._content
        for key in content.keys() - _TOP:
            self._fault((key,), "unknown entry", key)
        version = self._text(content, (), "version", required=True)
        language = self._text(content, (), "language") or "zh"
        scope = self._text(content, (), "scope")
        rules = self._texts(content, (), "rules")
        classes = tuple(self._read_classes())
        masks = self._patterns(content.get("masks", []), ("masks",), weighted=False)
        stances = tuple(self._read_stances())
        categories = tuple(self._read_categories())
        return Codebook(version, categories, language, scope, rules, classes, masks, stances)

    def _read_classes(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for name, entries in self._table("classes").items():
            place: Place = ("classes", name)
            if not re.fullmatch(r"\w+", name):
                self._fault(place, "a class name is letters, digits and _ only", name)
            words: set[str] = set()
            entries = self._list(entries, place)
            if not entries:
                self._fault(place, "a class needs at least one word", name)
            for number, entry in enumerate(entries):
                words |= self._entry_words(entry, (*place, number), words)
            self._classes[name] = frozenset(words)
            yield name, tuple(entry for entry in entries if isinstance(entry, str))

    def _entry_words(self, entry: object, place: Place, known: set[str]) -> frozenset[str]:
        if not isinstance(entry, str):
            self._fault(place, "a word must be a string", entry)
            return frozenset()
        try:
            words = plain_words(parse(entry))
        except GrammarError as cause:
            self._fault(place, str(cause), entry)
            return frozenset()
        if repeated := sorted(words & known):
            self._fault(place, f"already in this class: {' '.join(repeated)}", entry)
        return words

    def _read_stances(self) -> Iterator[tuple[str, tuple[Pattern, ...]]]:
        for name, entries in self._table("stances").items():
            if not _KEY.fullmatch(name):
                self._fault(("stances", name), "a stance name is a-z, 0-9 and _ only", name)
            yield name, self._patterns(entries, ("stances", name), weighted=False)

    def _read_categories(self) -> Iterator[Category]:
        categories = self._list(self._content.get("category", []), ("category",))
        if not categories:
            self.faults.append(Fault("no [[category]]", self._file))
        seen: dict[str, int] = {}
        names: dict[str, str] = {}
        for number, content in enumerate(categories):
            place: Place = ("category", number)
            if not isinstance(content, dict):
                self._fault(place, "a category must be a table", content)
                continue
            category = self._read_category(content, place)
            if category.key in seen:
                where = f"key already used on line {seen[category.key]}"
                self._fault((*place, "key"), where, category.key)
            seen.setdefault(category.key, self._line((*place, "key")))
            self._check_names(category, names, place)
            yield category

    def _check_names(self, category: Category, names: dict[str, str], place: Place) -> None:
        """A cell of a table must say which category is meant, or that there is none."""
        for field, name in (("key", category.key), ("zh", category.zh), ("en", category.en)):
            said = folded_name(name)
            if said in NONE:
                self._fault((*place, field), "this says in a table that there is no category", name)
            elif said and names.setdefault(said, category.key) != category.key:
                self._fault((*place, field), f"also a name of {names[said]!r}", name)

    def _read_category(self, content: dict[str, Any], place: Place) -> Category:
        for key in content.keys() - _CATEGORY:
            self._fault((*place, key), "unknown entry of a category", key)
        key = self._text(content, place, "key", required=True)
        if key and not _KEY.fullmatch(key):
            self._fault((*place, "key"), "a key is a-z, 0-9 and _ only, up to 40", key)
        zh, en = (self._text(content, place, name, required=True) for name in ("zh", "en"))
        for name, value in (("zh", zh), ("en", en)):
            if BETWEEN_LABELS.search(value):
                self._fault((*place, name), "a name without ; ； 、 ， , |: they part categories")
        texts = {name: self._text(content, place, name) for name in _CATEGORY_TEXTS}
        examples = self._texts(content, place, "examples")
        patterns = self._patterns(content.get("patterns", []), (*place, "patterns"), weighted=True)
        return Category(key, zh, en, examples=examples, patterns=patterns, **texts)

    def _patterns(self, entries: object, place: Place, *, weighted: bool) -> tuple[Pattern, ...]:
        found: dict[str, Pattern] = {}
        entries = self._list(entries, place)
        if len(entries) > MAX_PATTERNS:
            self._fault(place, f"{len(entries)} patterns; at most {MAX_PATTERNS}")
        for number, entry in enumerate(entries):
            here = (*place, number)
            source, weight = self._pattern_parts(entry, here, weighted)
            if not source:
                continue
            if source in found:
                self._fault(here, f"already on line {found[source].line}", source)
            elif fault := pattern_fault(source, self._classes):
                self._fault(here, fault, source)
            found.setdefault(source, Pattern(source, weight, self._line(here)))
        return tuple(found.values())

    def _pattern_parts(self, entry: object, place: Place, weighted: bool) -> tuple[str, float]:
        source: object = entry
        weight: object = 1.0
        if weighted and isinstance(entry, list) and len(entry) == 2:
            source, weight = entry
        if not isinstance(source, str) or not source.strip():
            form = '"…" or ["…", weight]' if weighted else '"…"'
            self._fault(place, f"a pattern is written {form}", entry)
            return "", 1.0
        if isinstance(weight, bool) or not isinstance(weight, int | float):
            self._fault(place, "a weight must be a number", weight)
            return source, 1.0
        if not 0 < abs(weight) <= MAX_WEIGHT:
            cause = f"a weight lies between -{MAX_WEIGHT:g} and {MAX_WEIGHT:g} and is not 0"
            self._fault(place, cause, weight)
            return source, 1.0
        return source, float(weight)

    def _table(self, key: str) -> dict[str, Any]:
        table = self._content.get(key, {})
        if isinstance(table, dict):
            return table
        self._fault((key,), "must be a table", key)
        return {}

    def _list(self, entries: object, place: Place) -> list[Any]:
        if isinstance(entries, list):
            return entries
        self._fault(place, "must be a list", place[-1])
        return []

    def _texts(self, content: Mapping[str, Any], place: Place, key: str) -> tuple[str, ...]:
        entries = self._list(content.get(key, []), (*place, key))
        for number, entry in enumerate(entries):
            if not isinstance(entry, str):
                self._fault((*place, key, number), "must be a string", entry)
        return tuple(entry for entry in entries if isinstance(entry, str))

    def _text(
        self, content: Mapping[str, Any], place: Place, key: str, *, required: bool = False
    ) -> str:
        value = content.get(key, "")
        if not isinstance(value, str):
            self._fault((*place, key), "must be a string", f"{key} = {value!r}")
            return ""
        if required and not value.strip():
            self._fault((*place, key), f"{key} is missing or empty")
        return value.strip()

    def _fault(self, place: Place, cause: str, value: object = "") -> None:
        self.faults.append(Fault(cause, self._file, self._line(place), str(value)))

    def _line(self, place: Place) -> int:
        """The line of the place, or of the nearest thing around it that has one."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1 if place else 0)
