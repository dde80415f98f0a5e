"""`practicelib card`: the card of a saved model."""

from __future__ import annotations

import json
from pathlib import Path

import click

from practicelib.cli.endings import format_of
from practicelib.cli.options import emit, output_option
from practicelib.files.data import data_path
from practicelib.model.storage import load_tagger
from practicelib.show.card import model_card


@click.command("card")
@click.argument("model", required=False, metavar="[FOLDER]")
@output_option
def command(model: str | None, output: str) -> None:
    """Write the card of a saved model (the shipped one by default) in Markdown.

    Figures on outside text are quoted from `outside.json` beside the model, where
    `practicelib evaluate --record` puts them.
    """
    format_of(output, None, {".md": "markdown", ".txt": "markdown"}, "markdown", option="")
    folder = Path(model) if model else data_path("models/default")
    record = folder / "outside.json"
    outside = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    emit(model_card(load_tagger(folder), outside), output)
