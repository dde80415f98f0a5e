"""SHA-256 of texts, files and plain data, in hexadecimal."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def hash_text(text: str) -> str:
    """Hash of a text in UTF-8; lone surrogates are hashed as they are."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def hash_bytes(content: bytes) -> str:
    """Hash of bytes."""
    return hashlib.sha256(content).hexdigest()


def hash_file(path: str | Path) -> str:
    """Hash of a file's content, read in blocks."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_json(content: Any) -> str:
    """Hash of plain data, independent of the order of its keys."""
    return hash_text(json.dumps(content, ensure_ascii=False, sort_keys=True))
