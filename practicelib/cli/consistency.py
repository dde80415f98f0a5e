"""`practicelib consistency`: how far coders agree."""

from __future__ import annotations

import shutil
import sys

import click

from practicelib.cli.codings import read_coded
from practicelib.cli.endings import format_of
from practicelib.cli.options import emit, emit_bytes, lang_option, output_option, seed_option_of
from practicelib.errors import BoundNotMetError, Fault
from practicelib.labels.consistency import consistency
from practicelib.records.consistency import Consistency
from practicelib.show.consistency_numbers import number
from practicelib.show.consistency_page import consistency_page
from practicelib.show.consistency_paper import paragraph, to_docx, to_latex
from practicelib.show.consistency_tables import render_terminal, to_csv, to_json, to_markdown
from practicelib.show.consistency_workbook import to_xlsx
from practicelib.show.terminal import use_colour

FORMATS = ("table", "json", "csv", "xlsx", "html", "markdown", "latex", "docx", "paragraph")
_ENDINGS = {".txt": "table", ".htm": "html", ".md": "markdown", ".tex": "latex"}
_ENDINGS |= {f".{name}": name for name in ("json", "csv", "xlsx", "html", "docx")}


_WHO = {
    "zh": "提示：在编码文件旁放一份 coders.csv（列 coder,kind；kind 为 person 或 model pass），"
    "即可说明编码员是人员还是模型",
    "en": "hint: a coders.csv beside the coding files (columns coder,kind; kind is person or"
    " model pass) says who the coders are",
}


@click.command("consistency")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default=None,
    help="Output format; by the ending of -o, else table.",
)
@click.option("--full", is_flag=True, help="All coefficients, coders, sources and disputes.")
@click.option(
    "--min-alpha",
    type=float,
    default=None,
    metavar="BOUND",
    help="Exit with 3 where the lower limit of a category's alpha is below BOUND.",
)
@click.option("--coder", "coders", multiple=True, metavar="NAME", help="Only these coders.")
@click.option("--round", "round_", default=None, metavar="NAME", help="Round; first by default.")
@click.option(
    "--compare",
    type=click.Choice(["round", "codebook"]),
    default="round",
    show_default=True,
    help="What changes are measured between: rounds or codebook versions.",
)
@click.option("--codebook", default=None, metavar="FILE", help="Codebook; that of PATH by default.")
@click.option(
    "--method",
    type=click.Choice(["bootstrap", "percentile", "jackknife"]),
    default="bootstrap",
    show_default=True,
    help="How intervals are made.",
)
@click.option("--resamples", type=click.IntRange(1), default=1000, show_default=True, help="Draws.")
@click.option(
    "--level",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="Confidence level.",
)
@click.option(
    "--clusters",
    type=click.Choice(["report", "sentence"]),
    default="report",
    show_default=True,
    help="What is resampled.",
)
@seed_option_of("the resamples")
@output_option
@lang_option
def command(
    paths: tuple[str, ...],
    format_: str | None,
    full: bool,
    min_alpha: float | None,
    coders: tuple[str, ...],
    round_: str | None,
    compare: str,
    codebook: str | None,
    method: str,
    resamples: int,
    level: float,
    clusters: str,
    seed: int,
    output: str,
    lang: str,
) -> None:
    """Agreement of the coders of a label folder, or of coding files (CSV, JSONL, XLSX).

    PATH may be - for a coding file on stdin. Only first, independent codings count; decisions
    never do.
    """
    chosen = format_of(output, format_, _ENDINGS, "table")
    table = read_coded(paths, codebook=codebook, rounds=compare)
    result = consistency(
        table,
        coders=coders or None,
        round=round_,
        details=full or chosen in ("html", "json", "csv", "xlsx"),
        method=method,  # type: ignore[arg-type]
        resamples=resamples,
        level=level,
        seed=seed,
        clusters=clusters,
    )
    if chosen == "docx":
        emit_bytes(to_docx(result, lang=lang), output)
    elif chosen == "xlsx":
        emit_bytes(to_xlsx(result, lang=lang), output)
    else:
        emit(_render(result, chosen, lang, full, output), output, bom=chosen == "csv")
    if result.basis.between == "unknown coders":
        click.echo(_WHO[lang], err=True)
    if min_alpha is not None:
        _check(result, min_alpha)


def _render(result: Consistency, chosen: str, lang: str, full: bool, output: str) -> str:
    if chosen == "json":
        return to_json(result)
    if chosen == "csv":
        return to_csv(result)
    if chosen == "html":
        return str(consistency_page(result, lang=lang))
    if chosen == "markdown":
        return to_markdown(result, lang=lang, full=full)
    if chosen == "latex":
        return to_latex(result, lang=lang)
    if chosen == "paragraph":
        return paragraph(result, lang) + "\n"
    colour = output == "-" and use_colour(sys.stdout)
    columns = shutil.get_terminal_size((100, 24)).columns
    return render_terminal(result, lang=lang, full=full, colour=colour, columns=columns)


def _check(result: Consistency, bound: float) -> None:
    below = result.below(bound)
    if below:
        raise BoundNotMetError(
            Fault(
                f"{category.key}: lower limit of alpha {number(category.alpha.low)} is below"
                f" {bound:g} (alpha {number(category.alpha.value)})"
            )
            for category in below
        )
