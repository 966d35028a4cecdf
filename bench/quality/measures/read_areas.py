"""The text of areas that are pictures: what codes encode, and the letters of seals."""

from __future__ import annotations

from collections.abc import Iterable

from bench.documents.truth import TruePage
from bench.quality.measures.order import comparable
from bench.quality.measures.regions import Region, is_same
from ocrportal.geometry import Rect
from ocrportal.layout.laid_out_page import LaidOutPage

READ = ("code", "seal")
"""The kinds of areas whose text is compared."""


def read_areas(truth: TruePage, page: LaidOutPage, kind: str) -> tuple[int, int, int]:
    """The true areas with a text, those of them with the same text, and those with another."""
    right = wrong = 0
    areas = [area for area in page.result.blocks if area.kind == kind and area.box]
    with_text = [region for region in truth.regions if region.kind == kind and region.text]
    for true in with_text:
        texts = [
            comparable(area.text)
            for area in areas
            if area.box and is_same(true, Region(kind, Rect.around(area.box), true.state))
        ]
        right += comparable(true.text) in texts
        wrong += any(text and text != comparable(true.text) for text in texts)
    return len(with_text), right, wrong


def without_area_texts(text: str, truth: Iterable[TruePage], pages: Iterable[LaidOutPage]) -> str:
    """A text without the contents of codes, which are not printed, and of seals, each once.

    What was not read of them is not in the text either.
    """
    lines = text.splitlines()
    for true, page in zip(truth, pages, strict=True):
        found = {area.text for area in page.result.blocks if area.kind in READ}
        for region in true.regions:
            if region.kind in READ and region.text in found and region.text in lines:
                lines.remove(region.text)
    return "\n".join(lines)
