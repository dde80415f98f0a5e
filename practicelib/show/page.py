"""Jinja2 set up once: autoescape, no missing names, templates of this package only."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2

from practicelib.show.terminal import safe


def _escapes(template: str | None) -> bool:
    """Everything but Markdown (the card) is escaped."""
    return template is None or not template.endswith(".md")


@cache
def environment() -> jinja2.Environment:
    """The one environment that all pages are made in."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("practicelib.show"),
        autoescape=_escapes,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: safe(value) if type(value) is str else value,
    )


def render_page(template: str, *, lang: str, **values: Any) -> str:
    """A whole page of one template."""
    return environment().get_template(template).render(lang=lang, **values)
