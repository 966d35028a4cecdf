"""Regions that the product finds on a page, compared with the true ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.documents.truth import TruePage
from ocrportal.geometry import Rect
from ocrportal.layout.blocks import Paragraph
from ocrportal.layout.laid_out_page import LaidOutPage

TEXT_KINDS = (
    "heading",
    "list_item",
    "contents_entry",
    "caption",
    "footnote",
    "header",
    "footer",
    "page_number",
)
KINDS = (*TEXT_KINDS, "figure", "seal", "check_box", "formula", "signature", "logo", "code")
"""The kinds of regions that are counted."""
_PICTURES = {"figure", "logo", "signature"}
"""The kinds of true regions that the product reports as figures: each is cut out as a picture."""
_CHECK_BOXES = {"☐": "empty", "□": "empty", "☑": "checked", "✓": "checked", "☒": "crossed"}
_SAME_AREA = 0.5
"""Intersection over union from which two regions are the same."""
_TEXT_AREAS = 4.0
"""The area of a line found by a detector divided by that of its type, at most."""


@dataclass(frozen=True, slots=True)
class Region:
    """A region on a page; ``state`` is that of a check box."""

    kind: str
    box: Rect
    state: str = ""


@dataclass(slots=True)
class Counts:
    """Regions of one kind: true ones, found ones, and those that are both."""

    true: int = 0
    found: int = 0
    right: int = 0

    def __iadd__(self, other: Counts) -> Counts:
        self.true += other.true
        self.found += other.found
        self.right += other.right
        return self


def true_regions(page: TruePage) -> Iterator[Region]:
    """The true regions, including the blocks of text of special kinds."""
    for block in page.blocks:
        if block.kind in TEXT_KINDS:
            yield Region(block.kind, block.box)
    for region in page.regions:
        yield Region(region.kind, region.box, region.state)


def found_regions(page: LaidOutPage) -> Iterator[Region]:
    """The regions that the product finds."""
    lines = page.result.lines
    for block in page.blocks:
        if isinstance(block, Paragraph) and block.lines:
            boxes = [lines[index].box for line in block.lines for index in line.indices]
            yield Region(block.kind, Rect.around_quads(boxes))
    for area in page.result.blocks:
        if area.box is not None:
            yield Region(area.kind, Rect.around(area.box))
    for line in lines:
        for char in line.chars:
            if state := _CHECK_BOXES.get(char.text):
                yield Region("check_box", Rect.around(line.char_box(char)), state)


def compare(truth: TruePage, page: LaidOutPage) -> dict[str, Counts]:
    """The counts of each kind on one page."""
    counts = {kind: Counts() for kind in KINDS}
    left = list(true_regions(truth))
    for region in left:
        if region.kind in counts:
            counts[region.kind].true += 1
    for region in found_regions(page):
        if region.kind not in counts:
            continue
        match = next((true for true in left if is_same(true, region)), None)
        kind = region.kind if match is None else match.kind
        counts[kind].found += 1
        if match is not None:
            left.remove(match)
            counts[kind].right += 1
    return counts


def is_same(true: Region, found: Region) -> bool:
    """Whether a found region is the true one: of the same kind and state, at the same place."""
    is_picture = found.kind == "figure" and true.kind in _PICTURES
    if (true.kind, true.state) != (found.kind, found.state) and not is_picture:
        return False
    if true.kind == "check_box":
        # The place of a character is known to about its width.
        reach = 1.2 * max(true.box.width, true.box.height)
        across, down = (abs(a - b) for a, b in zip(true.box.center, found.box.center, strict=True))
        return across < reach and down < reach
    if true.kind in TEXT_KINDS:
        # Boxes of a detector are larger than type, so their shares of a small box differ.
        ratio = found.box.area / max(1.0, true.box.area)
        inside = true.box.contains(found.box.center) and found.box.contains(true.box.center)
        return inside and 1 / _TEXT_AREAS < ratio < _TEXT_AREAS
    common = true.box.intersection(found.box)
    if common is None:
        return False
    return common.area / (true.box.area + found.box.area - common.area) >= _SAME_AREA


def total(pages: list[dict[str, Counts]]) -> dict[str, Counts]:
    """The counts of all pages together, without kinds that are neither true nor found."""
    sums: dict[str, Counts] = {}
    for page in pages:
        for kind, counts in page.items():
            sums.setdefault(kind, Counts()).__iadd__(counts)
    return {kind: counts for kind, counts in sums.items() if counts.true + counts.found}
