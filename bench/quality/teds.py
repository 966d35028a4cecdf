"""The similarity of two tables: TEDS (Zhong et al., PubTabNet, 2019).

A table is a tree: ``table`` above ``tr`` above ``td``. Deleting or inserting a node costs 1,
changing one tag or span into another costs 1, changing a cell's text costs the share of its
characters that differ. TEDS is 1 minus the edit distance divided by the size of the larger
tree. Without texts the measure is TEDS-Struct.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from apted import APTED, Config  # type: ignore[import-untyped]  # it ships without types
from rapidfuzz.distance import Levenshtein

from ocrportal.results import Table


@dataclass(frozen=True, slots=True)
class _Node:
    tag: str
    spans: tuple[int, int] = (1, 1)
    text: str = ""
    children: list[_Node] = field(default_factory=list)


class _Costs(Config):  # type: ignore[misc]  # as above
    def rename(self, a: _Node, b: _Node) -> float:
        if (a.tag, a.spans) != (b.tag, b.spans):
            return 1.0
        return Levenshtein.normalized_distance(a.text, b.text)

    def children(self, node: _Node) -> list[_Node]:
        return node.children


def teds(found: Table, truth: Table, text_of: Callable[[str], str]) -> float:
    """0 to 1; ``text_of`` gives a cell's text as it is compared (nothing, for TEDS-Struct)."""
    trees = _tree(found, text_of), _tree(truth, text_of)
    larger = max(1 + sum(1 + len(row.children) for row in tree.children) for tree in trees)
    return 1.0 - float(APTED(*trees, _Costs()).compute_edit_distance()) / larger


def _tree(table: Table, text_of: Callable[[str], str]) -> _Node:
    rows = [
        _Node(
            "tr",
            children=[
                _Node("td", (cell.row_span, cell.column_span), text_of(cell.text)) for cell in row
            ],
        )
        for row in table.grid()
    ]
    return _Node("table", children=rows)
