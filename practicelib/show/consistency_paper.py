"""Agreement for a paper: a paragraph in Chinese or English, and the table as LaTeX and Word."""

from __future__ import annotations

import io
from collections.abc import Sequence

from practicelib.errors import MissingExtraError
from practicelib.records.consistency import Consistency
from practicelib.show.consistency_numbers import limits, number, percent
from practicelib.show.consistency_words import WORDS, facts, method_name, remarks, units, whose

_DISTANCE = "MASI, 1 − J·M (Passonneau 2006)"
_SHORT_HASH = 12


def paragraph(result: Consistency, lang: str = "zh") -> str:
    """What a methods section must say: n, sampling, coders and their kind, coefficient, figures,
    software and hashes."""
    return _chinese(result) if lang == "zh" else _english(result)


def _chinese(result: Consistency) -> str:
    basis, masi = result.basis, result.sets[0]
    people = sum(coder.kind == "person" for coder in basis.coders)
    passes = sum(coder.kind == "model pass" for coder in basis.coders)
    unknown = len(basis.coders) - people - passes
    parts = [(people, "名人员"), (passes, "次语言模型编码"), (unknown, "名类型未注明的编码员")]
    who = "、".join(f"{n} {what}" for n, what in parts if n)
    figures = "；".join(
        f"{c.name('zh')} α = {number(c.alpha.value, 2)}（{limits(c.alpha.interval, 2)}，"
        f"正一致 {number(c.positive.value, 2)}，至少一份编码编入 {c.sentences} 句"
        f"{_because(result, c.key, 'zh')}）"
        for c in result
    )
    versions = f"，编码本版本 {'、'.join(basis.versions)}" if basis.versions else ""
    reports = f"，来自 {basis.reports} 份材料" if basis.reports else ""
    return (
        f"共编码 {basis.sentences} 句{reports}，其中 {basis.pairable} 句由至少两名编码员（{who}）"
        f"分别编码{versions}{_once(result, 'zh')}；每句可编入多个类别，也可不编入任何类别。"
        f"一致性取第 {basis.round} 轮编码，裁定不计入；系数为 Krippendorff α，"
        f"逐类按编入与否计算，{_intervals(result, 'zh')}。"
        f"{figures}。整组类别的 α（{_DISTANCE}）为 {number(masi.value, 2)}"
        f"（{limits(masi.interval, 2)}）。{whose(basis, 'zh')}"
        f"计算用 {basis.software}；编码 SHA-256 {basis.codings_hash[:_SHORT_HASH]}"
        f"{_codebook(result, '，编码本 ')}。"
    )


def _english(result: Consistency) -> str:
    basis, masi = result.basis, result.sets[0]
    people = sum(coder.kind == "person" for coder in basis.coders)
    passes = sum(coder.kind == "model pass" for coder in basis.coders)
    unknown = len(basis.coders) - people - passes
    parts = [
        (people, "human coder(s)"),
        (passes, "pass(es) of a language model"),
        (unknown, "coder(s) of unknown kind"),
    ]
    who = ", ".join(f"{n} {what}" for n, what in parts if n)
    figures = "; ".join(
        f"{c.name('en')} α = {number(c.alpha.value, 2)} ({limits(c.alpha.interval, 2)}, positive"
        f" agreement {number(c.positive.value, 2)}, coded at least once in {c.sentences} sentences"
        f"{_because(result, c.key, 'en')})"
        for c in result
    )
    versions = f", codebook version {', '.join(basis.versions)}" if basis.versions else ""
    reports = f" from {basis.reports} reports" if basis.reports else ""
    return (
        f"{basis.sentences} sentences{reports} were coded, {basis.pairable} of them"
        f" by at least two of {who}{versions}{_once(result, 'en')}; a sentence may hold"
        " several categories or none."
        f" Agreement is that of round {basis.round}, without adjudication: Krippendorff's α, each"
        f" category against its absence, {_intervals(result, 'en')}. {figures}. α of whole sets"
        f" ({_DISTANCE}) was {number(masi.value, 2)} ({limits(masi.interval, 2)})."
        f" {whose(basis, 'en')} Computed with {basis.software}; SHA-256 of the codings"
        f" {basis.codings_hash[:_SHORT_HASH]}{_codebook(result, ', of the codebook ')}."
    )


