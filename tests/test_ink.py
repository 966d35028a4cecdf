"""Ink on pages and in lines, drawn on grounds of several shades."""

import numpy as np
import pytest

from ocrportal.ink import ink_in_strip, ink_on_page


def test_ink_on_a_page_is_darker_than_its_neighbourhood() -> None:
    page = np.repeat(np.linspace(120, 250, 200).astype(np.uint8)[None], 60, axis=0)
    page[30:33, 20:180] -= 60
    ink = ink_on_page(page, window=25, contrast=20)
    assert (ink[30:33, 20:180] == 255).all()
    assert not ink[:20].any()


@pytest.mark.parametrize(("ground", "text"), [(240, 20), (240, 200), (30, 220)])
def test_ink_in_a_line_may_be_darker_or_brighter_than_its_ground(ground: int, text: int) -> None:
    strip = np.full((20, 100), ground, np.uint8)
    strip[5:15, 40:50] = text
    ink = ink_in_strip(strip, min_contrast=24)
    assert ink is not None
    assert np.flatnonzero(ink.any(axis=0)).tolist() == list(range(40, 50))


def test_faint_marks_beside_strong_ink_are_not_ink() -> None:
    strip = np.full((20, 100), 250, np.uint8)
    strip[5:15, 40:50] = 0
    strip[5:15, 70:80] = 180
    ink = ink_in_strip(strip, min_contrast=24)
    assert ink is not None
    assert not ink[:, 60:].any()


def test_a_line_without_contrast_has_no_ink() -> None:
    strip = np.full((20, 100), 250, np.uint8)
    strip[5:15, 40:50] = 240
    assert ink_in_strip(strip, min_contrast=24) is None


def test_a_speck_is_not_taken_for_the_strongest_ink() -> None:
    strip = np.full((20, 100), 250, np.uint8)
    strip[5:15, 40:50] = 200
    strip[0, 0] = 0
    ink = ink_in_strip(strip, min_contrast=24, percentile=99.5)
    assert ink is not None
    assert ink[5:15, 40:50].all()
