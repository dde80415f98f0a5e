"""`practicelib train`: labels in, a saved model out."""

from __future__ import annotations

from pathlib import Path

import click

from practicelib.cli.options import seed_option_of
from practicelib.files.data import data_path
from practicelib.model.storage import save_tagger
from practicelib.workflows.gold import read_gold
from practicelib.workflows.training import train


@click.command("train")
@click.argument("labels", required=False, metavar="[LABELS]")
@click.option("-o", "--output", required=True, metavar="FOLDER", help="Where to save the model.")
@click.option(
    "--codebook", default=None, metavar="FILE", help="Codebook; that of LABELS by default."
)
@click.option(
    "--dictionary",
    default=None,
    metavar="FILE",
    help="Domain dictionary; that of LABELS by default, else the shipped one.",
)
@seed_option_of("all that is random")
def command(
    labels: str | None, output: str, codebook: str | None, dictionary: str | None, seed: int
) -> None:
    """Learn a model from a label folder (the shipped labels by default)."""
    root = Path(labels) if labels else data_path("labels")
    own = root / "dictionary.txt"
    gold, book = read_gold(root, codebook)
    click.echo(f"{len(gold)} sentences with a decided label", err=True)
    chosen = dictionary or (own if own.is_file() else None)
    tagger = train(gold, book, dictionary=chosen, seed=seed)
    path = save_tagger(tagger, output)
    facts = tagger.parameters.facts
    click.echo(
        f"{path}: trained on {facts['sentences']} sentences of {facts['reports']} reports", err=True
    )