def _intervals(result: Consistency, lang: str) -> str:
    basis = result.basis
    level = f"{100 * basis.level:g}%"
    reports, how = basis.units == "report", method_name(basis, lang)
    if lang == "zh":
        unit = "整份材料" if reports else "单句"
        return f"{level} 区间以{unit}为抽样单位，计 {units(basis, lang)}，由{how}得到"
    unit = "whole reports" if reports else "sentences"
    return f"with {level} intervals by {how} over {unit}, {units(basis, lang)} in all"


def _once(result: Consistency, lang: str) -> str:
    """How many sentences were coded once and so are not counted further on, empty if none."""
    once = result.basis.sentences - result.basis.pairable
    if not once:
        return ""
    if lang == "zh":
        return f"，其余 {once} 句只有一份编码，不计入以下系数与句数"
    return f" (the other {once} were coded once and enter no coefficient or count below)"


def _because(result: Consistency, key: str, lang: str) -> str:
    text = remarks(result.category(key).alpha, lang)
    return f"{'；' if lang == 'zh' else '; '}{text}" if text else ""


def _codebook(result: Consistency, before: str) -> str:
    return f"{before}{result.basis.codebook[:_SHORT_HASH]}" if result.basis.codebook else ""


def _cells(result: Consistency, lang: str) -> tuple[list[str], list[list[str]]]:
    words = WORDS[lang]
    level = f"{100 * result.basis.level:g}%"
    header = [
        *(words["category"], "α", f"{level} {words['interval']}", words["positive"]),
        *(words["negative"], words["percent"], words["kappa"], words["ac1"], words["support"]),
    ]
    rows = [
        [
            c.name(lang),
            number(c.alpha.value, 2),
            limits(c.alpha.interval, 2),
            number(c.positive.value, 2),
            number(c.negative.value, 2),
            percent(c.percent.value),
            number(c.kappa.value, 2),
            number(c.ac1.value, 2),
            str(c.sentences),
        ]
        for c in result
    ]
    return header, rows


_LATEX = {
    "\\": r"\textbackslash{}",
    **{c: f"\\{c}" for c in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "−": "$-$",
    "≥": r"$\geq$",
    "α": r"$\alpha$",
    "κ": r"$\kappa$",
    "–": "--",
}


def latex_text(text: str) -> str:
    """Text in which nothing acts on LaTeX."""
    return "".join(_LATEX.get(character, character) for character in text)


def to_latex(result: Consistency, *, lang: str = "zh") -> str:
    """The table with booktabs rules; Chinese needs ctex or xeCJK."""
    header, rows = _cells(result, lang)
    body = [_latex_row(header), "\\midrule", *(_latex_row(row) for row in rows)]
    note = f"{whose(result.basis, lang)} {facts(result.basis, lang)}"
    lines = [
        "\\begin{table}",
        "\\centering",
        f"\\caption{{{latex_text(WORDS[lang]['title'])}}}",
        f"\\begin{{tabular}}{{l{'r' * (len(header) - 1)}}}",
        "\\toprule",
        *body,
        "\\bottomrule",
        "\\end{tabular}",
        f"\\par\\footnotesize {latex_text(note)}",
        "\\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _latex_row(cells: Sequence[str]) -> str:
    # An opening bracket after a line's \\ would be read as its option.
    return " & ".join(f"{{{latex_text(cell)}}}" for cell in cells) + " \\\\"


def to_docx(result: Consistency, *, lang: str = "zh") -> bytes:
    """A Word document with the table, the statement of whose agreement it is, and the paragraph.

    Raises MissingExtraError without python-docx.
    """
    try:
        import docx
        from docx.oxml.ns import qn
    except ImportError as cause:
        raise MissingExtraError("writing .docx needs python-docx", extra="docx") from cause
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name = "Times New Roman"
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    document.add_paragraph(WORDS[lang]["title"], style="Title")
    document.add_paragraph(whose(result.basis, lang))
    header, rows = _cells(result, lang)
    table = document.add_table(rows=1, cols=len(header), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, header, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph(facts(result.basis, lang))
    document.add_paragraph(paragraph(result, lang))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
