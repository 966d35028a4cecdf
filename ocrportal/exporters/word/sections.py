"""Sections of a Word document: paper, margins, running heads, where page numbers begin.

The last section's properties stand at the end of the body, those of the others in their
last paragraphs. What a section's margins are is known only once its pages have passed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from statistics import median
from typing import cast

from docx.document import Document as WordDocument
from docx.enum.section import WD_HEADER_FOOTER, WD_ORIENT
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.story import StoryPart
from docx.shared import Pt

from ocrportal.exporters.word.measures import PageMeasures
from ocrportal.exporters.word.runs import TextWriter, added, element
from ocrportal.geometry import Rect
from ocrportal.layout.blocks import Paragraph
from ocrportal.layout.page import LaidOutPage

_SAME_SIZE = 0.03
"""Pages that differ by less than this share are meant to be the same size."""
_MIN_MARGIN, _MAX_MARGIN = 18.0, 0.25
"""Points, and a share of the page's side."""
_NUMBER = re.compile(r"\d{1,4}")
_ALIGNMENTS = {"left": "left", "centre": "center", "right": "right", "justified": "left"}


@dataclass(frozen=True, slots=True)
class Running:
    """One row of a running head or footer."""

    before: str
    number: int | None
    """The page number in it, if it is one."""
    after: str
    alignment: str
    size: float
    is_foot: bool

    @property
    def form(self) -> tuple[str, bool, str, str, bool]:
        """What makes it the same row on another page."""
        return self.before, self.number is None, self.after, self.alignment, self.is_foot


@dataclass(slots=True)
class _Open:
    """The section that is being written."""

    size: tuple[float, float]
    running: list[Running]
    first_page: int
    places: list[Rect] = field(default_factory=list)
    """Where the text of each of its pages stands."""
    heads: list[float] = field(default_factory=list)
    feet: list[float] = field(default_factory=list)


