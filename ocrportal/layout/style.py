"""How the text of a block is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Alignment = Literal["left", "centre", "right", "justified"]


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Measures of a paragraph: ``size`` and ``line_pitch`` in pixels, the others in ems."""

    size: float = 0.0
    """Type size: the width of a Han character, which is one em. 0 if unknown."""
    line_pitch: float = 0.0
    """Distance from line to line; 0 for a single line."""
    alignment: Alignment = "left"
    left_indent: float = 0.0
    """Indent of the lines after the first, from the edge of the column."""
    first_line_indent: float = 0.0
    """Indent of the first line relative to the others; negative for a hanging indent."""
    room: float = 0.0
    """Free space after the last line; ``inf`` if no other lines show the edge."""
