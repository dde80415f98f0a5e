"""The part of `practicelib tag` that is for big input: streams, processes, clusters."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from practicelib.cli.main import saying
from practicelib.errors import PracticeError
from practicelib.model.scoring import ENGINES
from practicelib.model.tagger import Tagger

BIG = 32_000_000
"""Bytes of input from which a table or folder is streamed without being told to."""
_TABLES = (".parquet", ".csv", ".jsonl")
_LOG = logging.getLogger("practicelib.cli")


def big_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of how much is done at a time and where."""
    for option in (
        click.option(
            "--engine", type=click.Choice(ENGINES), default="auto", show_default=True,
            help="How texts are scored; auto compiles where the amount of text repays it.",
        ),
        click.option(
            "--stream/--no-stream", default=None,
            help="Row by row in flat memory, into .parquet, .csv or .jsonl; cut off, it goes on"
            " where it stopped. From 32 MB on by default.",
        ),
        click.option(
            "--jobs", type=click.IntRange(1), default=1, show_default=True,
            help="Processes that share a stream.",
        ),
        click.option(
            "--dask", "scheduler", default=None, metavar="ADDRESS",
            help="Tag Parquet of sentences (--segment row) on a Dask cluster; paths may be s3://…"
            " and the like.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def is_stream(paths: Sequence[str], output: str, wanted: bool | None, jobs: int) -> bool:
    """Whether the input is to be streamed. Raises UsageError where it is wanted and cannot be."""
    possible = len(paths) == 1 and paths[0] != "-" and Path(output).suffix.lower() in _TABLES
    if (wanted or jobs > 1) and not possible:
        raise click.UsageError("--stream takes one input and -o FILE.parquet, .csv or .jsonl")
    if wanted is not None or jobs > 1 or not possible:
        return bool(wanted) or jobs > 1
    path = Path(paths[0])
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) >= BIG
    return path.suffix.lower() in _TABLES and path.is_file() and path.stat().st_size >= BIG


def run_stream(
    tagger: Tagger, source: str, output: str, jobs: int, reading: Mapping[str, Any]
) -> bool:
    """Stream one input into one output, with progress on a terminal; whether all could be read."""
    from practicelib.workflows.streams import show_progress, tag_table
    from practicelib.workflows.windows import Reading, count_rows

    faulty: list[PracticeError] = []
    how = Reading(**reading, refused=saying(faulty))
    # Counting reads a text file once; nobody waits for it where no progress is shown.
    progress = show_progress(count_rows(source, how) if sys.stderr.isatty() else None)
    result = tag_table(tagger, source, output, reading=how, jobs=jobs, progress=progress)
    rate = (result.rows - result.resumed) / result.seconds if result.seconds else 0.0
    click.echo(
        f"{result.rows:,} rows ({result.resumed:,} of them done before),"
        f" {rate:,.0f} a second: {output}",
        err=True,
    )
    return not faulty


def run_dask(
    paths: Sequence[str], output: str, scheduler: str, reading: Mapping[str, Any], model: str | None
) -> None:
    """Tag Parquet on a cluster."""
    from practicelib.workflows.dask import tag_dask_files

    if len(paths) != 1 or output == "-":
        raise click.UsageError("--dask takes one input and -o FOLDER")
    if reading["segment"] != "row":
        raise click.UsageError("--dask tags tables of sentences: say so with --segment row")
    rows = tag_dask_files(
        paths[0], output, scheduler=scheduler, column=reading["column"] or "text", model=model or ""
    )
    click.echo(f"{rows:,} rows: {output}", err=True)


def say_engines(tagger: Tagger) -> None:
    """Log which engine scored how much text."""
    for engine, size in tagger.scorer.used.items():
        if size:
            _LOG.info("engine %s: %s characters", engine, f"{size:,}")
