"""Tables for papers: three-line tables (三线表) in Word, booktabs in LaTeX, with their notes."""

from __future__ import annotations

import io
import re
from typing import Any

from practicelib.errors import MissingExtraError
from practicelib.records.practices import (
    Comparison,
    Differences,
    Estimates,
    Measure,
    PracticeProfile,
)
from practicelib.show.practice_methods import methods_paragraph
from practicelib.show.practice_words import (
    all_notes,
    category_names,
    column_heading,
    has_limits,
    percent,
    point_span,
    points,
    reason_text,
    span,
    unit_heading,
    words,
)
from practicelib.show.terminal import safe, width

Table = tuple[str, list[str], list[list[str]]]
_THICK, _THIN = 12, 6
"""Rules in eighths of a point: 1.5 pt above and below, 0.75 pt under the header (GB/T 7713)."""
_TEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_SHORT = {"band": "band_short"}
_NUMBER = re.compile(r"[-+\[]?\d|–|—")
_COLUMNS = 2, 22
"""Columns of text: what every table column gets beyond its longest text, and where that ends."""


def paper_tables(profile: PracticeProfile, comparison: Comparison | None, lang: str) -> list[Table]:
    """Caption, header and rows of each table: shares, standardised ones, differences."""
    measure: Measure = comparison.measure if comparison else "sentences"
    tables = [_shares(profile, measure, lang)]
    if comparison is not None:
        tables += _standardised(comparison, lang)
        tables.append(_differences(comparison, lang))
    return tables


def _shares(profile: PracticeProfile, measure: Measure, lang: str) -> Table:
    known, table = words(lang), profile.table(measure)
    header = [
        unit_heading(profile, lang),
        known["reports"],
        known["total"],
        *category_names(profile, lang),
    ]
    rows = []
    kinds = (("raw", table.raw), ("corrected", table.corrected), ("band", table.band))
    several = sum(found is not None for _, found in kinds) > 1
    for u, unit in enumerate(profile.units):
        for kind, found in kinds:
            if found is None:
                continue
            mark = known["guessed_mark"] if unit.guessed else ""
            name = f"{unit.name}（{mark}）" if mark and lang == "zh" else unit.name
            if mark and lang == "en":
                name += f" ({mark})"
            label = name if kind == "raw" else f"　{known[_SHORT.get(kind, kind)]}"
            if several and kind == "raw":
                label = f"{name} · {known['raw']}"
            own = [str(len(unit.reports)), str(unit.sentences)] if kind == "raw" else ["", ""]
            cells = [_cell(found, u, k) for k in range(len(profile.categories))]
            rows.append([label, *own, *cells])
    return f"{known['matrix']}: {known[measure]}", header, rows


def _cell(found: Estimates, u: int, k: int) -> str:
    low, high = float(found.low[u, k]), float(found.high[u, k])
    if found.method == "band":
        return f"[{span(low, high)}]"
    value = percent(float(found.value[u, k]))
    return f"{value} ({span(low, high)})" if has_limits(found) else value


def _standardised(comparison: Comparison, lang: str) -> list[Table]:
    """The table of standardised shares with the sentences they rest on; none without any."""
    found, strata = comparison.standardised, comparison.strata
    if found is None or strata is None:
        return []
    known, profile = words(lang), comparison.profile
    names = category_names(profile, lang)
    header = [unit_heading(profile, lang), known["kept"], known["total"], *names]
    rows = []
    for u, (unit, kept) in enumerate(zip(profile.units, strata.kept.tolist(), strict=True)):
        cells = [_cell(found, u, k) for k in range(len(profile.categories))]
        rows.append([unit.name, str(kept), str(unit.sentences), *cells])
    caption = f"{known['standardised']} · {column_heading(strata.column, lang)}"
    return [(f"{caption}: {known[comparison.measure]}", header, rows)]


def _differences(comparison: Comparison, lang: str) -> Table:
    known, profile = words(lang), comparison.profile
    found: Differences = comparison.corrected_differences or comparison.differences
    kind = known["corrected" if comparison.corrected_differences else "raw"]
    header = [known["first"], known["second"], *category_names(profile, lang)]
    rows = []
    for p, (first, second) in enumerate(found.pairs.tolist()):
        cells = []
        for k in range(len(profile.categories)):
            value = points(float(found.value[p, k]))
            limits = point_span(float(found.low[p, k]), float(found.high[p, k]))
            cells.append(value if found.method == "counted" else f"{value} ({limits})")
        rows.append([profile.units[first].name, profile.units[second].name, *cells])
    return f"{known['differences']} · {kind}", header, rows


