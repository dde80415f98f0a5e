"""Chooses the encoding of a text file and says how sure the choice is.

Rule (measured against three detection libraries before it was adopted): byte-order mark; else
strict UTF-8; else, among GB18030, Big5 (HKSCS) and UTF-16 without mark, the decoding with the
greatest share of very common Chinese characters. The margin is the distance to the runner-up.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from practicelib.errors import ReportError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_LEAST_SHARE = 0.1
_TAIL = 3
_CONTROLS = "".join(c for c in map(chr, range(32)) if c not in "\t\n\r\v\f\x1c\x1d\x1e")

# The 420 commonest Chinese characters of the composed reports and their Traditional forms: they
# make up some two thirds of running text, but few of the characters of a wrong decoding.
_COMMON = frozenset(
    "一七万三上下不与专业东两个中为主举么之九也乡书了事二于五交产亩人亿今从他代以们件价任企众优会位低住体余作例保信修值做停元先党入全八公六共关其"
    "典内再写农决几出分划到制前力办加务动助包化区医十千半协单占原去县参双发取受口只可台司各合同名后向告员周和商四回团园国在地场均块坚型城培基增处"
    "备外多大天头好委子学安完定实室家对导将小少就局层居届展山岁岗巡工己已市师带干平年并底府度建开引张强当得心总情意成我户房所手才打扶把抓投护报持"
    "按换排接推提支收改放政效教数整文新方施日时明是更最月有服期本机村条来果某查标校核格案检楼次正步每比民气水求没河治法活派流海深清满点照片物特率"
    "现班理生用由电百的监目省看着督研示社票种科积程稳突立站第等签简算管米系红约级纪线组织经结给统续网置群老考者职联育能自至节落行街补表被装要见规"
    "解警计认让议记讲设访评话说请谁调责账贫贴费资走起路车转轮边达过还这进连退送选通造道那部都配里重量金钱镇长门问间闻队防降院难集面项领题风驻验高"
    "並佔來個們備價億優內兩劃動務區協參員問單國園團堅報場塊學實寫將專對導屆層崗師帶幹幾張強後從戶換數於時書會東條業樓標機檢歲氣決沒滿爲現產畝當發"
    "監種積穩節簡籤紀約紅級組結給統經網線縣總織續羣聞聯職臺與舉萬處衆裏補裝見規計記訪設評話認說誰調請講議護讓貧責費貼資賬車輪轉辦農這連進過達選還"
    "邊鄉醫錢鎮長門開間關隊雙難電項領頭題風餘駐驗體麼點黨"
    "，。、；：的一是不了人我在有他这中大来上国"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a file, the encoding it was read with and the margin over the next best, 0 to 1."""

    text: str
    encoding: str
    margin: float


def decode(content: bytes, *, file: object = "", encoding: str | None = None) -> Decoded:
    """Decode the bytes of a file; `encoding` overrides the rule.

    Raises ReportError for an empty file, one of white space only, binary content, an unknown or
    failing encoding. Nothing is ever dropped or replaced.
    """
    if not content.strip():
        raise ReportError("the file is empty", file=file)
    if encoding is not None:
        return _not_blank(Decoded(_decode_as(content, encoding, file), encoding, 1.0), file)
    for mark, name in _MARKS:
        if content.startswith(mark):
            text = _decode_as(content[len(mark) :], name, file)
            return _checked(Decoded(text, name, 1.0), file)
    try:
        return _checked(Decoded(content.decode("utf-8"), "utf-8", 1.0), file)
    except UnicodeDecodeError:
        return _checked(_best_guess(content, file), file)


def text_encoding(name: str, *, file: object = "") -> str:
    """Python's own name of an encoding; raises ReportError for one that is unknown or of no text.

    Python has encodings from bytes to bytes too, such as hex and base64, and from text to text.
    """
    try:
        " ".encode(name)
        return codecs.lookup(name).name
    except (LookupError, ValueError) as cause:
        raise ReportError("no such encoding of text", file=file, value=name) from cause


def _decode_as(content: bytes, encoding: str, file: object) -> str:
    name = text_encoding(encoding, file=file)
    try:
        return content.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as cause:
        line = content.count(b"\n", 0, cause.start) + 1
        reason = f"not {encoding} at byte {cause.start}: {cause.reason}"
        raise ReportError(reason, file=file, line=line) from cause
    except UnicodeError as cause:
        # Some encodings, such as idna, do not say where they failed.
        raise ReportError(f"not {encoding}: {cause}", file=file) from cause


def _best_guess(content: bytes, file: object) -> Decoded:
    scored = []
    for order, name in enumerate(_CANDIDATES):
        text = _decode_whole(content, name)
        if text is not None:
            scored.append((_common_share(text), -order, name, text))
    scored.sort(reverse=True)
    if not scored or scored[0][0] < _LEAST_SHARE:
        raise ReportError(
            "in no encoding that is known here (tried UTF-8, GB18030, Big5, UTF-16);"
            " save it as UTF-8 or name its encoding (encoding=), or the file is no text",
            file=file,
        )
    runner_up = scored[1][0] if len(scored) > 1 else 0.0
    share, _, name, text = scored[0]
    return Decoded(text, name, share - runner_up)


def _decode_whole(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except UnicodeDecodeError as cause:
        # A file cut off inside its last character is still worth recognising, but not reading.
        if cause.start < len(content) - _TAIL:
            return None
        return None if cause.start == 0 else content[: cause.start].decode(name) + "\ufffd"


def _common_share(text: str) -> float:
    """Share of common characters among all that are neither ASCII nor CJK punctuation."""
    total = common = 0
    for character in text[:20_000]:
        if character > "\x7f" and not "\u3000" <= character <= "\u303f":
            total += 1
            common += character in _COMMON
    return common / total if total else 0.0


def _checked(decoded: Decoded, file: object) -> Decoded:
    if decoded.text.endswith("\ufffd") and decoded.encoding in _CANDIDATES:
        raise ReportError(
            f"the file is cut off inside its last character ({decoded.encoding})", file=file
        )
    controls = sum(map(decoded.text.count, _CONTROLS))
    if "\0" in decoded.text or controls > 2 + len(decoded.text) / 100:
        line = decoded.text.count("\n", 0, max(decoded.text.find("\0"), 0)) + 1
        raise ReportError("binary content, not text", file=file, line=line)
    return _not_blank(decoded, file)


def _not_blank(decoded: Decoded, file: object) -> Decoded:
    if not decoded.text.strip():
        raise ReportError("the file holds only white space", file=file)
    return decoded
