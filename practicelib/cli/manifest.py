"""`practicelib manifest`: a case table to fill in, guessed from a folder of reports."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from practicelib.cli.endings import SHEETS, format_of
from practicelib.cli.main import saying
from practicelib.cli.options import emit, output_option_saying, reading_options
from practicelib.errors import PracticeError
from practicelib.files.tables import csv_text
from practicelib.practices.cases import case_rows, guess_cases, write_cases
from practicelib.workflows.readable import readable_reports


@click.command("manifest")
@click.argument("paths", nargs=-1, required=True, metavar="FOLDER...")
@output_option_saying("Where to write: .csv or .xlsx; - is CSV on stdout.")
@click.option("--force", is_flag=True, help="Overwrite a table that is there already.")
@reading_options
def command(
    paths: tuple[str, ...],
    output: str,
    force: bool,
    **reading: Any,
) -> None:
    """Write an editable case table of the reports of a folder.

    Title, unit, place, level and year are guesses: look at each row, mend it, and type "confirmed"
    in the last column. Add columns of your own (outcomes, conditions) at will.
    """
    format_of(output, None, SHEETS, "csv", option="")
    if output != "-" and Path(output).exists() and not force:
        raise click.UsageError(f"{output} is there already; --force overwrites it")
    refused: list[PracticeError] = []
    reports = readable_reports(paths, saying(refused), reading)
    table = guess_cases(reports, _common_folder(paths))
    if output == "-":
        emit(csv_text(*case_rows(table)), output)
    elif table.cases:
        write_cases(table, output)
        click.echo(f"{output}: {len(table.cases)} reports, all guessed", err=True)
    if refused or not table.cases:
        raise click.exceptions.Exit(1)


def _common_folder(paths: tuple[str, ...]) -> str:
    """The folder that files are named in: what all paths have in common, a file's own folder."""
    folders = [p if p.is_dir() else p.parent for p in (Path(path).resolve() for path in paths)]
    try:
        return os.path.commonpath(folders)
    except ValueError:  # other drives
        return ""
