"""Keys of the places in a result: they name lines, cells, fields and areas on the page screen."""

from __future__ import annotations


def line_key(index: int) -> str:
    """The key of the line with this index in ``PageResult.lines``."""
    return str(index)


def field_key(index: int) -> str:
    """The key of the field with this index in ``PageResult.fields``."""
    return f"field-{index}"


def cell_key(table: int, cell: int) -> str:
    """The key of a cell, by the index of its table and its index within that table."""
    return f"cell-{table}-{cell}"


def area_key(index: int) -> str:
    """The key of the area with this index in ``PageResult.blocks``."""
    return f"area-{index}"
