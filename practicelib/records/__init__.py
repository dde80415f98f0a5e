"""Frozen records that the other layers hand to each other; no file access."""
