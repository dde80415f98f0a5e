"""`practicelib suggest`: the sentences that are most worth coding next."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from practicelib.cli.endings import format_of, need_file
from practicelib.cli.main import saying
from practicelib.cli.options import (
    cases_option,
    lang_option,
    model_option,
    read_case_table,
    reading_options,
    seed_option_of,
)
from practicelib.codebook.reading import read_codebook
from practicelib.errors import PracticeError
from practicelib.files.data import data_path
from practicelib.labels.checks import need_same_categories
from practicelib.labels.folder import read_sentences
from practicelib.labels.interchange import WRITERS, write_exchange
from practicelib.model.storage import load_tagger
from practicelib.workflows.suggesting import suggest_from_files


@click.command("suggest")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@click.option("-n", "n", default=50, show_default=True, type=click.IntRange(1), help="How many.")
@click.option(
    "-o", "--output", default="suggested.xlsx", show_default=True, metavar="FILE",
    help="The workbook, or what --to says.",
)  # fmt: skip
@click.option(
    "--to", "to", type=click.Choice([form for form in WRITERS if form != "codings"]),
    default=None, help="Tool to code with; a workbook by default.",
)  # fmt: skip
@click.option(
    "--labels", default=None, metavar="FOLDER",
    help="Label folder whose sentences are left out; the shipped one by default.",
)  # fmt: skip
@click.option(
    "--rare", "rare_share", default=0.3, show_default=True, type=click.FloatRange(0, 1),
    help="Share of places kept for rare categories.",
)  # fmt: skip
@click.option(
    "--by", default="report", show_default=True,
    help="Spread over reports, or over what a column of --cases says, such as place.",
)  # fmt: skip
@cases_option("its columns are for --by, coders do not see them")
@seed_option_of("the clusters")
@model_option
@lang_option
@reading_options
def command(
    paths: tuple[str, ...],
    n: int,
    output: str,
    to: str | None,
    labels: str | None,
    rare_share: float,
    by: str,
    cases: str | None,
    seed: int,
    model: str | None,
    lang: str,
    **reading: Any,
) -> None:
    """Pick the sentences of reports whose coding would improve the model most.

    They are near a threshold, spread over reports and kinds of sentence, with a share kept for
    rare categories. They are marked as suggested: no sample, for training only.
    """
    need_file(output)
    form = format_of(output, to, {".xlsx": "workbook"}, "workbook", option="--to")
    refused: list[PracticeError] = []
    table = read_case_table(cases)
    if by != "report" and by not in (table.columns if table else ()):
        raise click.UsageError(f"--by {by} needs a case table (--cases) with that column")
    folder = Path(labels) if labels else data_path("labels")
    tagger = load_tagger(model)
    if (own := folder / "codebook.toml").is_file():
        need_same_categories(tagger.categories, read_codebook(own).keys, tagger.name)
    coded = [info.text for info in read_sentences(folder, []).sentences.values()]
    exchange, chosen = suggest_from_files(
        tagger, paths, n, coded=coded, rare_share=rare_share, seed=seed, lang=lang,
        cases=table, by=by, refused=saying(refused), **reading,
    )  # fmt: skip
    for file in write_exchange(exchange, output, form):
        click.echo(f"written: {file}", err=True)
    reasons = Counter(one.reason for one in chosen)
    counts = ", ".join(f"{reason} {count}" for reason, count in reasons.items())
    click.echo(f"{len(chosen)} sentences: {counts}", err=True)
    if len(chosen) < n:
        click.echo(
            f"not {n}: what is coded already, headings, very short and repeated sentences are no"
            " candidates, and no report gives more than about twice its share",
            err=True,
        )
    if refused:
        raise click.exceptions.Exit(1)
