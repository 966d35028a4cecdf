"""The paper size of a page."""

from __future__ import annotations

from ocrportal.results import PageResult

POINTS_PER_INCH = 72
_A4_LONG, _A3_LONG, _A0_LONG = 842.0, 1191.0, 3370.0
_SCREEN_DPI = 100
"""Resolutions up to this one, such as 72 and 96, are defaults of cameras and screenshots."""


def paper_size(upright: PageResult, dpi: float | None) -> tuple[float, float]:
    """Width and height of an upright page in points (1/72 inch).

    If the resolution is unknown or implausible, the longer side is that of A4.
    """
    longest = max(upright.width, upright.height)
    if dpi is None or not _plausible(longest, dpi):
        dpi = longest * POINTS_PER_INCH / _A4_LONG
    return upright.width * POINTS_PER_INCH / dpi, upright.height * POINTS_PER_INCH / dpi


def _plausible(longest: int, dpi: float) -> bool:
    if not 36 <= dpi <= 4800:
        return False
    limit = _A3_LONG if dpi <= _SCREEN_DPI else _A0_LONG
    return POINTS_PER_INCH / 2 <= longest * POINTS_PER_INCH / dpi <= limit * 1.02
