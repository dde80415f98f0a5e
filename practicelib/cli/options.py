"""Options and output that several commands share."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from practicelib.files.atomic import write_bytes

if TYPE_CHECKING:
    from practicelib.records.cases import CaseTable

_LOG = logging.getLogger("practicelib.cli")

lang_option = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    help="Language of output for people.",
)


def output_option_saying(words: str) -> Callable[[Any], Any]:
    """-o FILE, stdout by default, with the words that tell what can be written."""
    return click.option(
        "-o", "--output", default="-", show_default=True, metavar="FILE", help=words
    )


output_option = output_option_saying("Where to write; - is stdout.")
model_option = click.option(
    "--model",
    "model",
    metavar="FOLDER",
    default=None,
    help="A saved model; the shipped one by default.",
)


def seed_option_of(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """--seed, a number that every generator takes."""
    return click.option(
        "--seed",
        type=click.IntRange(0, 2**32 - 1),
        default=0,
        show_default=True,
        help=f"Seed of {what}.",
    )


def cases_option(use: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """--cases of the commands that read reports; `use` ends the sentence of its help."""
    return click.option(
        "--cases",
        default=None,
        metavar="FILE",
        help=f"Case table of `practicelib manifest`, edited; {use}.",
    )


def read_case_table(file: str | None) -> CaseTable | None:
    """The table of --cases; how many of its rows nobody has confirmed is warned of."""
    if file is None:
        return None
    # Imported where a table is given: most calls have none and are to start quickly.
    from practicelib.practices.cases import read_cases

    table = read_cases(file)
    guessed = sum(not case.confirmed for case in table.cases)
    if guessed:
        _LOG.warning("%s: %d of %d rows are guesses", file, guessed, len(table.cases))
    return table


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of how report files are read."""
    for option in (
        click.option(
            "--encoding", default=None, help="Encoding of the files; found by a rule by default."
        ),
        click.option("--rejoin", is_flag=True, help="Mend hard-wrapped lines."),
        click.option(
            "--segment",
            type=click.Choice(["sentence", "line", "row"]),
            default="sentence",
            show_default=True,
            help="What is one unit of coding: a sentence, a line, a row of a table.",
        ),
        click.option(
            "--column", default=None, help="Text column of tables; found by its name by default."
        ),
        click.option(
            "--convert", is_flag=True, help="Let LibreOffice convert .doc, .wps, .rtf and .odt."
        ),
    ):
        command = option(command)
    return command


def emit(content: str, output: str, *, bom: bool = False) -> None:
    """Write text to a file in one step, or to stdout; CSV files get a byte-order mark for Excel.

    Characters that the encoding of stdout has not are written as JSON escapes them, and warned of.
    """
    if output == "-":
        end = not content.endswith("\n")
        try:
            click.echo(content, nl=end)
        except UnicodeEncodeError:
            # Nothing was written yet: a text is encoded as a whole.
            click.echo(_escaped(content, sys.stdout.encoding), nl=end)
        return
    emit_bytes(content.encode("utf-8-sig" if bom else "utf-8", "replace"), output)


def _escaped(content: str, encoding: str) -> str:
    strange = {c for c in set(content) if not _has(encoding, c)}
    _LOG.warning(
        "stdout is in %s, which cannot write %d characters: they are escaped; -o FILE takes all",
        encoding,
        sum(content.count(c) for c in strange),
    )
    # The escapes of JSON, so that JSON stays JSON.
    return content.translate({ord(c): json.dumps(c)[1:-1] for c in strange})


def _has(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def emit_bytes(content: bytes, output: str) -> None:
    """Write bytes to a file in one step, or to stdout unless that is a terminal."""
    if output == "-":
        if sys.stdout.isatty():
            raise click.UsageError("this format is for a file; name one with -o")
        sys.stdout.buffer.write(content)
        return
    path = Path(output)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, content)
    if sys.stderr.isatty():
        click.echo(f"written: {output}", err=True)
