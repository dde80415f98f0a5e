"""All rendering: tables, figures and pages.

Importing the package imports none of its modules, so that a command pays only for what it draws;
`views.py` imports all that register a view.
"""
