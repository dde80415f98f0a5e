"""What is kept between runs, in the user's private folder: machine code and tables of models.

Does not import numba, so that asking whether a quick start is possible is quick itself.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from practicelib.files.hashing import hash_text
from practicelib.files.private import private_folder

# All that tables can come of, whole folders at a time: a module left out would let old tables be
# read by new code.
_TABLE_SOURCES = ("../../codebook/*.py", "../../text/*.py", "../*.py", "*.py")


@cache
def code_folder() -> Path | None:
    """Where the machine code of this version is kept; None where no folder is safe.

    numba looks only at a function's own file to see whether its cache is out of date, but a kernel
    is made of functions from several files: so the folder's name holds a hash of all of them.
    """
    versions = f"{version('numba')} {sys.version}"
    return private_folder(f"code-{_hash(versions, ('*.py',))}")


def has_code() -> bool:
    """Whether machine code is kept already, so that nothing needs to be compiled."""
    folder = code_folder()
    return folder is not None and any(folder.rglob("*score_texts*.nbc"))


def tables_file(model_hash: str) -> Path | None:
    """Where the tables of a model are kept; None for a model that was never saved, or no folder.

    Named by all that the tables depend on: the model, this code, Unicode's and the converter's
    tables.
    """
    folder = private_folder("tables") if model_hash else None
    return folder / f"{hash_text(model_hash + _derivation())[:32]}.tables" if folder else None


def has_tables(model_hash: str) -> bool:
    """Whether the tables of a model are kept already."""
    file = tables_file(model_hash)
    return file is not None and file.exists()


@cache
def _derivation() -> str:
    rest = f"{unicodedata.unidata_version} {version('opencc')} {sys.byteorder}"
    return _hash(rest, _TABLE_SOURCES)


def _hash(versions: str, places: tuple[str, ...]) -> str:
    texts = (path.read_text(encoding="utf-8") for path in _sources(places))
    return hash_text(f"{versions} {''.join(texts)}")[:16]


def _sources(places: tuple[str, ...]) -> Iterator[Path]:
    for place in places:
        folder, _, names = place.rpartition("/")
        yield from sorted((Path(__file__).parent / folder).glob(names))
