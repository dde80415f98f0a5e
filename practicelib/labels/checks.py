"""What can be wrong with codings, found all at once: each fault with file, line and value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from practicelib.errors import Fault, LabelError, TooFewLabelsError
from practicelib.files.hashing import hash_text
from practicelib.labels.folder import KnownSentences
from practicelib.labels.names import key_of
from practicelib.labels.rows import CodingRow

CODINGS = "read the codings first: practicelib.read_codings(folder)"
GOLD = "gold labels are practicelib.adjudicate(practicelib.read_codings(folder))"
"""How to get what the next step takes."""
_EACH = 5
"""Rows of a file with one unknown label up to which each is named."""


def need_categories(categories: Sequence[str]) -> None:
    """Raise TooFewLabelsError where there is no category.

    Without one a table cannot tell the judgement "none" from a coding that is missing.
    """
    if not categories:
        raise TooFewLabelsError("no category was ever coded and no codebook names one")


def need_same_categories(coding: Sequence[str], wanted: Sequence[str], model: str) -> None:
    """Raise LabelError where a model codes other categories than coders are to choose from."""
    if tuple(coding) != tuple(wanted):
        raise LabelError(
            f"the model {model} codes {', '.join(coding)}, but the codebook has"
            f" {', '.join(wanted)}; name a model of the same categories (--model)"
        )


def unknown_categories(rows: Iterable[CodingRow], known: Mapping[str, str]) -> Iterator[Fault]:
    """Labels that are neither a key nor a name of a category; `known` maps both to the key."""
    found = (
        (label, row.file, row.line, row.sentence)
        for row in rows
        for label in row.labels
        if key_of(label, known) is None
    )
    yield from unknown_labels(found, known, " (or name a codebook)")


def unknown_labels(
    found: Iterable[tuple[str, str, int, str]], known: Mapping[str, str], hint: str = ""
) -> Iterator[Fault]:
    """Faults of labels that no category has, each with its file, line and sentence or coder.

    A label that stands in many rows of a file is a name that the codebook does not have, and no
    slip of the pen: it is one fault, at its first row.
    """
    places: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for label, file, line, value in found:
        places.setdefault((label, file), []).append((line, value))
    keys = ", ".join(dict.fromkeys(known.values()))
    for (label, file), rows in places.items():
        cause = f"unknown category {label!r}; known are {keys}{hint}"
        if len(rows) > _EACH:
            yield Fault(f"{cause}; so in {len(rows)} rows", file, *rows[0])
        else:
            yield from (Fault(cause, file, line, value) for line, value in rows)


def unknown_sentences(rows: Sequence[CodingRow], known: KnownSentences) -> Iterator[Fault]:
    """Sentences that the label folder does not have; one fault where no id of a file matches."""
    by_file: dict[str, list[CodingRow]] = {}
    for row in rows:
        by_file.setdefault(row.file, []).append(row)
    for file, own in by_file.items():
        strange = [row for row in own if row.sentence not in known.sentences]
        if strange and len(strange) == len(own):
            example = next(iter(known.sentences), "")
            cause = (
                f"wrong join key: none of its {len({r.sentence for r in own})} sentence ids is"
                f" known (first {own[0].sentence!r}, while known ids look like {example!r})"
            )
            yield Fault(cause, file)
        else:
            for row in strange:
                yield Fault(f"unknown sentence {row.sentence!r}", file, row.line)


def repeated_codings(rows: Iterable[CodingRow]) -> Iterator[Fault]:
    """A coder who codes a sentence twice in one round."""
    first: dict[tuple[str, str, str], CodingRow] = {}
    for row in rows:
        seen = first.setdefault((row.sentence, row.coder, row.round), row)
        if seen is not row:
            cause = (
                f"{row.coder!r} codes {row.sentence!r} twice in round {row.round}"
                f" (before: {seen.file}:{seen.line})"
            )
            yield Fault(cause, row.file, row.line)


def changed_texts(rows: Iterable[CodingRow], known: KnownSentences | None) -> Iterator[Fault]:
    """Texts that no longer match the hash of their id, or differ between two codings of it."""
    first: dict[str, CodingRow] = {}
    for row in rows:
        if row.text is None:
            continue
        if known is not None:
            expected = known.hashes.get(row.sentence)
            if expected is not None and hash_text(row.text) != expected:
                cause = f"the text of {row.sentence!r} does not match its hash"
                yield Fault(cause, row.file, row.line, row.text[:20])
            continue
        seen = first.setdefault(row.sentence, row)
        if seen.text != row.text:
            cause = f"{row.sentence!r} has another text at {seen.file}:{seen.line}"
            yield Fault(cause, row.file, row.line, row.text[:20])


def no_shared_sentence(rows: Sequence[CodingRow]) -> Iterator[Fault]:
    """Several coders, and not one sentence that two of them coded: the ids do not match."""
    by_coder: dict[str, set[str]] = {}
    for row in rows:
        by_coder.setdefault(row.coder, set()).add(row.sentence)
    coders = list(by_coder)
    total = sum(len(own) for own in by_coder.values())
    if len(coders) > 1 and total == len(set().union(*by_coder.values())):
        examples = "; ".join(f"{coder}: {min(by_coder[coder])!r}" for coder in coders[:4])
        cause = f"wrong join key: no sentence id occurs with two coders ({examples})"
        yield Fault(cause, rows[0].file)
