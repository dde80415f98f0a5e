"""`practicelib evaluate`: a model measured on labelled sentences, beside baselines."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from practicelib.cli.endings import format_of
from practicelib.cli.options import emit, model_option, output_option
from practicelib.errors import LabelError
from practicelib.files.data import data_path
from practicelib.files.hashing import hash_file
from practicelib.model.storage import load_tagger
from practicelib.show.evaluation_table import (
    evaluation_data,
    evaluation_markdown,
    evaluation_text,
)
from practicelib.workflows.evaluation import evaluate, learning_curve
from practicelib.workflows.gold import read_gold
from practicelib.workflows.outside import coder_scores, pooled, read_labelled, read_part
from practicelib.workflows.training import training_sentences

_ENDINGS = {".txt": "table", ".md": "markdown", ".json": "json"}


@click.command("evaluate")
@click.option(
    "--on", multiple=True, metavar="FILE",
    help="JSONL, CSV or XLSX with text, labels and report; several are pooled. Role test of LABELS"
    " by default.",
)  # fmt: skip
@click.option("--parts", default=None, metavar="FILE", help="JSON that maps parts to report ids.")
@click.option("--part", default=None, help="Measure only on this part of --on.")
@click.option("--with-test", is_flag=True, help="Pool role test of LABELS with --on.")
@click.option("--labels", default=None, metavar="FOLDER", help="Label folder; the shipped one.")
@click.option(
    "--learning-curve", "curve", is_flag=True, help="Also train on shares of the reports."
)
@click.option("--quick", is_flag=True, help="Leave out the baselines that must be trained.")
@click.option(
    "--format", "format_", type=click.Choice(["table", "markdown", "json"]), default=None,
    help="Output format; by the ending of -o, else table.",
)  # fmt: skip
@click.option(
    "--record", default=None, metavar="FILE",
    help="Add the figures, with date and file hashes, to this JSON file.",
)  # fmt: skip
@output_option
@model_option
def command(
    on: tuple[str, ...],
    parts: str | None,
    part: str | None,
    with_test: bool,
    labels: str | None,
    quick: bool,
    curve: bool,
    format_: str | None,
    record: str | None,
    output: str,
    model: str | None,
) -> None:
    """Measure a model where it was not trained."""
    chosen = format_of(output, format_, _ENDINGS, "table")
    _check_part(on, parts, part)
    if record is not None:
        _known(Path(record))
    tagger = load_tagger(model)
    gold, _ = read_gold(labels or data_path("labels"))
    reports = read_part(parts, part) if parts and part else None
    shipped = labels is None and gold.categories != tagger.categories
    if shipped:
        _without_labels(needed=with_test or not on or curve, quick=quick)
    sets = [
        read_labelled(file, tagger.categories, names=tagger.category_names, reports=reports)
        for file in on
    ]
    coders = [score for file in on for score in coder_scores(file, tagger, reports=reports)]
    if with_test or not sets:
        sets.append(gold.with_role("test"))
    name = _name(on, part, with_test)
    train, measured = training_sentences(gold.select(gold.roles != "test")), pooled(sets)
    training = None if shipped else train
    result = evaluate(tagger, measured, training=training, on=name, quick=quick)
    learning = learning_curve(tagger, train, measured) if curve else ()
    result = replace(result, coders=tuple(coders), learning=learning)
    if chosen == "json":
        emit(json.dumps(evaluation_data(result), ensure_ascii=False, indent=1), output)
    else:
        emit((evaluation_markdown if chosen == "markdown" else evaluation_text)(result), output)
    if record is not None:
        entry = {"date": _today(), "files": {Path(f).name: hash_file(f) for f in on}}
        _add(Path(record), name, entry | evaluation_data(result))


def _check_part(on: tuple[str, ...], parts: str | None, part: str | None) -> None:
    if (parts is None) != (part is None):
        raise click.UsageError("--parts and --part belong together")
    if part is not None and not on:
        raise click.UsageError("--part is one of --on: name the file")


def _without_labels(*, needed: bool, quick: bool) -> None:
    """What is left of an evaluation where the shipped labels have none of the model's categories.

    Raises a usage error where those labels would be measured on or learned from.
    """
    why = "the shipped labels have other categories than this model; give its --labels FOLDER"
    if needed:
        raise click.UsageError(why)
    if not quick:
        click.echo(f"left out: baselines that must be trained ({why})", err=True)


def _name(on: tuple[str, ...], part: str | None, with_test: bool) -> str:
    names = [Path(file).stem + (f", part {part}" if part else "") for file in on]
    return " + ".join([*names, *(["role test"] if with_test or not on else [])])


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _known(file: Path) -> dict[str, object]:
    """What a record holds; nothing where there is none yet."""
    try:
        known = json.loads(file.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as cause:
        raise LabelError(f"no record of evaluations: {cause}", file=file) from cause
    if not isinstance(known, dict):
        raise LabelError("no record of evaluations: not a JSON object", file=file)
    return known


def _add(file: Path, name: str, entry: dict[str, object]) -> None:
    known = _known(file) | {name: entry}
    emit(json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True) + "\n", str(file))
