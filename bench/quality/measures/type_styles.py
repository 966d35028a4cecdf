"""The type of the characters of a page compared with the true one: bold and italic.

The characters of the page are aligned with the true ones, and only those in both are counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from bench.documents.truth import TruePage
from bench.quality.measures.order import comparable
from bench.quality.measures.regions import Counts
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.type_runs import text_runs

STYLES = ("bold", "italic", "underline")
_Typed = tuple[str, frozenset[str]]
"""A character, and which of ``STYLES`` its type has."""


def compare_styles(truth: TruePage, page: LaidOutPage) -> dict[str, Counts]:
    """The characters of each of ``STYLES``: true ones, found ones, and those that are both."""
    expected, found = list(_true(truth)), list(_found(page))
    counts = {style: Counts() for style in STYLES}
    opcodes = Levenshtein.opcodes(
        *("".join(char for char, _ in side) for side in (expected, found))
    )
    for code in opcodes:
        if code.tag != "equal":
            continue
        for (_, true), (_, own) in zip(
            expected[code.src_start : code.src_end],
            found[code.dest_start : code.dest_end],
            strict=True,
        ):
            for style in true | own:
                counts[style].true += style in true
                counts[style].found += style in own
                counts[style].right += style in true & own
    return counts


def _true(page: TruePage) -> Iterator[_Typed]:
    for block in page.blocks:
        for run in block.runs:
            yield from _typed(run.text, run.style)


def _found(page: LaidOutPage) -> Iterator[_Typed]:
    for block in page.printed_blocks:
        for line in block.lines:
            for run in text_runs(page.result, (line,), line.text):
                yield from _typed(run.text, run.type)


def _typed(text: str, style: object) -> Iterator[_Typed]:
    named = frozenset(name for name in STYLES if getattr(style, name))
    for char in comparable(text):
        yield char, named
