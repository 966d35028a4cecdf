"""Which generated documents are for tuning and which are for the test.

Rules are written while looking at the tuning part only. The test part shows whether they hold on
documents that were not seen: nothing may be changed because of one of its pages, and its pages
may not be looked at before a rule is finished. Documents are split by seed, and the kinds of
``TEST_KINDS`` belong to the test part as a whole. The split never changes.
"""

from __future__ import annotations

from typing import Literal

Part = Literal["tuning", "test"]
PARTS: tuple[Part, ...] = ("tuning", "test")
TEST_KINDS = frozenset(
    {"card_grid", "certificate", "exam_paper", "financial_table", "government_table", "newspaper"}
)


def seeds(kind: str, part: Part, count: int) -> list[int]:
    """The seeds of the first documents of a kind in a part: even ones for tuning."""
    if part == "tuning":
        return [] if kind in TEST_KINDS else [2 * number for number in range(count)]
    return [2 * number + 1 for number in range(count)]
