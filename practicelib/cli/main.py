"""`practicelib`: finds the command's module and imports only that one."""

from __future__ import annotations

import contextlib
import importlib
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from practicelib.errors import BoundNotMetError, PracticeError
from practicelib.version import __version__

# Short helps stand here so that `practicelib --help` imports no command, and so no numpy.
COMMANDS = {
    "tag": "Code the sentences of reports by mechanism category.",
    "train": "Learn a model from labelled sentences.",
    "evaluate": "Measure a model on labelled sentences.",
    "card": "Write the card of a saved model.",
    "prepare": "Set up a label folder: sentences of reports, to be coded.",
    "consistency": "Measure how far coders agree.",
    "suspects": "List likely label errors, ranked.",
    "adjudicate": "Compute gold labels from codings and decisions.",
    "suggest": "Pick the sentences that are most worth coding next.",
    "review": "Bring the coded workbook back into the label folder.",
    "manifest": "Write an editable case table of a folder of reports.",
    "sample": "Draw sentences to code, so that counts can be corrected.",
    "compare": "Compare what reports emphasise, unit by unit.",
    "convert": "Convert codings from and to other annotation tools.",
}
_LOG = logging.getLogger("practicelib")


class LazyGroup(click.Group):
    """A group whose commands are modules of `practicelib.cli`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"practicelib.cli.{cmd_name}")
        command: click.Command = module.command
        if not any(param.name == "volume" for param in command.params):
            command.params.append(_volume_option())
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _volume_option() -> click.Option:
    """-v and -q of every command: how much is logged on stderr."""

    def set_level(ctx: click.Context, param: click.Parameter, verbose: bool | None) -> None:
        level = logging.INFO if verbose else logging.ERROR
        _LOG.setLevel(logging.WARNING if verbose is None else level)

    return click.Option(
        ["-v/-q", "--verbose/--quiet", "volume"],
        default=None,
        callback=set_level,
        expose_value=False,
        help="Say what is done on stderr, or only what failed; warnings by default.",
    )


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="practicelib")
@click.pass_context
def group(ctx: click.Context) -> None:
    """Codes the sentences of Chinese experience reports by mechanism category.

    Options that repeat can stand in practicelib.toml, or in [tool.practicelib] of pyproject.toml.
    Exit codes: 0 done, 1 an input was refused (all others are done), or a model or output could not
    be opened, 2 usage, 3 a bound was not met.
    """
    from practicelib.cli.config import defaults_for

    name = ctx.invoked_subcommand
    command = group.get_command(ctx, name) if name else None
    if name is not None and command is not None:
        ctx.default_map = {name: defaults_for(command, name, tuple(COMMANDS), Path.cwd())}


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: errors of the library become lines on stderr and exit code 1 or 3."""
    try:
        with _log_on_stderr():
            # Without standalone mode click returns the code of `Exit` instead of leaving with it.
            code = group.main(args=arguments, prog_name="practicelib", standalone_mode=False)
        sys.exit(code or 0)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except PracticeError as error:
        say_faults(error)
        sys.exit(3 if isinstance(error, BoundNotMetError) else 1)
    except BrokenPipeError:
        # The reader of our output went away (such as `head`); that is not our error.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        click.echo(
            _safe(f"practicelib: {error.filename or ''}: {error.strerror or error}"), err=True
        )
        sys.exit(1)


class _PlainLines(logging.Formatter):
    """Log lines in which no name of a file steers the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return _safe(super().format(record))


def _safe(line: str) -> str:
    # Imported when something is said: `show` brings numpy, which `--help` is not to wait for.
    from practicelib.show.terminal import safe

    return safe(line)


@contextlib.contextmanager
def _log_on_stderr() -> Iterator[None]:
    handler = logging.StreamHandler()
    handler.setFormatter(_PlainLines("practicelib: %(message)s"))
    _LOG.addHandler(handler)
    try:
        yield
    finally:
        _LOG.removeHandler(handler)
        _LOG.setLevel(logging.NOTSET)


def saying(kept: list[PracticeError]) -> Callable[[PracticeError], None]:
    """What says the faults of a file that cannot be read and keeps them, so that others are."""

    def refuse(error: PracticeError) -> None:
        kept.append(error)
        say_faults(error)

    return refuse


def say_faults(error: PracticeError) -> None:
    """Print one line a fault on stderr."""
    for fault in error.faults:
        click.echo(f"practicelib: {fault}", err=True)
