"""`practicelib tag`: report files in, every sentence with its categories out."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator

import click

from practicelib.cli.main import say_faults
from practicelib.cli.options import emit, lang_option, model_option, output_option, reading_options
from practicelib.errors import ReportError
from practicelib.model.storage import load_tagger
from practicelib.records.tags import TaggedReport
from practicelib.show.tagged_page import tagged_page
from practicelib.show.tagged_rows import EVIDENCE, to_csv, to_jsonl
from practicelib.show.tagged_table import render_table
from practicelib.show.terminal import use_colour
from practicelib.workflows.tagging import tag_files

FORMATS = ("table", "jsonl", "csv", "html")


@click.command("tag")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default=None,
    help="Output format; by the ending of -o, else table.",
)
@click.option(
    "--evidence",
    type=click.Choice(EVIDENCE),
    default="top",
    show_default=True,
    help="Evidence in jsonl: all of it, the five strongest spans, or none.",
)
@output_option
@model_option
@lang_option
@reading_options
@click.option("-v", "--verbose", is_flag=True, help="Say what is done on stderr.")
def command(
    paths: tuple[str, ...],
    format_: str | None,
    evidence: str,
    output: str,
    model: str | None,
    lang: str,
    encoding: str | None,
    rejoin: bool,
    segment: str,
    verbose: bool,
) -> None:
    """Code the sentences of reports: .txt files, folders, or - for stdin.

    A file that holds several reports is split into them.
    """
    chosen = format_ or _format_of(output)
    tagger = load_tagger(model)
    if verbose:
        click.echo(f"model {tagger.name} {tagger.hash[:12]}", err=True)
    refused: list[ReportError] = []
    done: list[TaggedReport] = []
    for found in tag_files(tagger, paths, encoding=encoding, rejoin=rejoin, segment=segment):
        if isinstance(found, ReportError):
            refused.append(found)
            say_faults(found)
        else:
            done.extend(found)
            if verbose:
                source = found[0].report.source
                size = sum(len(tagged) for tagged in found)
                click.echo(f"{source.file}: {source.encoding}, {size} sentences", err=True)
    if done:
        emit(_render(done, chosen, evidence, lang, output), output, bom=chosen == "csv")
    if refused:
        raise click.exceptions.Exit(1)


def _format_of(output: str) -> str:
    ending = output.rpartition(".")[2].lower()
    return {"jsonl": "jsonl", "csv": "csv", "html": "html", "htm": "html"}.get(ending, "table")


def _render(done: list[TaggedReport], chosen: str, evidence: str, lang: str, output: str) -> str:
    if chosen == "jsonl":
        return to_jsonl(done, evidence)
    if chosen == "csv":
        return to_csv(done)
    if chosen == "html":
        return tagged_page(done, lang=lang)
    return "\n".join(_table_lines(done, lang, output)) + "\n"


def _table_lines(done: list[TaggedReport], lang: str, output: str) -> Iterator[str]:
    colour = output == "-" and use_colour(sys.stdout)
    columns = shutil.get_terminal_size((120, 24)).columns
    for tagged in done:
        yield from render_table(tagged, lang=lang, columns=columns, colour=colour)
        yield ""
