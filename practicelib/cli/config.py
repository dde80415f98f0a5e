"""Options that repeat, kept in `practicelib.toml` or in `[tool.practicelib]` of `pyproject.toml`.

The nearest file upwards from the working folder counts. Its top level holds options of all
commands that know them, a table `[tag]` those of that command; the command line wins over both.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click


def defaults_for(
    command: click.Command, name: str, commands: Sequence[str], folder: Path
) -> dict[str, Any]:
    """Defaults of a command's parameters, by parameter name.

    Raises click.UsageError for a file that is no TOML, a table of no command and an option that
    the command does not have.
    """
    file, content = _find(folder)
    if file is None:
        return {}
    parameters = {
        option.lstrip("-"): str(param.name)
        for param in command.params
        if isinstance(param, click.Option)
        for option in param.opts
        if option.startswith("--")
    }
    tables = {key for key, value in content.items() if isinstance(value, Mapping)}
    _refuse(file, "no command", tables - set(commands))
    own = content.get(name, {})
    _refuse(file, f"no option of {name}", own.keys() - parameters.keys())
    common = {key: value for key, value in content.items() if key not in tables}
    known = {key: value for key, value in common.items() if key in parameters}
    return {parameters[key]: value for key, value in {**known, **own}.items()}


def _refuse(file: Path, cause: str, keys: Iterable[str]) -> None:
    if found := sorted(keys):
        raise click.UsageError(f"{file}: {cause}: {', '.join(found)}")


def _find(folder: Path) -> tuple[Path | None, Mapping[str, Any]]:
    for place in (folder, *folder.parents):
        own = place / "practicelib.toml"
        if own.is_file():
            return own, _read(own)
        project = place / "pyproject.toml"
        if project.is_file():
            table = _read(project).get("tool", {}).get("practicelib")
            if table is not None:
                return project, table
    return None, {}


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise click.UsageError(f"{file}: not readable as TOML: {cause}") from cause
