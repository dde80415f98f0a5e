"""`practicelib adjudicate`: gold labels from codings and decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from practicelib.cli.codings import read_coded
from practicelib.cli.endings import format_of
from practicelib.cli.options import emit, lang_option, output_option
from practicelib.files.tables import csv_text, jsonl_text
from practicelib.labels.gold import METHODS, SUPPORT, Adjudication, adjudication, latest_codes
from practicelib.labels.sample_gold import gold_sheet, sample_of
from practicelib.records.labelled import MISSING, LabelTable
from practicelib.show.consistency_suspects import decision_table


@click.command("adjudicate")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--decisions",
    default=None,
    metavar="FILE",
    help="Decisions of people, which always win; decisions.csv of a label folder by default.",
)
@click.option(
    "--method",
    type=click.Choice(METHODS),
    default="majority",
    show_default=True,
    help="What decides where nobody did.",
)
@click.option(
    "--clear",
    type=click.FloatRange(0.5, 1, min_open=True),
    default=0.9,
    show_default=True,
    help="With dawid-skene: posterior from which on a label is clear.",
)
@click.option(
    "--queue", default=None, metavar="FILE", help="Write what a person must decide to this CSV."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "jsonl"]),
    default=None,
    help="Output format; by the ending of -o, else csv.",
)
@click.option("--codebook", default=None, metavar="FILE", help="Codebook; that of PATH by default.")
@output_option
@lang_option
def command(
    paths: tuple[str, ...],
    decisions: str | None,
    method: str,
    clear: float,
    queue: str | None,
    format_: str | None,
    codebook: str | None,
    output: str,
    lang: str,
) -> None:
    """Gold labels of a label folder or of coding files; ties are left to a person.

    The queue has the columns of a decisions file: fill in labels (- for none), by and reason, and
    hand it in with --decisions, or add its rows to decisions.csv. From coders' copies of a sheet of
    `practicelib sample` comes that sheet again, for `practicelib compare --validation`.
    """
    chosen_format = format_of(output, format_, {".csv": "csv", ".jsonl": "jsonl"}, "csv")
    table = read_coded(paths, codebook=codebook)
    own = Path(paths[0]) / "decisions.csv"
    chosen = decisions or (own if own.exists() else None)
    done = adjudication(table, decisions=chosen, method=method, clear=clear)  # type: ignore[arg-type]
    columns = ["sentence", "report", "role", "labels", "how", "text"]
    rows: Iterable[list[Any]] = _gold_rows(done)
    sample = sample_of(paths)
    if sample is not None:
        columns, rows = gold_sheet(sample, done.gold)
    if chosen_format == "jsonl":
        emit(jsonl_text(dict(zip(columns, row, strict=True)) for row in rows), output)
    else:
        emit(csv_text(columns, rows), output, bom=output != "-")
    if queue is not None:
        emit(csv_text(*_queue(table, done)), queue, bom=True)
    counts = dict(Counter(done.gold.how))
    left = "待人裁定" if lang == "zh" else "left to a person"
    click.echo(decision_table({**counts, left: len(done.undecided.rows)}, lang), err=True)


def _gold_rows(done: Adjudication) -> Iterator[list[Any]]:
    gold = done.gold
    for info, labels, how in zip(gold.sentences, gold.labels, gold.how, strict=True):
        keys = [key for key, one in zip(gold.categories, labels, strict=True) if one]
        yield [info.id, info.report, info.role, ";".join(keys), how, info.text]


def _queue(table: LabelTable, done: Adjudication) -> tuple[list[str], Iterator[list[str]]]:
    """Columns of a decisions file, then what helps to decide: text, codes and support."""
    coders = [coder.name for coder in table.coders]
    support = [f"{SUPPORT}{key}" for key in table.categories]
    codes = latest_codes(table)

    def cell(row: int, a: int) -> str:
        own = codes[row, a]
        if own[0] == MISSING:
            return ""
        return ";".join(k for k, one in zip(table.categories, own, strict=True) if one) or "-"

    rows = (
        [
            *(table.sentences[row].id, "", "", "", "", table.sentences[row].text),
            *(cell(row, a) for a in range(len(coders))),
            *(f"{figure:.3f}" for figure in figures),
        ]
        for row, figures in zip(
            done.undecided.rows.tolist(), done.undecided.support.tolist(), strict=True
        )
    )
    header = ["sentence", "labels", "by", "reason", "date", "text", *coders, *support]
    return header, rows