def paper_notes(profile: PracticeProfile, comparison: Comparison | None, lang: str) -> list[str]:
    """What stands under the tables."""
    notes = [words(lang)["emphasis"], words(lang)[profile.settings.estimand]]
    reasons = profile.table("sentences").raw.reasons
    for u, unit in enumerate(profile.units):
        if reasons and reasons[u]:
            notes.append(f"{unit.name}: {reason_text(reasons[u], lang)}")
    return [*notes, *all_notes(profile, comparison, lang)]


def to_latex(
    profile: PracticeProfile, comparison: Comparison | None = None, lang: str = "zh"
) -> str:
    """Tables in LaTeX (packages booktabs; ctex for Chinese), then notes and methods."""
    parts = []
    for caption, header, rows in paper_tables(profile, comparison, lang):
        columns = "l" * (2 if rows and not rows[0][1][:1].isdigit() else 1)
        columns += "r" * (len(header) - len(columns))
        lines = [" & ".join(map(tex, row)) + r" \\" for row in rows]
        parts.append(
            "\\begin{table}[htbp]\n\\centering\n"
            f"\\caption{{{tex(caption)}}}\n\\begin{{tabular}}{{{columns}}}\n\\toprule\n"
            + " & ".join(map(tex, header))
            + " \\\\\n\\midrule\n"
            + "\n".join(lines)
            + "\n\\bottomrule\n\\end{tabular}\n\\end{table}\n"
        )
    notes = [
        *paper_notes(profile, comparison, lang),
        methods_paragraph(profile, comparison, lang=lang),
    ]
    return "\n".join([*parts, *(tex(note) + "\n" for note in notes)])


def tex(text: str) -> str:
    """Text with everything that LaTeX would act on taken literally."""
    return "".join(_TEX.get(character, character) for character in safe(text))


def to_docx(
    profile: PracticeProfile, comparison: Comparison | None = None, lang: str = "zh"
) -> bytes:
    """A Word file with three-line tables, notes and the methods paragraph.

    Raises MissingExtraError without python-docx.
    """
    try:
        import docx
    except ImportError as cause:
        raise MissingExtraError("a Word table needs python-docx", extra="docx") from cause
    document = docx.Document()
    _fonts(document)
    known = words(lang)
    document.add_heading(known["comparison" if comparison else "profile"], level=1)
    for number, (caption, header, rows) in enumerate(
        paper_tables(profile, comparison, lang), start=1
    ):
        label = f"表 {number}　" if lang == "zh" else f"Table {number}. "
        document.add_paragraph(label + safe(caption)).paragraph_format.keep_with_next = True
        _three_lines(document, header, rows)
    for note in paper_notes(profile, comparison, lang):
        document.add_paragraph(safe(note))
    document.add_heading(known["methods"], level=2)
    document.add_paragraph(safe(methods_paragraph(profile, comparison, lang=lang)))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _fonts(document: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")


def _three_lines(document: Any, header: list[str], rows: list[list[str]]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    table = document.add_table(rows=1 + len(rows), cols=len(header))
    names = {c for c in range(len(header)) if rows and not _NUMBER.match(rows[0][c])}
    _widths(document, table, [header, *rows])
    for r, row in enumerate([header, *rows]):
        for c, text in enumerate(row):
            cell = table.cell(r, c)
            cell.text = safe(text)
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = 0
                if c not in names:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                for run in paragraph.runs:
                    run.bold = r == 0
    for cell in table.rows[0].cells:
        _rule(cell, top=_THICK, bottom=_THIN)
    if rows:
        for cell in table.rows[-1].cells:
            _rule(cell, bottom=_THICK)


def _widths(document: Any, table: Any, rows: list[list[str]]) -> None:
    """Share the page out among the columns by their longest texts, within bounds."""
    section = document.sections[-1]
    whole = section.page_width - section.left_margin - section.right_margin
    least, most = _COLUMNS
    parts = [min(max(map(width, cells)), most) + least for cells in zip(*rows, strict=True)]
    table.autofit = False
    for column, part in zip(table.columns, parts, strict=True):
        own = int(whole * part / sum(parts))
        column.width = own
        for cell in column.cells:
            cell.width = own


def _rule(cell: Any, **edges: int) -> None:
    """Draw the borders of a cell; three-line tables have no others."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:tcBorders")
    for edge in ("top", "bottom"):
        if edge in edges:
            line = OxmlElement(f"w:{edge}")
            for name, value in (("val", "single"), ("sz", str(edges[edge])), ("color", "000000")):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)
