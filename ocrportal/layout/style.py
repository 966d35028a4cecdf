"""The typographic style of a paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Alignment = Literal["left", "centre", "right", "justified"]


@dataclass(frozen=True, slots=True)
class TextStyle:
    """``size`` and ``line_pitch`` are in pixels, indents and ``room`` in ems."""

    size: float = 0.0
    """Type size, which is one em: the width of a Han character. 0 if unknown."""
    line_pitch: float = 0.0
    """Distance between the middles of two lines; 0 for a single line."""
    alignment: Alignment = "left"
    left_indent: float = 0.0
    """Indent of the lines after the first, from the edge of the column."""
    first_line_indent: float = 0.0
    """Indent of the first line relative to ``left_indent``; negative for a hanging indent."""
    room: float = 0.0
    """Free space after the last line; ``inf`` if no other line shows the right margin."""
