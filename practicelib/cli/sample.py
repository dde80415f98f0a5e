"""`practicelib sample`: sentences to code, drawn so that a model's counts can be corrected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from practicelib.cli.endings import SHEETS, format_of
from practicelib.cli.options import (
    cases_option,
    emit,
    model_option,
    output_option_saying,
    read_case_table,
    reading_options,
    seed_option_of,
)
from practicelib.cli.practice_options import groups_of, read_tagged
from practicelib.files.tables import csv_text
from practicelib.labels.sample_sheet import COLUMNS, sample_rows, write_sample
from practicelib.labels.sampling import draw_sample, expected_precision, needed_size
from practicelib.model.storage import load_tagger
from practicelib.practices.cases import is_case
from practicelib.records.tags import TaggedReport
from practicelib.records.validation import ValidationSample

_TABLE = (50, 100, 200, 300, 500, 1000)


@click.command("sample")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["validation"]),
    default="validation",
    show_default=True,
    help="What the sample is for.",
)
@click.option(
    "-n", "--size", type=click.IntRange(1), default=None, help="How many sentences to draw."
)
@click.option(
    "--half-width",
    type=click.FloatRange(0, min_open=True),
    default=None,
    metavar="POINTS",
    help="Draw as many as give limits this near, in percentage points.",
)
@click.option("--by", default="report", show_default=True, help="Strata: report, or a column.")
@cases_option("its columns are for --by")
@click.option(
    "--precision",
    type=click.FloatRange(0, 1),
    default=0.75,
    show_default=True,
    help="Assumed share of right tags.",
)
@click.option(
    "--missed",
    type=click.FloatRange(0, 1),
    default=0.02,
    show_default=True,
    help="Assumed share of missed ones.",
)
@seed_option_of("the draw")
@output_option_saying(".csv or .xlsx; - stdout.")
@model_option
@reading_options
def command(
    paths: tuple[str, ...],
    purpose: str,
    size: int | None,
    half_width: float | None,
    by: str,
    cases: str | None,
    precision: float,
    missed: float,
    seed: int,
    output: str,
    model: str | None,
    **reading: Any,
) -> None:
    """Draw sentences of reports for a person to code, predictions unseen.

    Strata are reports (or a column of the case table) by what the model predicts, no category
    included; every row keeps the chance with which it was drawn. Without --size and --half-width
    only the size calculator is printed. Fill the column `labels` (- for none) and give the file to
    `practicelib compare --validation`.
    """
    if size is not None and half_width is not None:
        raise click.UsageError("give --size or --half-width, not both")
    format_of(output, None, SHEETS, "csv", option="")
    tagged, failed = read_tagged(load_tagger(model), paths, **reading)
    reports = [t for t in tagged if is_case(t.report)]
    groups = groups_of([t.report for t in reports], by, read_case_table(cases))
    assumed = {"precision": precision, "missed": missed, "groups": groups}
    if half_width is not None:
        found = needed_size(reports, half_width / 100, **assumed)
        if found is None:
            raise click.UsageError("no sample of these reports is that precise")
        size = found.n
    if size is not None:
        _write(draw_sample(reports, size, groups=groups, seed=seed), size, output)
    else:
        for line in _calculator(reports, **assumed):
            click.echo(line)
        if output != "-":
            why = "give --size N, or --half-width POINTS"
            click.echo(f"{output}: not written, nothing was drawn; {why}", err=True)
    if failed:
        raise click.exceptions.Exit(1)


def _write(sample: ValidationSample, asked: int, output: str) -> None:
    if len(sample) > asked:
        why = f"each of {len(sample.strata)} strata gives two at least"
        click.echo(f"{len(sample)} sentences, not {asked}: {why}", err=True)
    elif len(sample) < asked:
        click.echo(f"{len(sample)} sentences, not {asked}: there are no more", err=True)
    if output == "-":
        emit(csv_text(COLUMNS, sample_rows(sample)), output)
    else:
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        write_sample(sample, output)
        click.echo(f"{output}: {len(sample)} sentences of {len(sample.strata)} strata", err=True)


def _calculator(reports: Sequence[TaggedReport], **assumed: Any) -> Iterator[str]:
    """How near the limits of each category's share come with samples of several sizes."""
    keys = reports[0].coding.categories
    yield "half width of the 95 % limits of each share, in percentage points"
    yield "  ".join(("sentences", *keys))
    drawn = set()
    for size in _TABLE:
        found = expected_precision(reports, size, **assumed)
        # All sentences are drawn already by a smaller size.
        if found.drawn not in drawn:
            widths = zip(keys, found.half_widths, strict=True)
            cells = (f"{100 * wide:{len(key)}.1f}" for key, wide in widths)
            yield "  ".join((f"{found.drawn:9d}", *cells))
        drawn.add(found.drawn)
