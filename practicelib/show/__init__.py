"""All rendering: tables, figures and pages. Importing this package registers the views."""

from practicelib.show import tagged_page, tagged_rows

__all__ = ["tagged_page", "tagged_rows"]
