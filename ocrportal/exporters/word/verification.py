"""Verification of a Word file: whether it contains the text of the document."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from ocrportal.exporters.verification import Score, sample_of, score_of
from ocrportal.layout.blocks import Figure, Paragraph, is_header_or_footer
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.list_markers import list_marker
from ocrportal.layout.placement import normalize_for_match
from ocrportal.layout.plain_text import text_lines

_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
_PARTS = ("word/document.xml", "word/footnotes.xml")


class WordVerification:
    """Verifies one Word file by the text of its sampled pages."""

    def __init__(self, page_count: int) -> None:
        self._page_count = page_count
        self._sample = sample_of(page_count)
        self._expected: dict[int, list[str]] = {}

    def observe(self, page: LaidOutPage) -> None:
        """Keep the text of a sampled page."""
        if page.index in self._sample:
            self._expected[page.index] = list(map(normalize_for_match, _written_text(page)))

    def verify(self, file: BinaryIO) -> Score:
        """Read the written Word file."""
        with zipfile.ZipFile(file) as package:
            parts = [name for name in _PARTS if name in package.namelist()]
            written = normalize_for_match("\n".join(_text_of(package, name) for name in parts))
        expected = [text for texts in self._expected.values() for text in texts]
        total = sum(map(len, expected))
        found = sum(len(text) for text in expected if text in written)
        return score_of(
            text=found / total if total else 1.0,
            on_ink=None,
            fonts=True,
            # The body does not show which page a text is from.
            pages_match=self._expected.keys() >= self._sample,
            looked_at=len(self._sample),
            pages=self._page_count,
        )


def _text_of(package: zipfile.ZipFile, name: str) -> str:
    with package.open(name) as part:
        return "".join(node.text or "" for _event, node in etree.iterparse(part, tag=_TEXT))


def _written_text(page: LaidOutPage) -> Iterator[str]:
    """The text in the body: Word generates list markers, and headers are in separate parts.

    The words in a figure are in its picture.
    """
    for block in page.blocks:
        if isinstance(block, Paragraph) and block.kind == "list_item":
            marker = list_marker(block.text)
            yield block.text[marker.length :] if marker else block.text
        elif not is_header_or_footer(block) and not isinstance(block, Figure):
            for line in text_lines(block):
                yield from line.split("\t")
