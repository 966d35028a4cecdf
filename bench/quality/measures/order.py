"""The order of the text of a document compared with the true reading order.

Blocks beside the running text (headers, footnotes, captions, sidebars …) may be read between any
two blocks of it, but not within one. Text within pictures may be read or left out. Some blocks,
such as the signatures of two parties, may be read column by column or row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, product
from statistics import median

from rapidfuzz.distance import Levenshtein

from bench import comparison
from bench.documents.truth import TrueBlock, TruePage
from ocrportal.geometry import Rect
from ocrportal.layout.blocks import TextLine
from ocrportal.layout.laid_out_page import LaidOutPage

_LEADERS = re.compile(r"[.·…・]{3,}")
"""The dots before a page number in a table of contents, whose number does not matter."""


_FORMULA = re.compile(r"^\[Formula: .*\]$", re.MULTILINE)
"""A formula in plain text, which is a region and none of the text."""
_EMPTY_BOXES = str.maketrans("□", "☐")
_SAME_ROW = 0.2
"""Common share of the height of two boxes in one row, at least."""
_SAME_LINE = 0.25
"""Common share of the area of a true and a found line, at least."""


def comparable(text: str) -> str:
    """The text as it is compared: without white space and leaders, in Unicode NFKC."""
    return _LEADERS.sub("", comparison.comparable(text)).translate(_EMPTY_BOXES)


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A true block, and where among all printed lines the product reads it; None if it does not."""

    block: TrueBlock
    page: int
    place: float | None


def placed_blocks(truth: list[TruePage], pages: list[LaidOutPage]) -> list[PlacedBlock]:
    """The true blocks of a document in their order."""
    placed = []
    start = 0
    for number, (true_page, page) in enumerate(zip(truth, pages, strict=True)):
        boxes = [box for block in page.blocks for line in block.lines for box in _boxes(page, line)]
        places: dict[int, list[int]] = {}
        for place, box in enumerate(boxes, start):
            if (index := _block_at(box, true_page.blocks)) is not None:
                places.setdefault(index, []).append(place)
        start += len(boxes)
        placed += [
            PlacedBlock(block, number, median(places[index]) if index in places else None)
            for index, block in enumerate(true_page.blocks)
        ]
    return placed


def _boxes(page: LaidOutPage, line: TextLine) -> Iterator[Rect]:
    for index in line.indices:
        yield Rect.around(page.result.lines[index].box)


def _block_at(box: Rect, blocks: tuple[TrueBlock, ...]) -> int | None:
    """The block whose lines have the largest area in common with a box."""
    best, largest = None, 0.0
    for index, block in enumerate(blocks):
        for line in block.lines:
            common = line.box.intersection(box)
            if common and common.area > max(largest, _SAME_LINE * min(line.box.area, box.area)):
                best, largest = index, common.area
    return best


def text_errors(blocks: list[PlacedBlock], text: str) -> tuple[int, int]:
    """Insertions, deletions and replacements that turn the text into the true one, and its length.

    Of the permitted orders, the one closest to the text counts.
    """
    found = comparable(_FORMULA.sub("", text))
    results = []
    for order in _orders(blocks):
        chosen = [(comparable(block.text), block.optional) for block in order]
        results.append(_fewest_errors(chosen, found))
    return min(results)


def _fewest_errors(texts: list[tuple[str, bool]], found: str) -> tuple[int, int]:
    """The errors and the true length, with each optional text kept if this is better."""
    kept = [not optional or text in found for text, optional in texts]

    def errors() -> tuple[int, int]:
        truth = "".join(text for (text, _), keep in zip(texts, kept, strict=True) if keep)
        return Levenshtein.distance(found, truth), len(truth)

    best = errors()
    for index, (_, optional) in enumerate(texts):
        if optional:
            kept[index] = not kept[index]
            changed = errors()
            if changed[0] < best[0]:
                best = changed
            else:
                kept[index] = not kept[index]
    return best


def order_distance(blocks: list[PlacedBlock]) -> tuple[int, int]:
    """The edit distance of the order in which the running blocks are read, and their number."""
    running = [entry for entry in blocks if not entry.block.is_aside and entry.place is not None]
    distances = []
    for order in _either_orders(running):
        read = sorted(range(len(order)), key=lambda index: order[index].place or 0.0)
        distances.append(Levenshtein.distance(read, list(range(len(order)))))
    return min(distances), len(running)


def _orders(blocks: list[PlacedBlock]) -> Iterator[list[TrueBlock]]:
    """The permitted orders, with each block beside the running text where it is read."""
    running = [entry for entry in blocks if not entry.block.is_aside]
    for order in _either_orders(running):
        yield [entry.block for entry in _with_asides(blocks, order)]


def _either_orders(running: list[PlacedBlock]) -> Iterator[list[PlacedBlock]]:
    """The running blocks with each group that permits it as it is, and row by row."""
    parts: list[list[list[PlacedBlock]]] = []
    for group, members in groupby(running, key=lambda entry: (entry.page, entry.block.either)):
        entries = list(members)
        choices = [entries]
        if group[1] is not None:
            choices.append(_row_by_row(entries))
        parts.append(choices)
    for choice in product(*parts):
        yield [entry for part in choice for entry in part]


def _row_by_row(entries: list[PlacedBlock]) -> list[PlacedBlock]:
    rows: list[list[PlacedBlock]] = []
    for entry in sorted(entries, key=lambda entry: entry.block.box.center_y):
        if rows and _shares_row(rows[-1][0].block.box, entry.block.box):
            rows[-1].append(entry)
        else:
            rows.append([entry])
    return [entry for row in rows for entry in sorted(row, key=lambda e: e.block.box.left)]


def _shares_row(above: Rect, below: Rect) -> bool:
    common = min(above.bottom, below.bottom) - below.top
    return common > _SAME_ROW * min(above.height, below.height)


def _with_asides(blocks: list[PlacedBlock], running: list[PlacedBlock]) -> list[PlacedBlock]:
    """The running blocks with the other ones inserted between them."""
    inserts: dict[int, list[tuple[float, list[PlacedBlock]]]] = {}
    for members in _asides(blocks):
        places = [entry.place for entry in members if entry.place is not None]
        if places:
            place = median(places)
            gap = _gap(running, place)
        else:
            before = blocks[: blocks.index(members[0])]
            gap, place = sum(not entry.block.is_aside for entry in before), 0.0
        inserts.setdefault(gap, []).append((place, members))
    order: list[PlacedBlock] = []
    for gap in range(len(running) + 1):
        for _place, members in sorted(inserts.get(gap, []), key=lambda insert: insert[0]):
            order += members
        order += running[gap : gap + 1]
    return order


def _asides(blocks: list[PlacedBlock]) -> Iterable[list[PlacedBlock]]:
    groups: dict[object, list[PlacedBlock]] = {}
    for index, entry in enumerate(blocks):
        if entry.block.is_aside:
            aside = entry.block.aside
            key = ("alone", index) if aside is None else (entry.page, aside)
            groups.setdefault(key, []).append(entry)
    return groups.values()


def _gap(running: list[PlacedBlock], place: float) -> int:
    """The number of running blocks before a place, so that the fewest are on the wrong side."""
    wrong = sum((entry.place or 0.0) < place for entry in running if entry.place is not None)
    best, fewest = 0, wrong
    for number, entry in enumerate(running, 1):
        if entry.place is not None:
            wrong += 1 if entry.place > place else -1
        if wrong < fewest:
            best, fewest = number, wrong
    return best
