"""`practicelib convert`: codings from and to other annotation tools."""

from __future__ import annotations

from pathlib import Path

import click

from practicelib.cli.endings import format_of, need_file
from practicelib.cli.options import lang_option, model_option
from practicelib.codebook.reading import read_codebook
from practicelib.errors import Fault, LabelError
from practicelib.labels.checks import need_same_categories
from practicelib.labels.interchange import (
    READERS,
    WRITERS,
    Exchange,
    Predictions,
    exchange_of,
    exchange_of_rows,
    guess_form,
    read_exchange,
    write_exchange,
)
from practicelib.labels.reading import read_codings, read_uncoded
from practicelib.labels.rows import CodingRow
from practicelib.model.storage import load_tagger
from practicelib.records.codebook import Codebook
from practicelib.records.labelled import LabelTable

OWN = "codings"
_ENDINGS = {".csv": OWN, ".xlsx": "workbook"}


@click.command("convert")
@click.argument("source", metavar="SOURCE")
@click.option(
    "-o", "--output", required=True, metavar="FILE", help="Where to write; side files beside it."
)
@click.option(
    "--from", "from_", type=click.Choice([*READERS, OWN]), default=None,
    help="Tool that SOURCE comes from; told by the file by default.",
)  # fmt: skip
@click.option(
    "--to", "to", type=click.Choice(list(WRITERS)), default=None,
    help="Tool that the file is for; by the ending of -o a workbook (.xlsx) or codings (.csv).",
)  # fmt: skip
@click.option(
    "--codebook",
    default=None,
    metavar="FILE",
    help="Codebook; that of a label folder, else the shipped one.",
)
@click.option("--blank", is_flag=True, help="Sentences only, to be coded afresh.")
@click.option("--round", "round_", default=None, help="Round of the codings; the first one.")
@click.option("--predict", is_flag=True, help="Add what the model says (label-studio, prodigy).")
@lang_option
@model_option
def command(
    source: str,
    output: str,
    from_: str | None,
    to: str | None,
    codebook: str | None,
    blank: bool,
    round_: str | None,
    predict: bool,
    lang: str,
    model: str | None,
) -> None:
    """Convert codings between this library and Label Studio, doccano, Prodigy and Excel.

    SOURCE is a label folder, a coding file, or a file exported by a tool. The result is a coding
    file, or what the tool imports: tasks without codings (--blank), with predictions (--predict),
    or with the codings of each coder. Rows are sentences of a label folder, which names its own
    reports: no case table is taken here.
    """
    need_file(output)
    form = format_of(output, to, _ENDINGS, OWN, option="--to")
    path = Path(source)
    if not path.exists():
        raise LabelError("no such file or folder", file=path)
    chosen = from_ or _guess(path)
    own = codebook or _own_codebook(path)
    book = read_codebook(Path(own) if own else None)
    if chosen == OWN:
        table = read_uncoded(path, book) if blank else read_codings(path, codebook=book)
        said = _predictions(table, model) if predict else None
        exchange = exchange_of(
            table, codebook=book, blank=blank, round=round_, predictions=said, lang=lang
        )
    else:
        if blank or predict or round_:
            raise click.UsageError("--blank, --predict and --round are for own coding files")
        rows = _rows(path, chosen, book, shipped=own is None)
        exchange = exchange_of_rows(rows, book, lang=lang)
    for file in write_exchange(exchange, output, form):
        click.echo(f"written: {file}", err=True)
    click.echo(_summary(exchange), err=True)


def _rows(path: Path, form: str, book: Codebook, *, shipped: bool) -> list[CodingRow]:
    try:
        return read_exchange(path, form, book)
    except LabelError as error:
        if not shipped:
            raise
        cause = "read by the shipped codebook; --codebook names another"
        raise LabelError([*error.faults, Fault(cause, str(path))]) from error


def _guess(path: Path) -> str:
    if path.is_dir() or path.suffix.lower() == ".csv":
        return OWN
    if path.suffix.lower() == ".jsonl":
        head = path.read_bytes()[:4096]
        return OWN if b'"sentence"' in head else guess_form(path)
    return guess_form(path)


def _own_codebook(path: Path) -> Path | None:
    own = path / "codebook.toml"
    return own if own.is_file() else None


def _predictions(table: LabelTable, model: str | None) -> Predictions:
    tagger = load_tagger(model)
    need_same_categories(tagger.categories, table.categories, tagger.name)
    batch = tagger.tag_batch([sentence.text for sentence in table.sentences])
    return Predictions(f"{tagger.name} {tagger.hash[:12]}", batch.probabilities, batch.assigned)


def _summary(exchange: Exchange) -> str:
    return (
        f"{len(exchange.sentences)} sentences, {len(exchange.codings)} codings"
        f" of {len(exchange.coders)} coders"
    )
