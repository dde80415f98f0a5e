"""A zip of reports: each member as its own format, in the order of their names."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from practicelib.errors import Fault, ReportError
from practicelib.text.formats.base import Extracted, Extractor, Given, expect, open_archive

_UTF8 = 0x800
_ENCRYPTED = 0x1


class ZipExtractor:
    """Reads the members that have a known ending; an archive inside is refused.

    All faults of members are raised in one ReportError after what could be read.
    """

    def __init__(self, extractors: Mapping[str, Extractor]) -> None:
        self._extractors = extractors

    def __call__(self, content: bytes, given: Given) -> Iterable[Extracted]:
        expect(content, given, "zip", "a zip archive")
        archive = open_archive(content, given)
        names = archive.namelist()
        if "word/document.xml" in names or "xl/workbook.xml" in names:
            ending = ".docx" if "word/document.xml" in names else ".xlsx"
            yield from self._extractors[ending](content, given)
            return
        faults: list[Fault] = []
        found = False
        members = {_name(m): m for m in archive.infolist() if _is_file(m)}
        for name, member in sorted(members.items(), key=lambda item: item[0]):
            ending = PurePosixPath(name).suffix.lower()
            inner = replace(given, part=name)
            if ending == ".zip":
                faults.extend(inner.refuse("an archive inside an archive").faults)
            elif ending in self._extractors:
                found = True
                try:
                    yield from self._extractors[ending](_read(archive, member, inner), inner)
                except ReportError as error:
                    faults.extend(error.faults)
        if faults:
            raise ReportError(faults)
        if not found:
            raise given.refuse("the archive holds no report file")


def _name(member: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 flag are GB18030 where they fit, as Chinese Windows writes them."""
    if member.flag_bits & _UTF8:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _is_file(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename).parts
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in parts)
    return bool(parts) and not member.filename.endswith("/") and not hidden


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, given: Given) -> bytes:
    if member.flag_bits & _ENCRYPTED:
        raise given.refuse("protected by a password")
    try:
        return archive.read(member)
    except Exception as cause:  # BadZipFile, zlib.error and LZMAError share no other base
        raise given.refuse(f"damaged: {cause}") from cause
