"""Where each fuzz target begins: small inputs of every kind it knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from fuzz.targets import ENDINGS, GOLDEN, ROOT
from tests.text.formats.corpus import CORPUS
from tests.text.formats.test_refusals import BAD


def reader() -> Iterable[bytes]:
    """Each file of the format corpus and of the refusals, after the byte that names its ending."""
    files = {name: make() for name, (make, *_) in CORPUS.items()}
    files |= {name: content for name, (content, _) in BAD.items()}
    for name, content in files.items():
        ending = Path(name).suffix
        if ending in ENDINGS and len(content) < 40_000:
            yield bytes([ENDINGS.index(ending)]) + content
    for codec in ("gb18030", "big5", "utf-16", "utf-8-sig"):
        yield bytes([ENDINGS.index(".txt")]) + "街道办事处与社区居民共同商议。".encode(
            codec, "ignore"
        )


def splitter() -> Iterable[bytes]:
    """Reports of the label set, and what is hard to split."""
    for file in sorted((ROOT / "labels" / "reports").glob("north-0*.txt")):
        yield file.read_bytes()[:2000]
    for text in (
        "“好。”他说！？",
        "1.5万。见http://a.cn/b?c=1。",
        "\r\n\u2028\x85\x1c",
        "一、\n（一）\n1.",
    ):
        yield text.encode("utf-8")


def model() -> Iterable[bytes]:
    """The golden model's description, its archive and its members."""
    yield b"\x00" + (GOLDEN / "model.json").read_bytes()
    archive = next(GOLDEN.glob("arrays-*.npz")).read_bytes()
    yield b"\x60" + archive
    for number in range(12):
        yield b"\xb0" + bytes([number]) + b"\x93NUMPY\x01\x00v\x00" + b" " * 117 + b"\n"


def labels() -> Iterable[bytes]:
    """Codings of every layout."""
    long = (
        "sentence,coder,labels,text,round,codebook\ns1,a,co_building;autonomy,文,1,\ns2,b,,文,2,x\n"
    )
    wide = "sentence,text,coder_A,coder_B\ns1,文,autonomy,-\ns2,文,,无\n"
    rows = '{"sentence": "s1", "coder": "a", "labels": ["autonomy"]}\n' * 2
    yield b"\x00" + long.encode()
    yield b"\x00" + wide.encode()
    yield b"\x01" + rows.encode()
    yield b"\x02" + CORPUS["table.xlsx"][0]()


SEEDS: dict[str, Callable[[], Iterable[bytes]]] = {
    "reader": reader,
    "splitter": splitter,
    "model": model,
    "labels": labels,
}
