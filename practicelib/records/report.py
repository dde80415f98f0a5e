"""A report as it was read: its text, sections and sentences, all with offsets.

Offsets count code points of the decoded text of one file (byte-order mark removed, line ends
untouched); `start` is inclusive and `end` exclusive, as in Python slices.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sentence:
    """One unit of coding; headings are sentences too.

    `section` indexes `Report.sections`; -1 for what stands before the first section.
    """

    text: str
    start: int
    end: int
    heading: bool = False
    section: int = -1


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what it heads; `level` is 1 for the outermost headings.

    `start` and `end` are those of the title line. `number` is a rendered automatic number that is
    not part of the text (Word files), empty otherwise.
    """

    title: str
    start: int
    end: int
    level: int = 1
    number: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text came from: file name, encoding and how sure its choice was, page or row."""

    file: str = ""
    encoding: str = "utf-8"
    margin: float = 1.0
    part: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One experience report inside the text of a file.

    `text` is the whole text of the file, shared by all reports of that file; `start` and `end`
    mark this report's slice. `guessed` names the fields that were inferred and not given
    (for example `{"title", "unit"}`). `kind` is "report", or "lead-in" for what stands before
    the first report of a compilation. `year` is what a column of the table said, empty elsewhere.
    """

    text: str = field(repr=False)
    start: int
    end: int
    title: str = ""
    unit: str = ""
    sections: tuple[Section, ...] = ()
    sentences: tuple[Sentence, ...] = field(default=(), repr=False)
    source: Source = Source()
    guessed: frozenset[str] = frozenset()
    kind: str = "report"
    year: str = ""

    @property
    def name(self) -> str:
        """A short name for tables: the title, else the file, else the offsets."""
        return self.title or self.source.file or f"{self.start}-{self.end}"

    def section_title(self, sentence: Sentence) -> str:
        """Title of the section that a sentence stands in, empty where there is none."""
        return self.sections[sentence.section].title if sentence.section >= 0 else ""
