"""`practicelib suspects`: likely label errors, ranked."""

from __future__ import annotations

import shutil
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from practicelib.cli.codings import read_coded
from practicelib.cli.endings import format_of
from practicelib.cli.options import emit, emit_bytes, lang_option, output_option, seed_option_of
from practicelib.codebook.reading import read_codebook
from practicelib.errors import Fault, LabelError
from practicelib.files.tables import read_csv
from practicelib.labels.suspects import suspects
from practicelib.records.labelled import LabelTable
from practicelib.records.suspects import Suspects
from practicelib.show.consistency_suspects import (
    render_suspects,
    suspects_csv,
    suspects_json,
    suspects_page,
    suspects_xlsx,
)

FORMATS = ("table", "json", "csv", "xlsx", "html")
_ENDINGS = {".txt": "table", ".htm": "html", **{f".{name}": name for name in FORMATS[1:]}}


@click.command("suspects")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default=None,
    help="Output format; by the ending of -o, else table.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    help="How many are listed.",
)
@click.option(
    "--with-model",
    is_flag=True,
    help="Also train models across folds of reports and list labels that they contradict.",
)
@click.option(
    "--probabilities",
    default=None,
    metavar="FILE",
    help="CSV of out-of-fold probabilities: sentence and one column a category.",
)
@click.option("--codebook", default=None, metavar="FILE", help="Codebook; that of PATH by default.")
@seed_option_of("the folds")
@output_option
@lang_option
def command(
    paths: tuple[str, ...],
    format_: str | None,
    limit: int,
    with_model: bool,
    probabilities: str | None,
    codebook: str | None,
    seed: int,
    output: str,
    lang: str,
) -> None:
    """Likely label errors: outvoted coders, like sentences coded otherwise, a model's doubts."""
    if with_model and probabilities:
        raise click.UsageError("--with-model and --probabilities exclude each other")
    chosen = format_of(output, format_, _ENDINGS, "table")
    table = read_coded(paths, codebook=codebook)
    if with_model:
        found = _with_model(table, paths, codebook, limit, seed)
    else:
        given = read_probabilities(probabilities, table) if probabilities else None
        found = suspects(table, given, limit=limit)
    if chosen == "xlsx":
        emit_bytes(suspects_xlsx(found), output)
    else:
        emit(_render(found, chosen, lang), output, bom=chosen == "csv")


def _with_model(
    table: LabelTable, paths: tuple[str, ...], codebook: str | None, limit: int, seed: int
) -> Suspects:
    # Imported here: it brings scikit-learn along.
    from practicelib.workflows.suspecting import suspects_with_model

    own = Path(paths[0]) / "codebook.toml"
    book = read_codebook(codebook or (own if own.exists() else None))
    if book.keys != table.categories:
        raise LabelError(f"labels have {table.categories}, the codebook {book.keys}")
    return suspects_with_model(table, book, limit=limit, seed=seed)


def _render(found: Suspects, chosen: str, lang: str) -> str:
    if chosen == "json":
        return suspects_json(found)
    if chosen == "csv":
        return suspects_csv(found)
    if chosen == "html":
        return str(suspects_page(found, lang=lang))
    return render_suspects(found, lang=lang, columns=shutil.get_terminal_size((100, 24)).columns)


def read_probabilities(path: str, table: LabelTable) -> NDArray[np.float64]:
    """Probabilities (N, K) by sentence id; NaN for sentences that the file does not have.

    Raises LabelError naming every unknown sentence, missing column and cell that is no
    probability.
    """
    place = {sentence.id: row for row, sentence in enumerate(table.sentences)}
    found = np.full((len(table.sentences), len(table.categories)), np.nan)
    faults: list[Fault] = []
    for line, row in read_csv(path):
        missing = [key for key in ("sentence", *table.categories) if key not in row]
        if missing:
            raise LabelError(f"columns are missing: {', '.join(missing)}", file=path, line=1)
        if row["sentence"] not in place:
            faults.append(Fault(f"unknown sentence {row['sentence']!r}", path, line))
            continue
        try:
            figures = [float(row[key]) for key in table.categories]
        except ValueError as cause:
            faults.append(Fault(str(cause), path, line))
            continue
        if not all(0.0 <= figure <= 1.0 for figure in figures):
            faults.append(Fault("a probability lies outside 0 to 1", path, line))
        found[place[row["sentence"]]] = figures
    if faults:
        raise LabelError(faults)
    return found
