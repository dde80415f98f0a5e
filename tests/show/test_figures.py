"""Figures of a comparison."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from matplotlib import font_manager

from practicelib.records.practices import Comparison
from practicelib.show import figures_plot
from practicelib.show.figures import scale_end
from practicelib.show.figures_plot import NoChineseFontError, plot


def test_axis_ends() -> None:
    """Axes end above the largest value, with few ticks."""
    assert scale_end([0.031]) == (0.04, 0.01)
    assert scale_end([0.37, float("nan")]) == (0.4, 0.1)
    assert scale_end([]) == (0.01, 0.01)
    assert scale_end([1.0])[0] == 1.0


def test_svg_keeps_text_and_repeats_its_bytes(sampled: Comparison) -> None:
    """Text elements, Chinese fonts named, no date: the same bytes twice."""
    svg = plot(sampled.profile, sampled)
    assert svg == plot(sampled.profile, sampled)
    text = svg.decode("utf-8")
    assert "网格管理</text>" in text
    assert "Microsoft YaHei" in text
    ElementTree.fromstring(svg)


def test_a_font_installed_since_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """matplotlib's list of fonts is as old as its first run."""
    if not figures_plot.chinese_font():
        pytest.skip("no Chinese font here")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    assert figures_plot.chinese_font()


def test_png_needs_a_chinese_font(sampled: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty boxes are never drawn: without a font the message says what to do."""
    monkeypatch.setattr(figures_plot, "chinese_font", lambda: "")
    with pytest.raises(NoChineseFontError, match=r"\.svg"):
        plot(sampled.profile, sampled, format="png")
    assert b"<svg" in plot(sampled.profile, sampled)
    with pytest.raises(ValueError, match="svg or png"):
        plot(sampled.profile, format="gif")


def test_png_where_there_is_a_font(sampled: Comparison) -> None:
    """With a Chinese font a PNG is drawn."""
    if not figures_plot.chinese_font():
        pytest.skip("no Chinese font is installed")
    assert plot(sampled.profile, sampled, format="png").startswith(b"\x89PNG")