class Sections:
    """Begins a section wherever paper, running heads or the count of pages change."""

    def __init__(self, word: WordDocument, writer: TextWriter, *, headers_footers: bool) -> None:
        self._document = word.part
        self._section = word.sections[0]
        self._element = word.element.body.sectPr
        self._writer = writer
        self._headers_footers = headers_footers
        self._open: _Open | None = None
        self._parts = 0
        """Number of header and footer parts so far."""

    def begin_page(self, page: LaidOutPage, measures: PageMeasures) -> bool:
        """Take a page into account before it is written; whether it begins a section."""
        running = _running(page, measures) if self._headers_footers else []
        begins = (
            self._open is None
            or page.starts_document
            or not self._continues(self._open, page, measures, running)
        )
        if begins:
            if self._open is not None:
                self._close(self._open)
            self._open = _Open(measures.size, running, page.source.number)
            self._set_running(running)
        assert self._open is not None
        _measure(self._open, page, measures, self._headers_footers)
        return begins

    def end(self) -> None:
        """Finish the last section."""
        if self._open is not None:
            self._set_page(self._open)

    def _continues(
        self, section: _Open, page: LaidOutPage, measures: PageMeasures, running: list[Running]
    ) -> bool:
        if any(
            abs(a - b) > _SAME_SIZE * a for a, b in zip(section.size, measures.size, strict=True)
        ):
            return False
        if page.starts_mid_paragraph:
            return True  # a section cannot begin within a paragraph
        passed = page.source.number - section.first_page
        return [row.form for row in running] == [row.form for row in section.running] and all(
            new.number is None or new.number == (first.number or 0) + passed
            for new, first in zip(running, section.running, strict=True)
        )

    def _close(self, section: _Open) -> None:
        self._set_page(section)
        # Document.add_section would add an empty paragraph.
        cast("CT_P", self._element.getprevious()).set_sectPr(self._element.clone())
        for name in ("w:headerReference", "w:footerReference", "w:pgNumType"):
            for found in self._element.findall(qn(name)):
                self._element.remove(found)

    def _set_page(self, section: _Open) -> None:
        (width, height), target = section.size, self._section
        target.page_width, target.page_height = Pt(width), Pt(height)
        target.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
        left = right = top = bottom = min(72.0, 0.1 * min(section.size))
        if section.places:
            left = median(place.left for place in section.places)
            # Type of another make may be a little wider and run into another row.
            right = width - median(place.right for place in section.places) - 3.0
            top = min(place.top for place in section.places)
            bottom = (height - max(place.bottom for place in section.places)) / 2
        target.left_margin, target.right_margin = (Pt(_margin(m, width)) for m in (left, right))
        target.top_margin, target.bottom_margin = (Pt(_margin(m, height)) for m in (top, bottom))
        if section.heads:
            target.header_distance = Pt(max(0.0, min(section.heads)))
        if section.feet:
            target.footer_distance = Pt(max(0.0, height - max(section.feet)))

    def _set_running(self, running: list[Running]) -> None:
        if not running and not self._parts:
            return
        self._add_part([row for row in running if not row.is_foot], is_footer=False)
        self._add_part([row for row in running if row.is_foot], is_footer=True)
        numbers = [row.number for row in running if row.number is not None]
        if numbers:
            count = added(self._element, "w:pgNumType", start=str(numbers[0]))
            self._element.remove(count)
            # Word demands an order: behind the margins.
            self._element.find(qn("w:pgMar")).addnext(count)

    def _add_part(self, rows: list[Running], *, is_footer: bool) -> None:
        """Add a header or footer with these rows to the section.

        python-docx searches all parts of the package for a free name each time, which takes
        minutes for a book; here they are counted.
        """
        self._parts += 1
        name = "footer" if is_footer else "header"
        content_type = CONTENT_TYPE.WML_FOOTER if is_footer else CONTENT_TYPE.WML_HEADER
        body = element("w:ftr" if is_footer else "w:hdr")
        self._write_rows(body, rows, style="Footer" if is_footer else "Header")
        package = self._document.package
        part = StoryPart(PackURI(f"/word/{name}{self._parts}.xml"), content_type, body, package)
        relation = f"rIdHeaderFooter{self._parts}"
        kind = RELATIONSHIP_TYPE.FOOTER if is_footer else RELATIONSHIP_TYPE.HEADER
        self._document.rels.add_relationship(kind, part, relation)
        if is_footer:
            self._element.add_footerReference(WD_HEADER_FOOTER.PRIMARY, relation)
        else:
            self._element.add_headerReference(WD_HEADER_FOOTER.PRIMARY, relation)

    def _write_rows(self, body: BaseOxmlElement, rows: list[Running], style: str) -> None:
        """A paragraph per row; Word demands at least one."""
        paragraphs = [cast("CT_P", added(body, "w:p")) for _row in range(max(len(rows), 1))]
        added(added(paragraphs[0], "w:pPr"), "w:pStyle", val=style)
        for paragraph, row in zip(paragraphs, rows, strict=False):
            added(paragraph.get_or_add_pPr(), "w:jc", val=_ALIGNMENTS[row.alignment])
            self._writer.write(paragraph, row.before, size=row.size)
            if row.number is not None:
                self._writer.write_page_number(paragraph, str(row.number), row.size)
            self._writer.write(paragraph, row.after, size=row.size)


def _running(page: LaidOutPage, measures: PageMeasures) -> list[Running]:
    rows = []
    for part in page.blocks:
        if not isinstance(part, Paragraph) or not part.is_header_or_footer:
            continue
        place = measures.bounds(part.lines)
        found = _NUMBER.search(part.text) if part.kind == "page_number" else None
        rows.append(
            Running(
                before=part.text[: found.start()] if found else part.text,
                number=int(found[0]) if found else None,
                after=part.text[found.end() :] if found else "",
                alignment=part.style.alignment,
                size=measures.type_size(part),
                is_foot=place.center_y > measures.size[1] / 2,
            )
        )
    return rows


def _measure(
    section: _Open, page: LaidOutPage, measures: PageMeasures, headers_footers: bool
) -> None:
    text = [
        line
        for part in page.blocks
        if isinstance(part, Paragraph) and not part.is_header_or_footer
        for line in part.lines
    ]
    if text:
        section.places.append(measures.bounds(text))
    if not headers_footers:
        return
    for part in page.blocks:
        if isinstance(part, Paragraph) and part.is_header_or_footer:
            place = measures.bounds(part.lines)
            if place.center_y > measures.size[1] / 2:
                section.feet.append(place.bottom)
            else:
                section.heads.append(place.top)


def _margin(measured: float, side: float) -> float:
    return min(max(measured, _MIN_MARGIN), _MAX_MARGIN * side)
