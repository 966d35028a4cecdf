"""The table that segments of text form."""

from __future__ import annotations

from collections.abc import Sequence

from ocrportal.geometry import Rect
from ocrportal.tables.rulings import Ruling
from ocrportal.tables.segments import Segment
from ocrportal.tables.text_columns import segment_rows, text_columns
from ocrportal.tables.text_rows import table_rows
from ocrportal.tables.text_table import TextTable

MIN_WHOLE = 0.8
"""Share of the table's width from which a ruling separates rows."""


def text_table(
    box: Rect, rulings: Sequence[Ruling], line_height: float, segments: Sequence[Segment]
) -> TextTable | None:
    """The columns and rows of the text in a box; None without two of both."""
    printed = segment_rows([s for s in segments if box.contains(s.box.center)])
    columns = text_columns(printed, line_height)
    if len(printed) < 2 or len(columns) < 2:
        return None
    whole = [r.position for r in rulings if r.length > MIN_WHOLE * (box.width - 2 * line_height)]
    rows = table_rows(printed, columns, whole)
    if len(rows) < 2:
        return None
    return TextTable(box, line_height, printed, columns, rows, rulings)
