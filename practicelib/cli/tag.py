"""`practicelib tag`: report files in, every sentence with its categories out."""

from __future__ import annotations

import logging
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import click

from practicelib.cli.big import big_options, is_stream, run_dask, run_stream, say_engines
from practicelib.cli.endings import format_of
from practicelib.cli.main import say_faults
from practicelib.cli.options import (
    cases_option,
    emit,
    emit_bytes,
    lang_option,
    model_option,
    output_option,
    read_case_table,
    reading_options,
)
from practicelib.errors import ReportError
from practicelib.model.storage import load_tagger
from practicelib.records.tags import TaggedReport
from practicelib.show.tagged_rows import EVIDENCE, columns_of_cases, to_csv, to_jsonl
from practicelib.show.tagged_table import render_table
from practicelib.show.terminal import use_colour
from practicelib.workflows.tagging import tag_files

FORMATS = ("table", "jsonl", "csv", "xlsx", "parquet", "html")
_ENDINGS = {".txt": "table", ".htm": "html", **{f".{name}": name for name in FORMATS[1:]}}
_LOG = logging.getLogger("practicelib.cli")


_BINARY = ("xlsx", "parquet")


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
@cases_option("its columns come beside each sentence")
@model_option
@lang_option
@reading_options
@big_options
def command(
    paths: tuple[str, ...],
    format_: str | None,
    evidence: str,
    output: str,
    cases: str | None,
    model: str | None,
    lang: str,
    engine: str,
    stream: bool | None,
    jobs: int,
    scheduler: str | None,
    **reading: Any,
) -> None:
    """Code the sentences of reports: files, folders, zips, or - for stdin.

    Read are .txt, .md, .html, .docx, .pdf, tables with a text column (.csv, .jsonl, .xlsx,
    .parquet) and, with --convert, .doc, .wps, .rtf and .odt. A file that holds several reports is
    split into them. A row of a table is a report too, or with --segment row one sentence, streamed
    or not.
    """
    if cases and (scheduler or stream or jobs > 1):
        raise click.UsageError(
            "--cases needs all reports at once: it goes without --stream, --jobs and --dask"
            " (rows of a table keep their columns in a stream)"
        )
    if scheduler:
        run_dask(paths, output, scheduler, reading, model)
        return
    chosen = format_of(output, format_, _ENDINGS, "table")
    if chosen in _BINARY and output == "-" and sys.stdout.isatty():
        raise click.UsageError(f"{chosen} is nothing to read on a terminal: -o FILE.{chosen}")
    tagger = load_tagger(model).with_engine(engine)
    _LOG.info("model %s %s", tagger.name, tagger.hash[:12])
    table = read_case_table(cases)
    if table is not None:
        columns_of_cases(table.cases, tagger.categories, table.file)
    elif is_stream(paths, output, stream, jobs):
        whole = run_stream(tagger, paths[0], output, jobs, reading)
        say_engines(tagger)
        if not whole:
            raise click.exceptions.Exit(1)
        return
    refused = False
    done: list[TaggedReport] = []
    for found in tag_files(tagger, paths, **reading):
        if isinstance(found, ReportError):
            refused = True
            say_faults(found)
        else:
            done.extend(found)
            source = found[0].report.source
            size = sum(len(tagged) for tagged in found)
            margin = f" (margin {source.margin:.2f})" if source.margin < 1 else ""
            _LOG.info("%s: %s%s, %d sentences", source.file, source.encoding, margin, size)
    say_engines(tagger)
    if table is not None:
        from practicelib.practices.cases import with_cases

        done = with_cases(done, table)
    if done and chosen in _BINARY:
        # Imported where they are asked for: a table or CSV is to start quickly.
        from practicelib.show.tagged_files import to_parquet, to_xlsx

        emit_bytes(to_xlsx(done, lang=lang) if chosen == "xlsx" else to_parquet(done), output)
    elif done:
        emit(_render(done, chosen, evidence, lang, output), output, bom=chosen == "csv")
    if refused:
        raise click.exceptions.Exit(1)


def _render(done: list[TaggedReport], chosen: str, evidence: str, lang: str, output: str) -> str:
    if chosen == "jsonl":
        return to_jsonl(done, evidence)
    if chosen == "csv":
        return to_csv(done)
    if chosen == "html":
        from practicelib.show.tagged_page import tagged_page

        return tagged_page(done, lang=lang)
    return "\n".join(_table_lines(done, lang, output)) + "\n"


def _table_lines(done: list[TaggedReport], lang: str, output: str) -> Iterator[str]:
    colour = output == "-" and use_colour(sys.stdout)
    columns = shutil.get_terminal_size((120, 24)).columns
    for tagged in done:
        yield from render_table(tagged, lang=lang, columns=columns, colour=colour)
        yield ""
