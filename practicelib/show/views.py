"""Every module that draws a record; importing this one registers all views."""

from practicelib.show import (
    consistency_page,
    consistency_suspects,
    consistency_tables,
    evaluation_page,
    practice_page,
    practice_rows,
    tagged_page,
    tagged_rows,
)

__all__ = [
    "consistency_page",
    "consistency_suspects",
    "consistency_tables",
    "evaluation_page",
    "practice_page",
    "practice_rows",
    "tagged_page",
    "tagged_rows",
]
