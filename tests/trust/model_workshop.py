"""A folder in which a saved model is spoiled, and the ways to spoil one."""

from __future__ import annotations

import copy
import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from practicelib.files.hashing import hash_bytes, hash_text
from practicelib.model.storage import _arrays, _pack
from practicelib.model.tagger import Tagger

ARRAYS = "arrays-0123456789abcdef.npz"


class Workshop:
    """A folder in which a copy of a model is spoiled; `description` and `arrays` are free to edit.

    `save` writes both with hashes that agree; `raw` writes any bytes as the array file instead.
    """

    def __init__(self, folder: Path, description: dict[str, Any], tagger: Tagger) -> None:
        self.folder = folder
        self.description = copy.deepcopy(description)
        self.arrays: dict[str, Any] = dict(_arrays(tagger.parameters))
        self.json = folder / "model.json"
        self.npz = folder / ARRAYS

    def save(self) -> None:
        self.raw(_pack(self.arrays))

    def raw(self, content: bytes) -> None:
        self.npz.write_bytes(content)
        self.note(hash_bytes(content))

    def note(self, sha256: str) -> None:
        self.description["arrays"] = {"file": ARRAYS, "sha256": sha256}
        self.write_json()

    def write_json(self) -> None:
        self.json.write_text(json.dumps(self.description), encoding="utf-8")

    def rehash(self) -> None:
        """Note the hash that the codebook has now, if it still is one."""
        text = json.dumps(self.description["codebook"], ensure_ascii=False, sort_keys=True)
        self.description["codebook_hash"] = hash_text(text)


Spoil = Callable[[Workshop], object]
Case = tuple[Spoil, str]


def _described(change: Callable[[dict[str, Any]], object], *, rehash: bool = False) -> Spoil:
    """Only `model.json` is wrong."""

    def spoil(shop: Workshop) -> None:
        shop.save()
        change(shop.description)
        if rehash:
            shop.rehash()
        shop.write_json()

    return spoil


def _book(change: Callable[[dict[str, Any]], object]) -> Spoil:
    """The codebook is wrong and its hash agrees with it."""
    return _described(lambda d: change(d["codebook"]), rehash=True)


def _array(name: str, change: Callable[[Any], Any]) -> Spoil:
    """One array is wrong and the file's hash agrees with it."""

    def spoil(shop: Workshop) -> None:
        shop.arrays[name] = change(np.array(shop.arrays[name]))
        shop.save()

    return spoil


def _text(content: str | bytes) -> Spoil:
    def spoil(shop: Workshop) -> None:
        shop.save()
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        shop.json.write_bytes(data)

    return spoil


def _instead(make: Callable[[Path], object], which: str) -> Spoil:
    """Something else stands where one of the two files should be."""

    def spoil(shop: Workshop) -> None:
        shop.save()
        path = shop.json if which == "json" else shop.npz
        path.unlink()
        make(path)

    return spoil


def _packed(change: Callable[[dict[str, bytes]], Iterable[tuple[str, bytes]]]) -> Spoil:
    """The members of the archive are changed as bytes."""

    def spoil(shop: Workshop) -> None:
        with zipfile.ZipFile(io.BytesIO(_pack(shop.arrays))) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        stream = io.BytesIO()
        with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as archive:
            warnings.simplefilter("ignore")  # zipfile warns of a name that comes twice
            for name, content in change(members):
                archive.writestr(zipfile.ZipInfo(name), content)
        shop.raw(stream.getvalue())

    return spoil


def _member(name: str, content: bytes) -> Spoil:
    return _packed(lambda members: {**members, f"{name}.npy": content}.items())


def _header(name: str, descr: str, shape: str, *, data: bytes = b"", order: str = "False") -> Spoil:
    """A member with a header written by hand."""
    text = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"
    return _member(name, _npy(text.encode("latin-1")) + data)


def _npy(header: bytes, version: bytes = b"\x01\x00") -> bytes:
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(header)) + header


def _bytes(change: Callable[[bytes], bytes]) -> Spoil:
    """The array file is changed as a whole, its hash agrees."""
    return lambda shop: shop.raw(change(_pack(shop.arrays)))


def _deflated(shop: Workshop) -> None:
    """A bomb: 390 MB of zeros in less than 400 kB."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in shop.arrays:
            if name != "coefficients":
                archive.writestr(f"{name}.npy", b"x")
        with archive.open("coefficients.npy", "w") as member:
            for _ in range(390):
                member.write(bytes(1_000_000))
    shop.raw(stream.getvalue())


def _promise(size: int) -> Spoil:
    """The directory says another size of the first member than its local header."""

    def change(content: bytes) -> bytes:
        at = content.rindex(b"PK\x01\x02", 0, len(content))
        first = content.index(b"PK\x01\x02")
        assert first <= at
        return content[: first + 20] + struct.pack("<II", size, size) + content[first + 28 :]

    return _bytes(change)


def _flag(bits: int) -> Spoil:
    """General-purpose flags of the first member in the directory."""

    def change(content: bytes) -> bytes:
        first = content.index(b"PK\x01\x02")
        return content[: first + 8] + struct.pack("<H", bits) + content[first + 10 :]

    return _bytes(change)


def _many_members(shop: Workshop) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for number in range(60_000):
            archive.writestr(zipfile.ZipInfo(f"{number}.npy"), b"")
    shop.raw(stream.getvalue())


def _swapped_file(shop: Workshop) -> None:
    """Two arrays change places and the noted hash is the old one."""
    sha256 = hash_bytes(_pack(shop.arrays))
    shop.arrays["slopes"], shop.arrays["offsets"] = shop.arrays["offsets"], shop.arrays["slopes"]
    shop.save()
    shop.note(sha256)


def _other_model(shop: Workshop) -> None:
    """The arrays of a whole other model: two categories instead of four."""
    for name in ("coefficients", "intercepts", "slopes", "offsets", "thresholds", "band"):
        shop.arrays[name] = shop.arrays[name][:2]
    shop.save()


def _sparse(size: int) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        with path.open("wb") as stream:
            stream.truncate(size)

    return make


def _set(index: Any, value: float) -> Callable[[Any], Any]:
    def change(array: Any) -> Any:
        array[index] = value
        return array

    return change


def _words(change: Callable[[list[str]], object]) -> Callable[[Any], Any]:
    def edit(array: Any) -> Any:
        words = array.tobytes().decode("utf-8").split("\n")
        change(words)
        return np.frombuffer("\n".join(words).encode("utf-8", "surrogatepass"), np.uint8)

    return edit


def _all_meet(count: int) -> Case:
    """So many words in one word set, and as many chains that wait for it."""

    def change(shop: Workshop) -> None:
        nothing = np.zeros(count, np.int32)
        words = "\n".join(chr(0x4E00 + n) for n in range(count))
        shop.arrays |= {
            f"pattern_{name}": nothing
            for name in (
                "word_sets",
                "chain_pattern",
                "chain_rarest",
                "chain_sets",
                "gap_sizes",
                "gap_wide",
            )
        }
        shop.arrays |= {
            "pattern_words": np.frombuffer(words.encode("utf-8"), np.uint8),
            "pattern_word_starts": np.arange(count + 1, dtype=np.int32),
            "pattern_chain_starts": np.arange(count + 1, dtype=np.int32),
            "pattern_chain_context": np.tile(np.array([-1, -1, 0, 0], np.int32), (count, 1)),
        }
        shop.save()

    return change, f"{count * count} meetings"


def _replace(index: int, word: str) -> Callable[[list[str]], object]:
    return lambda words: words.__setitem__(index, word)


def _first(book: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = book["categories"][0]
    return found
