"""More than a hundred bad report files: what each holds, and how it must come out.

A case is (how to make it, what its refusal says). `READ` stands where the file is odd but text,
and must be read whole. Each is made in a folder of its own under its own name.
"""

from __future__ import annotations

import io
import os
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.text.formats import word_maker
from tests.text.formats.pdf_maker import make_pdf

Make = Callable[[Path], object]
Case = tuple[Make, str]
READ = "<read>"

TEXT = "街道党工委牵头成立议事会，居民代表共同商议停车难题。"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
ZIP = "damaged|not |no Word|no report|holds no"


def _data(content: bytes | Callable[[], bytes]) -> Make:
    return lambda path: path.write_bytes(content() if callable(content) else content)


def _zip(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED, flags: int = 0) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    content = stream.getvalue()
    if flags:
        first = content.index(b"PK\x01\x02")
        content = content[: first + 8] + struct.pack("<H", flags) + content[first + 10 :]
    return content


def _zeros(size: int) -> Make:
    """A file that is all holes."""

    def make(path: Path) -> None:
        with path.open("wb") as stream:
            stream.truncate(size)

    return make


def _long(size: int, line: bytes) -> Make:
    """A file that repeats a piece until it has that size."""

    def make(path: Path) -> None:
        block = line * (1_000_000 // len(line))
        with path.open("wb") as stream:
            for _ in range(size // len(block)):
                stream.write(block)

    return make


def _socket(path: Path) -> None:
    # The name of a socket may have 108 bytes only: bound from its folder.
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(before)


# --- text ---------------------------------------------------------------------------------------

U = TEXT.encode("utf-8")
G = TEXT.encode("gb18030")
TEXTS: dict[str, Case] = {
    "empty.txt": (_data(b""), "empty"),
    "spaces.txt": (_data(b" \n\t\r\n"), "empty"),
    "wide-spaces.txt": (_data("\u3000\u3000\n".encode()), "white space"),
    "mark-alone.txt": (_data(b"\xef\xbb\xbf"), "white space|empty"),
    "mark-utf16-alone.txt": (_data(b"\xff\xfe"), "white space|empty"),
    "nul.txt": (_data(U + b"\0" + U), "binary"),
    "nuls.txt": (_zeros(10_000), "binary|empty"),
    "nuls-200MB.txt": (_zeros(200_000_000), "bytes"),
    "line-200MB.txt": (_long(200_000_000, U), "too large|bytes"),
    "line-60MB.txt": (_long(60_000_000, U), "characters"),
    "line-60MB-ascii.txt": (_long(60_000_000, b"a"), "characters"),
    "line-2M-of-stops.txt": (_data("。".encode() * 2_000_000), "characters"),
    "line-of-addresses.txt": (_data(b"http://a.b?c!d " * 60_000 + U), READ),
    "line-of-quotes.txt": (_data(("。" + "\"'" * 3).encode() * 50_000), READ),
    "line-of-brackets.txt": (_data(("（" * 100_000 + TEXT + "）" * 100_000).encode()), READ),
    "lines-empty-5M.txt": (_data(lambda: b"\n" * 5_000_000 + U), READ),
    "lines-of-separators.txt": (_data(("甲\u2028\x85\x1c" * 10_000).encode()), READ),
    "file-of-8GB.txt": (_zeros(8_000_000_000), "bytes"),
    "random.txt": (_data(bytes(zlib.crc32(bytes([i % 251])) >> 7 & 255 for i in range(5000))),
                   "binary|encoding"),
    "surrogates.txt": (_data(TEXT.encode() + b"\xed\xa0\x80" + U), "encoding|binary|line"),
    "surrogates-utf16.txt": (
        _data(b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\x00\xd8"), "utf-16|cut"),
    "overlong-utf8.txt": (_data(b"\xc0\xaf\xc0\xaf" + U), "encoding|binary"),
    "beyond-unicode.txt": (_data(b"\xf5\x80\x80\x80" + U), "encoding|binary"),
    "cut-utf8.txt": (_data(U[:-1]), "encoding|cut"),
    "cut-gbk.txt": (_data(G[:-3]), "encoding|cut"),
    "utf8-and-gbk.txt": (_data(U * 3 + b"\n" + G * 3), "encoding|binary"),
    "gbk-and-utf16.txt": (_data(G + b"\n" + TEXT.encode("utf-16-le")), "binary|encoding"),
    "utf16-odd.txt": (_data(b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\x61"), "utf-16|cut"),
    "utf32-wrong.txt": (_data(b"\xff\xfe\0\0" + b"\xff\xff\xff\xff"), "utf-32"),
    "utf7.txt": (_data(TEXT.encode("utf-7")), READ),
    "latin1.txt": (_data("Ünïcödé ßtraße éàü".encode("latin-1") * 20), "encoding"),
    "shift-jis.txt": (_data("これは日本語の文章です。ひらがなとカタカナ。".encode("shift-jis") * 9),
                      "encoding|binary"),
    "control.txt": (_data(b"\x01\x02\x03\x04" * 200 + U), "binary"),
    "escapes.txt": (_data(b"\x1b[2J\x1b]0;owned\x07" + U * 40), READ),
    "bidi.txt": (_data(("\u202e" + TEXT + "\u202c\u2066甲\u2069").encode()), READ),
    "zero-width.txt": (_data("\u200b".join(TEXT).encode()), READ),
    "zero-width-alone.txt": (_data("\u200b\u200d\ufeff\u2060".encode()), READ),
    "combining.txt": (_data(("社" + "\u0301" * 50_000 + "区。").encode()), READ),
    "private-use.txt": (_data(("\ue000" * 500 + TEXT).encode()), READ),
    "noncharacters.txt": (_data(("\ufffe\uffff" + TEXT).encode()), READ),
    "replacement.txt": (_data(("\ufffd" * 50 + TEXT).encode()), READ),
    "picture.txt": (_data(b"\x89PNG\r\n\x1a\n" + bytes(100)), "picture"),
    "program.txt": (_data(b"\x7fELF\x02\x01\x01" + bytes(200)), "binary"),
    "gzip.txt": (_data(b"\x1f\x8b\x08" + bytes(50)), "compressed"),
    "word.txt": (_data(word_maker.plain([TEXT])), "office file"),
    "pdf.txt": (_data(make_pdf([[]])), "PDF"),
    "old-word.txt": (_data(OLE), "old Word"),
    "pickle.txt": (_data(b"\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x05posix"), "binary|encoding"),
    "no-name-at-all": (_data(b""), "empty"),
    "name\nwith\x1b[31mline.txt": (_data(b""), "empty"),
    "name-that-lies.docx.txt": (_data(OLE), "old Word"),
}  # fmt: skip

# --- what is no file of text ------------------------------------------------------------------

SPECIAL: dict[str, Case] = {
    "missing.txt": (lambda p: None, "no such file"),
    "loop.txt": (lambda p: p.symlink_to(p.name), "symbolic links|regular"),
    "two-loops.txt": (lambda p: (p.symlink_to("b.txt"), (p.parent / "b.txt").symlink_to(p.name)),
                      "symbolic links|regular"),
    "dangling.txt": (lambda p: p.symlink_to("nowhere.txt"), "no such file"),
    "device.txt": (lambda p: p.symlink_to("/dev/zero"), "regular"),
    "terminal.txt": (lambda p: p.symlink_to("/dev/tty"), "regular|No such device"),
    "full.txt": (lambda p: p.symlink_to("/dev/full"), "regular"),
    "pipe.txt": (os.mkfifo, "regular"),
    "pipe.docx": (os.mkfifo, "regular"),
    "socket.txt": (_socket, "regular|No such device"),
    "memory.txt": (lambda p: p.symlink_to("/proc/self/mem"), "error|Error|regular|empty|binary"),
    "folder.txt": (lambda p: p.mkdir(), "no report file"),
    "loop-of-folders": (lambda p: (p.mkdir(), (p / "again").symlink_to(p)), "no report file"),
}  # fmt: skip

# --- HTML and Markdown --------------------------------------------------------------------------

MARKUP: dict[str, Case] = {
    "script.html": (_data(b"<script>document.write('x')</script>"), "no text"),
    "deep.html": (_data(b"<div>" * 200_000 + U + b"</div>" * 200_000), READ),
    "deep-tables.html": (_data(b"<table><tr><td>" * 50_000 + U), READ),
    "unclosed.html": (_data(b"<p" * 100_000 + U), "no text|READ"),
    "unclosed-comment.html": (_data(b"<!--" * 50_000 + U), "no text|READ"),
    "unclosed-script.html": (_data(b"<script>" * 50_000 + U), "no text"),
    "marked-sections.html": (_data(b"<![" * 50_000 + U), "no text|READ"),
    "quotes.html": (_data(b"<a x='" * 50_000 + U), "no text|READ"),
    "attributes.html": (_data(b"<p " + b"a=1 " * 100_000 + b">" + U + b"</p>"), READ),
    "entities.html": (_data(b"&lt;" * 200_000 + U), READ),
    "ampersands.html": (_data(b"&" * 500_000 + U), READ),
    "billion-laughs.html": (_data(
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><p>&b;</p>' + U), READ),
    "external-entity.html": (_data(
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><p>&f;</p>' + U), READ),
    "giant-reference.html": (_data(b"<p>&#" + b"9" * 5000 + b";</p>" + U), READ),
    "false-charset.html": (_data(b"<meta charset=utf-7><p>+ADw-script+AD4-" + U), READ),
    "codec-charset.html": (_data(b"<meta charset=zlib_codec><p>" + U), READ),
    "idna-charset.html": (_data(b"<meta charset=idna><p>" + U), READ),
    "unicode-escape.html": (_data(b"<meta charset=unicode_escape><p>" + U), READ),
    "nul.html": (_data(b"<p>\0" + U), "binary"),
    "marks.md": (_data(b"**a " * 100_000 + U), READ),
    "underscores.md": (_data(b"__a " * 100_000 + U), READ),
    "brackets.md": (_data(b"[" * 200_000 + U), READ),
    "links.md": (_data(b"[a](" * 100_000 + U), READ),
    "pictures.md": (_data(b"![" * 100_000 + U), READ),
    "comments.md": (_data(b"<!--" * 100_000 + U), READ),
    "backticks.md": (_data(b"`a " * 100_001 + U), READ),
    "stars.md": (_data(b"*" * 200_000 + b"a" + U), READ),
    "quoted.md": (_data(b">" * 200_000 + U), READ),
    "rules.md": (_data(b"- " * 100_000 + b"x" + U), READ),
    "table.md": (_data(b"|---" * 100_000 + b"x\n" + U), READ),
    "hashes.md": (_data(b"# a" + b"#" * 100_000 + b" x " + U), READ),
    "gap.txt": (_data("题目\n甲".encode() + b" " * 200_000 + f"乙\n{U.decode()}".encode()), READ),
    "date-gap.txt": (_data("2023年".encode() + b" " * 200_000 + b"x" + U), READ),
    "byline-gap.txt": (_data("题目\n书记".encode() + b" " * 200_000 + U), READ),
    "contents-gap.txt": (_data("目录\n甲".encode() + b" ." * 100_000 + b" " * 200_000 + U), READ),
    "spaces.md": (_data(b"a" + b" " * 200_000 + b"b" + U), READ),
    "fence.md": (_data(b"```\n" + U), "no text"),
}  # fmt: skip
