"""Formats that only an office program reads: .doc, .wps, .rtf, .odt.

They are recognised and refused with the command that converts them, or, when the caller allows
it, converted by an installed LibreOffice; each conversion is logged.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from practicelib.text.formats.base import LOG, Extracted, Given, kind_of
from practicelib.text.formats.html import extract_html
from practicelib.text.formats.word import extract_docx

_SECONDS = 120
_PROGRAMS = ("soffice", "libreoffice")


def extract_office(content: bytes, given: Given) -> Iterable[Extracted]:
    """Text of an old Word, WPS, RTF or OpenDocument file.

    Many files named .doc are Word files of the new kind or saved pages; those are read as such.
    Raises ReportError where nothing may or can convert.
    """
    if not content.strip():
        raise given.refuse("the file is empty")
    word, _ = kind_of(content)
    ending = Path(given.part or given.file).suffix.lower()
    if word == "zip" and b"word/document.xml" in content:
        return extract_docx(content, given)
    if not word and b"<html" in content[:2048].lower():
        return extract_html(content, given)
    if word not in ("ole", "rtf", "zip"):
        raise given.refuse(f"not a {ending} file: neither old Word, WPS, RTF nor OpenDocument")
    name = Path(given.part or given.file).name
    if not given.convert:
        raise given.refuse(
            f"an old format ({ending or word}); convert it with:"
            f' soffice --headless --convert-to docx "{name}", or let --convert do it'
        )
    return [
        replace(found, source=replace(found.source, encoding=f"{ending.lstrip('.')} converted"))
        for found in extract_docx(_converted(content, ending or ".doc", given), given)
    ]


def _converted(content: bytes, ending: str, given: Given) -> bytes:
    """The file as .docx, by LibreOffice in a profile of its own, with macros off by default."""
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise given.refuse("--convert needs LibreOffice, and no soffice was found on the PATH")
    with tempfile.TemporaryDirectory(prefix="practicelib-") as folder:
        source = Path(folder, "report" + ending)
        source.write_bytes(content)
        profile = Path(folder, "profile").as_uri()
        command = [
            program, f"-env:UserInstallation={profile}", "--headless", "--norestore",
            "--convert-to", "docx:MS Word 2007 XML", "--outdir", folder, str(source),
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired as cause:
            raise given.refuse(f"LibreOffice did not finish within {_SECONDS} s") from cause
        target = source.with_suffix(".docx")
        if not target.exists():
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise given.refuse(
                f"LibreOffice could not convert it: {said[-1] if said else 'no word'}"
            )
        LOG.info("%s: converted from %s by %s", given.place, ending, program)
        return target.read_bytes()
