"""The codebook as data: what each category means and the patterns that point to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Pattern:
    """One indicator pattern of a category, as written (`docs/patterns.md` has the language).

    `weight` is the pattern's share in the sum of the patterns-alone baseline; a sentence is
    given the category where the weights of the patterns found in it add up to at least 1.
    `line` is its line in the codebook file, for messages; it is not part of the content.
    """

    source: str
    weight: float = 1.0
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Category:
    """A mechanism category: names, meaning, examples and patterns."""

    key: str
    zh: str
    en: str
    definition: str = ""
    core_test: str = ""
    includes: str = ""
    excludes: str = ""
    examples: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Codebook:
    """Categories in their order, the word classes and masks of their patterns, and rules.

    `classes` maps a class name to its words; `masks` are patterns whose spans are hidden from all
    other patterns; `stances` maps "planned" / "lacking" to patterns of a sentence's stance.
    """

    version: str
    categories: tuple[Category, ...]
    language: str = "zh"
    scope: str = ""
    rules: tuple[str, ...] = ()
    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    masks: tuple[Pattern, ...] = ()
    stances: tuple[tuple[str, tuple[Pattern, ...]], ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Category keys in codebook order."""
        return tuple(category.key for category in self.categories)

    def category(self, key: str) -> Category:
        """The category with that key; KeyError where there is none."""
        for category in self.categories:
            if category.key == key:
                return category
        raise KeyError(key)

    def to_dict(self) -> dict[str, Any]:
        """Plain content for JSON; line numbers are left out, so that a comment changes no hash."""
        return {
            "version": self.version,
            "language": self.language,
            "scope": self.scope,
            "rules": list(self.rules),
            "classes": {name: list(words) for name, words in self.classes},
            "masks": [pattern.source for pattern in self.masks],
            "stances": {name: [p.source for p in patterns] for name, patterns in self.stances},
            "categories": [_category_to_dict(category) for category in self.categories],
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Codebook:
        """The codebook of which `to_dict` gave the content; KeyError or TypeError for others."""
        return cls(
            str(content["version"]),
            tuple(_category_from_dict(category) for category in content["categories"]),
            str(content["language"]),
            str(content["scope"]),
            tuple(content["rules"]),
            tuple((name, tuple(words)) for name, words in content["classes"].items()),
            tuple(Pattern(source) for source in content["masks"]),
            tuple(
                (name, tuple(Pattern(source) for source in sources))
                for name, sources in content["stances"].items()
            ),
        )

    @property
    def hash(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        content = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode("utf-8")).hexdigest()


def _category_to_dict(category: Category) -> dict[str, Any]:
    return {
        "key": category.key,
        "zh": category.zh,
        "en": category.en,
        "definition": category.definition,
        "core_test": category.core_test,
        "includes": category.includes,
        "excludes": category.excludes,
        "examples": list(category.examples),
        "patterns": [[pattern.source, pattern.weight] for pattern in category.patterns],
    }


def _category_from_dict(content: Mapping[str, Any]) -> Category:
    texts = {key: str(content[key]) for key in _TEXTS}
    patterns = tuple(Pattern(source, float(weight)) for source, weight in content["patterns"])
    return Category(**texts, examples=tuple(content["examples"]), patterns=patterns)


_TEXTS = ("key", "zh", "en", "definition", "core_test", "includes", "excludes")
