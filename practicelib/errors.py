"""Everything that practicelib raises on purpose.

    PracticeError                    (Exception)
    ├── ReportError                  (ValueError)    a report file cannot be read as text
    ├── CodebookError                (ValueError)    a codebook breaks its own rules
    ├── LabelError                   (ValueError)    codings are faulty or contradict each other
    ├── ModelFileError               (ValueError)    a saved model is damaged, foreign or too new
    ├── TooFewLabelsError            (ValueError)    too little to learn from or to measure
    ├── BoundNotMetError             (ValueError)    a bound that the user set was not met
    ├── WorkerDiedError              (RuntimeError)  a process that shared the work died
    └── MissingExtraError            (ImportError)   an optional package is not installed

Every error carries its `faults`: all that was found at once, each with file, line and value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_BREAK = re.compile(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where.

    `line` counts from 1; 0 means that the fault is of the file as a whole.
    """

    cause: str
    file: str = ""
    line: int = 0
    value: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        text = f"{place}{self.cause}" + (f" [{self.value}]" if self.value else "")
        # Names and values come from files: none may break the line or steer a terminal.
        return _STEERING.sub("\N{REPLACEMENT CHARACTER}", _BREAK.sub(" ", text))


class PracticeError(Exception):
    """Base of all errors; `faults` is never empty and `str()` prints one line a fault."""

    def __init__(
        self, cause: str | Iterable[Fault], *, file: object = "", line: int = 0, value: object = ""
    ) -> None:
        if isinstance(cause, str):
            self.faults: tuple[Fault, ...] = (Fault(cause, str(file), line, str(value)),)
        else:
            self.faults = tuple(cause)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.faults,))

    @property
    def file(self) -> str:
        """File of the first fault, empty where there is none."""
        return self.faults[0].file

    @property
    def line(self) -> int:
        """Line of the first fault, 0 for the whole file."""
        return self.faults[0].line

    @property
    def value(self) -> str:
        """Offending value of the first fault."""
        return self.faults[0].value


class ReportError(PracticeError, ValueError):
    """A report file is missing, empty, binary or in no known encoding."""


class CodebookError(PracticeError, ValueError):
    """A codebook file breaks the format or the pattern language."""


class LabelError(PracticeError, ValueError):
    """Codings name unknown sentences or categories, repeat or contradict each other."""


class ModelFileError(PracticeError, ValueError):
    """A saved model is incomplete, altered, of a newer format or not a model at all."""


class TooFewLabelsError(PracticeError, ValueError):
    """There are too few labelled sentences or reports for what was asked."""


class BoundNotMetError(PracticeError, ValueError):
    """A figure fell below the bound that the user set (exit code 3)."""


class WorkerDiedError(PracticeError, RuntimeError):
    """A process that shared the work died, more than once, on the text that is named."""


class MissingExtraError(PracticeError, ImportError):
    """An optional package is needed; the message holds the pip line that installs it."""

    def __init__(self, cause: str | Iterable[Fault], *, extra: str = "", **place: object) -> None:
        if isinstance(cause, str) and extra:
            cause = f'{cause}; install it with: pip install "practicelib[{extra}]"'
        super().__init__(cause, **place)  # type: ignore[arg-type]


def expect(value: object, kinds: type | tuple[type, ...], how: str) -> None:
    """Raise TypeError that says `how` to get what is wanted, where a value is of none of the kinds.

    For the steps that take what the step before has read: people give them the file itself.
    """
    if not isinstance(value, kinds):
        raise TypeError(f"{value!r:.60} is {type(value).__name__}; {how}")
