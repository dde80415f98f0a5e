"""A comparison in each format that `practicelib compare` writes."""

from __future__ import annotations

import os
from pathlib import Path

from practicelib.files.atomic import write_bytes
from practicelib.records.practices import Comparison, PracticeProfile
from practicelib.show.figures_plot import plot
from practicelib.show.practice_bundle import bundle
from practicelib.show.practice_page import comparison_page
from practicelib.show.practice_paper import to_docx, to_latex
from practicelib.show.practice_rows import profile_csv, to_json, write_profile_xlsx

FORMATS = ("html", "csv", "json", "tex", "xlsx", "docx", "svg", "png", "zip")


def render_text(
    comparison: Comparison, format: str, *, lang: str = "zh", beside: PracticeProfile | None = None
) -> str:
    """A comparison as text: html, csv, json or tex."""
    profile = comparison.profile
    if format == "html":
        page: str = comparison_page(comparison, lang=lang, beside=beside)
        return page
    if format == "json":
        return to_json(profile, comparison)
    if format == "tex":
        return to_latex(profile, comparison, lang)
    return profile_csv(profile, comparison)


def write_file(
    comparison: Comparison,
    path: str | os.PathLike[str],
    format: str,
    *,
    lang: str = "zh",
    with_text: bool = True,
) -> None:
    """A comparison as a file: xlsx, docx, svg, png or zip (the replication bundle)."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    profile = comparison.profile
    if format == "xlsx":
        write_profile_xlsx(profile, path, comparison, lang=lang)
    elif format == "docx":
        write_bytes(path, to_docx(profile, comparison, lang))
    elif format == "zip":
        write_bytes(path, bundle(comparison, with_text=with_text))
    else:
        write_bytes(path, plot(profile, comparison, format=format, lang=lang))
