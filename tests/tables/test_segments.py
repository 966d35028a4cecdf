"""Lines of text, split where white is wider than within a text."""

import numpy as np

from ocrportal.geometry import Rect
from ocrportal.results import Char, Line
from ocrportal.tables.segments import text_segments

EM = 40


def _line(text: str, *, white: str = "") -> tuple[Line, Rect, np.ndarray]:
    """A line whose characters fill their squares, a sign of ``white`` less than half of it."""
    ink = np.zeros((60, 1000), np.uint8)
    for number, char in enumerate(text):
        if char != "　":
            width = 16 if char in white else EM - 4
            ink[10:50, 10 + number * EM : 10 + number * EM + width] = 255
    right, count = 10.0 + EM * len(text), len(text)
    box = Rect(10.0, 5.0, right, 55.0)
    chars = tuple(Char(c, i / count, (i + 1) / count, 1.0) for i, c in enumerate(text))
    return Line(text, box.quad, 1.0, chars), box, ink


def test_a_wide_gap_separates_segments():
    line, box, ink = _line("资产　　负债")
    assert [s.text for s in text_segments([line], [box], ink)] == ["资产", "负债"]


def test_the_white_of_a_full_width_sign_does_not():
    line, box, ink = _line("资产、负债、权益", white="、")
    assert [s.text for s in text_segments([line], [box], ink)] == ["资产、负债、权益"]


def test_white_beside_a_full_width_sign_does():
    line, box, ink = _line("资产、　　负债", white="、")
    assert [s.text for s in text_segments([line], [box], ink)] == ["资产、", "负债"]
