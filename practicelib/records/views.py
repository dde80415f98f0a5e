"""Registry through which result records find their renderers without importing them.

Records are the lowest layer and know nothing of tables or HTML. `practicelib.show` registers a
function for a record type and a view name; `render` looks it up, importing `show` the first time.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

_RENDERERS: dict[tuple[type, str], Callable[..., Any]] = {}


def renders(record: type, view: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: the function below draws `view` ("frame", "html", "table") of `record`."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        _RENDERERS[(record, view)] = function
        return function

    return register


def render(record: object, view: str, **options: Any) -> Any:
    """Draw a record; LookupError where no renderer is registered for its type."""
    for kind in type(record).__mro__:
        if (kind, view) not in _RENDERERS:
            importlib.import_module("practicelib.show.views")
        if (kind, view) in _RENDERERS:
            return _RENDERERS[(kind, view)](record, **options)
    raise LookupError(f"no {view} view of {type(record).__name__}")


class Viewable:
    """Mixin that gives a record its views; the drawing is done in `practicelib.show`."""

    __slots__ = ()

    def to_frame(self, **options: Any) -> Any:
        """A pandas DataFrame (extra `pandas`)."""
        return render(self, "frame", **options)

    def to_html(self, path: Any = None, **options: Any) -> str:
        """One self-contained HTML page; written to `path` where one is given."""
        return str(render(self, "html", path=path, **options))

    def _repr_html_(self) -> str:
        return str(render(self, "fragment"))
