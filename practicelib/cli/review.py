"""`practicelib review`: a coded workbook of suggested sentences back into the label folder."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from practicelib.labels.reviewing import review


@click.command("review")
@click.argument("workbook", metavar="WORKBOOK")
@click.option("--labels", required=True, metavar="FOLDER", help="Label folder to add to.")
@click.option(
    "--coder", "coders", multiple=True, metavar="COLUMN=NAME",
    help="Name of the coder of a column, such as coder_A=wang; repeat it.",
)  # fmt: skip
@click.option("--by", default="", help="Who filled in the column 'adjudicated'.")
def command(workbook: str, labels: str, coders: tuple[str, ...], by: str) -> None:
    """Bring the coded workbook of `practicelib suggest` back into a label folder.

    All is checked first: texts that were edited, unknown categories and sentences coded before
    are named, and nothing is written then. What comes in is marked as suggested and is for
    training only. Case tables are for `suggest`; the workbook carries none.
    """
    names = dict(one.split("=", 1) for one in coders if "=" in one)
    if len(names) < len(coders):
        raise click.BadParameter("must look like coder_A=wang", param_hint="--coder")
    today = datetime.now(UTC).date().isoformat()
    done = review(workbook, labels, names=names, by=by, date=today)
    codings = ", ".join(f"{coder} {count}" for coder, count in done.codings.items())
    click.echo(
        f"{labels}: {done.sentences} new sentences; codings: {codings or 'none'};"
        f" decisions: {done.decisions}",
        err=True,
    )
