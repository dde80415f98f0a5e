"""`practicelib compare`: units side by side, as a page, a table, figures or a bundle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click
import numpy as np

from practicelib.cli.endings import format_of
from practicelib.cli.options import (
    cases_option,
    emit,
    lang_option,
    model_option,
    output_option,
    read_case_table,
    reading_options,
    seed_option_of,
)
from practicelib.cli.practice_options import percent_pair, read_gold_tags, read_tagged
from practicelib.codebook.reading import read_codebook
from practicelib.errors import PracticeError
from practicelib.labels.names import keys_by_name
from practicelib.labels.sample_sheet import read_sample
from practicelib.measures.similarity import SHARE_DISTANCES
from practicelib.model.storage import load_tagger
from practicelib.practices.compare import compare
from practicelib.practices.gather import DUPLICATES, HEADINGS
from practicelib.practices.profile import profile
from practicelib.records.codebook import Codebook
from practicelib.records.practices import (
    ESTIMANDS,
    MEASURES,
    Comparison,
    ErrorRates,
    PracticeProfile,
)
from practicelib.records.tags import TaggedReport
from practicelib.records.validation import ValidationSample
from practicelib.show.practice_files import FORMATS, render_text, write_file
from practicelib.show.practice_words import strata_notes

_ENDINGS = {".htm": "html", **{f".{name}": name for name in FORMATS}}
_BINARY = frozenset({"xlsx", "docx", "svg", "png", "zip"})
_OWN = (
    "by", "adjust", "measure", "estimand", "headings", "least", "duplicates", "distance", "level",
    "resamples", "seed",
)  # fmt: skip
# What must be alike for two codings to be set beside each other.
_OF_PROFILES = ("headings", "least", "duplicates", "estimand", "level")


@click.command("compare")
@click.argument("paths", nargs=-1, metavar="FILE...")
@click.option("--by", default="unit", show_default=True, help="report, a column, or column,column.")
@cases_option("guessed by default")
@click.option("--adjust", default="", metavar="COLUMN", help="Add shares standardised by a column.")
@click.option(
    "--measure",
    type=click.Choice(MEASURES),
    default="sentences",
    show_default=True,
    help="Share of all sentences, of those with a category, or of reports with it.",
)
@click.option(
    "--estimand",
    type=click.Choice(ESTIMANDS),
    default="these",
    show_default=True,
    help="These reports (a census), or reports like these (they are a sample too).",
)
@click.option("--validation", default=None, metavar="FILE", help="Coded sample; corrects counts.")
@click.option("--sensitivity", default=None, metavar="LOW-HIGH", help="Range for the band.")
@click.option("--specificity", default=None, metavar="LOW-HIGH", help="Range for the band.")
@click.option("--labels", default=None, metavar="FOLDER", help="A person's codes, not a model's.")
@click.option("--role", default=None, help="Only sentences of this role of --labels.")
@click.option(
    "--beside-labels", default=None, metavar="FOLDER", help="Show a person's codes beside."
)
@click.option("--beside-model", is_flag=True, help="With --labels: show a model's tags beside.")
@click.option(
    "--headings",
    type=click.Choice(HEADINGS),
    default="with",
    show_default=True,
    help="Whether headings count as sentences.",
)
@click.option(
    "--least",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Sentences for being present.",
)
@click.option(
    "--duplicates",
    type=click.Choice(DUPLICATES),
    default="flag",
    show_default=True,
    help="Sentences that several reports share: marked, counted once, or shared out.",
)
@click.option(
    "--distance",
    type=click.Choice(SHARE_DISTANCES),
    default="euclidean",
    show_default=True,
    help="Distance between units, beside that of Jensen and Shannon.",
)
@click.option(
    "--level",
    type=click.FloatRange(0.5, 1, max_open=True),
    default=0.95,
    show_default=True,
    help="Level of intervals.",
)
@click.option(
    "--resamples",
    type=click.IntRange(1),
    default=4000,
    show_default=True,
    help="Draws for intervals.",
)
@seed_option_of("the draws")
@click.option(
    "--codebook",
    default=None,
    metavar="FILE",
    help="For what is planned or lacking; else that of the tags.",
)
@click.option("--no-text", is_flag=True, help="Leave source text out of a bundle (.zip).")
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default=None,
    help="By -o's ending, else csv.",
)
@output_option
@model_option
@lang_option
@reading_options
def command(
    paths: tuple[str, ...],
    cases: str | None,
    validation: str | None,
    sensitivity: str | None,
    specificity: str | None,
    labels: str | None,
    role: str | None,
    beside_labels: str | None,
    beside_model: bool,
    codebook: str | None,
    no_text: bool,
    format_: str | None,
    output: str,
    model: str | None,
    lang: str,
    **options: Any,
) -> None:
    """Compare what reports emphasise, unit by unit: reports in, one page or table out.

    What is measured is reported emphasis, never what was done. By the ending of -o: .html (one
    self-contained page), .csv, .xlsx, .json, .docx and .tex (three-line table), .svg and .png
    (figures), .zip (replication bundle).
    """
    chosen = format_of(output, format_, _ENDINGS, "csv")
    if chosen in _BINARY and output == "-":
        raise click.UsageError(f"{chosen} needs a file: -o FILE.{chosen}")
    own = {name: options.pop(name) for name in _OWN}
    coded = _Coded(labels, role, beside_labels, beside_model, model)
    read = _read(paths, coded, options)
    table = read_case_table(cases)
    by = tuple(part.strip() for part in own.pop("by").split(","))
    try:
        result = compare(
            read.tagged,
            by=by,
            cases=table,
            validation=None if validation is None else _sample(validation, read.tagged[0]),
            rates=_stated(read.tagged[0], sensitivity, specificity),
            codebook=read_codebook(codebook) if codebook else read.codebook,
            **own,
        )
        same = {name: own[name] for name in _OF_PROFILES}
        beside = profile(read.beside, table, by=by, **same) if read.beside else None
    except PracticeError:
        raise
    except ValueError as cause:
        raise click.UsageError(str(cause)) from cause
    _say_strata(result)
    _write(result, chosen, output, lang, beside, not no_text)
    if read.failed:
        raise click.exceptions.Exit(1)


@dataclass(frozen=True)
class _Coded:
    """Whose tags are compared, and whose stand beside them."""

    labels: str | None
    role: str | None
    beside_labels: str | None
    beside_model: bool
    model: str | None


@dataclass(frozen=True)
class _Read:
    """Tagged reports, those to stand beside them, the codebook of the former, and whether a file
    was refused."""

    tagged: list[TaggedReport]
    beside: list[TaggedReport]
    codebook: Codebook
    failed: bool = False


def _read(paths: tuple[str, ...], coded: _Coded, reading: dict[str, Any]) -> _Read:
    if coded.labels is None:
        if not paths:
            raise click.UsageError("give report files, or --labels")
        tagger = load_tagger(coded.model)
        tagged, failed = read_tagged(tagger, paths, **reading)
        beside = read_gold_tags(coded.beside_labels, coded.role)[0] if coded.beside_labels else []
        return _Read(tagged, beside, tagger.parameters.codebook, failed)
    gold, codebook = read_gold_tags(coded.labels, coded.role)
    if not coded.beside_model:
        return _Read(gold, [], codebook)
    if not paths:
        raise click.UsageError("--beside-model needs the report files too")
    other, failed = read_tagged(load_tagger(coded.model), paths, **reading)
    return _Read(gold, other, codebook, failed)


def _sample(file: str, tagged: TaggedReport) -> ValidationSample:
    coding = tagged.coding
    return read_sample(file, keys_by_name(coding.categories, coding.category_names))


def _stated(
    tagged: TaggedReport, sensitivity: str | None, specificity: str | None
) -> ErrorRates | None:
    """Ranges that the user states, the same for all categories; None for the model's own."""
    if (sensitivity is None) != (specificity is None):
        raise click.UsageError("give both --sensitivity and --specificity")
    if sensitivity is None or specificity is None:
        return None
    k = len(tagged.coding.categories)
    tables = []
    for text, name in ((sensitivity, "--sensitivity"), (specificity, "--specificity")):
        low, high = percent_pair(text, name)
        tables.append(np.tile([(low + high) / 2, low, high], (k, 1)))
    unknown = np.full(k, np.nan)
    return ErrorRates(tables[0], tables[1], "stated", unknown, unknown)


def _say_strata(result: Comparison) -> None:
    """Warn where standardised shares do not rest on all sentences: a table has no place for it."""
    if result.strata is not None and result.strata.dropped:
        click.echo(f"practicelib: {strata_notes(result, 'en')[-1]}", err=True)


def _write(
    result: Comparison,
    chosen: str,
    output: str,
    lang: str,
    beside: PracticeProfile | None,
    with_text: bool,
) -> None:
    if chosen in _BINARY:
        write_file(result, output, chosen, lang=lang, with_text=with_text)
        click.echo(f"written: {output}", err=True)
    else:
        text = render_text(result, chosen, lang=lang, beside=beside)
        emit(text, output, bom=chosen == "csv")
