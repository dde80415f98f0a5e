"""`practicelib prepare`: a label folder from reports, ready to be coded."""

from __future__ import annotations

from typing import Any

import click

from practicelib.cli.main import saying
from practicelib.cli.options import reading_options
from practicelib.errors import PracticeError
from practicelib.workflows.preparing import prepare


@click.command("prepare")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@click.option("-o", "--output", required=True, metavar="FOLDER", help="The new label folder.")
@click.option(
    "--codebook", default=None, metavar="FILE",
    help="Codebook to code by; codebook.toml in the folder by default.",
)  # fmt: skip
@reading_options
def command(paths: tuple[str, ...], output: str, codebook: str | None, **reading: Any) -> None:
    """Cut reports into sentences and set up a label folder to code them in.

    Then `convert FOLDER --to workbook --blank` writes the sheet for the coders, and `convert`
    brings it back into FOLDER/codings.
    """
    failed: list[PracticeError] = []
    done = prepare(paths, output, codebook, refused=saying(failed), **reading)
    click.echo(f"{output}: {done.reports} reports, {done.sentences} sentences", err=True)
    if failed:
        raise click.exceptions.Exit(1)
