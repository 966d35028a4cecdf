"""Sections of a Word document: paper size, margins, headers, footers and page numbering.

The properties of the last section are at the end of the body, those of each other section in its
last paragraph. The margins of a section are known after its last page.
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

from ocrportal.exporters.word.measures import PageMeasures, text_bounds
from ocrportal.exporters.word.runs import TextWriter, added, element
from ocrportal.geometry import Rect
from ocrportal.layout.blocks import Paragraph
from ocrportal.layout.page import LaidOutPage

_SAME_SIZE = 0.03
"""Page sizes that differ by less than this share count as the same."""
_MIN_MARGIN, _MAX_MARGIN = 18.0, 0.25
"""In points, and as a share of the side of the page."""
_NUMBER = re.compile(r"\d{1,4}")
_ALIGNMENTS = {"left": "left", "centre": "center", "right": "right", "justified": "left"}


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """One row of a header or footer."""

    before: str
    number: int | None
    """The page number in the row, if it has one."""
    after: str
    alignment: str
    size: float
    is_in_footer: bool

    @property
    def form(self) -> tuple[str, bool, str, str, bool]:
        """The properties that are equal if the row is repeated on another page."""
        return self.before, self.number is None, self.after, self.alignment, self.is_in_footer


@dataclass(slots=True)
class _Section:
    """The section that is being written."""

    size: tuple[float, float]
    rows: list[HeaderRow]
    first_page: int
    text_bounds: list[Rect] = field(default_factory=list)
    """The bounds of the text of each of its pages."""
    header_tops: list[float] = field(default_factory=list)
    footer_bottoms: list[float] = field(default_factory=list)


class Sections:
    """Begins a section wherever paper size, headers, footers or page numbering change."""

    def __init__(self, word: WordDocument, writer: TextWriter, *, headers_footers: bool) -> None:
        self._document = word.part
        self._section = word.sections[0]
        self._element = word.element.body.sectPr
        self._writer = writer
        self._headers_footers = headers_footers
        self._open: _Section | None = None
        self._parts = 0
        """Number of header and footer parts written."""

    def begin_page(self, page: LaidOutPage, measures: PageMeasures) -> bool:
        """Register a page before it is written, and return whether it begins a section."""
        rows = _header_rows(page, measures) if self._headers_footers else []
        begins = (
            self._open is None
            or page.starts_document
            or not self._continues(self._open, page, measures, rows)
        )
        if begins:
            if self._open is not None:
                self._close(self._open)
            self._open = _Section(measures.size, rows, page.source.number)
            self._set_headers_footers(rows)
        assert self._open is not None
        _measure(self._open, page, measures, self._headers_footers)
        return begins

    def end(self) -> None:
        """Finish the last section."""
        if self._open is not None:
            self._set_page(self._open)

    def _continues(
        self, section: _Section, page: LaidOutPage, measures: PageMeasures, rows: list[HeaderRow]
    ) -> bool:
        if any(
            abs(a - b) > _SAME_SIZE * a for a, b in zip(section.size, measures.size, strict=True)
        ):
            return False
        if page.starts_mid_paragraph:
            return True  # a section cannot begin within a paragraph
        passed = page.source.number - section.first_page
        return [row.form for row in rows] == [row.form for row in section.rows] and all(
            new.number is None or new.number == (first.number or 0) + passed
            for new, first in zip(rows, section.rows, strict=True)
        )

    def _close(self, section: _Section) -> None:
        self._set_page(section)
        # Document.add_section would add an empty paragraph.
        cast("CT_P", self._element.getprevious()).set_sectPr(self._element.clone())
        for name in ("w:headerReference", "w:footerReference", "w:pgNumType"):
            for found in self._element.findall(qn(name)):
                self._element.remove(found)

    def _set_page(self, section: _Section) -> None:
        (width, height), target = section.size, self._section
        target.page_width, target.page_height = Pt(width), Pt(height)
        target.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
        left = right = top = bottom = min(72.0, 0.1 * min(section.size))
        if section.text_bounds:
            left = median(bounds.left for bounds in section.text_bounds)
            # Other fonts may be slightly wider, and would break the line.
            right = width - median(bounds.right for bounds in section.text_bounds) - 3.0
            top = min(bounds.top for bounds in section.text_bounds)
            bottom = (height - max(bounds.bottom for bounds in section.text_bounds)) / 2
        target.left_margin, target.right_margin = (Pt(_margin(m, width)) for m in (left, right))
        target.top_margin, target.bottom_margin = (Pt(_margin(m, height)) for m in (top, bottom))
        if section.header_tops:
            target.header_distance = Pt(max(0.0, min(section.header_tops)))
        if section.footer_bottoms:
            target.footer_distance = Pt(max(0.0, height - max(section.footer_bottoms)))

    def _set_headers_footers(self, rows: list[HeaderRow]) -> None:
        if not rows and not self._parts:
            return
        self._add_part([row for row in rows if not row.is_in_footer], is_footer=False)
        self._add_part([row for row in rows if row.is_in_footer], is_footer=True)
        numbers = [row.number for row in rows if row.number is not None]
        if numbers:
            count = added(self._element, "w:pgNumType", start=str(numbers[0]))
            self._element.remove(count)
            # Word requires it after the margins.
            self._element.find(qn("w:pgMar")).addnext(count)

    def _add_part(self, rows: list[HeaderRow], *, is_footer: bool) -> None:
        """Add a header or footer with these rows to the section.

        python-docx searches all parts of the package for a free name each time, which takes
        minutes for a book. Here the parts are counted.
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

    def _write_rows(self, body: BaseOxmlElement, rows: list[HeaderRow], style: str) -> None:
        """Write a paragraph per row; Word requires at least one."""
        paragraphs = [cast("CT_P", added(body, "w:p")) for _row in range(max(len(rows), 1))]
        added(added(paragraphs[0], "w:pPr"), "w:pStyle", val=style)
        for paragraph, row in zip(paragraphs, rows, strict=False):
            added(paragraph.get_or_add_pPr(), "w:jc", val=_ALIGNMENTS[row.alignment])
            self._writer.write(paragraph, row.before, size=row.size)
            if row.number is not None:
                self._writer.write_page_number(paragraph, str(row.number), row.size)
            self._writer.write(paragraph, row.after, size=row.size)


def _header_rows(page: LaidOutPage, measures: PageMeasures) -> list[HeaderRow]:
    rows = []
    for part in page.blocks:
        if not isinstance(part, Paragraph) or not part.is_header_or_footer:
            continue
        bounds = measures.bounds(part.lines)
        found = _NUMBER.search(part.text) if part.kind == "page_number" else None
        rows.append(
            HeaderRow(
                before=part.text[: found.start()] if found else part.text,
                number=int(found[0]) if found else None,
                after=part.text[found.end() :] if found else "",
                alignment=part.style.alignment,
                size=measures.type_size(part),
                is_in_footer=bounds.center_y > measures.size[1] / 2,
            )
        )
    return rows


def _measure(
    section: _Section, page: LaidOutPage, measures: PageMeasures, headers_footers: bool
) -> None:
    bounds = text_bounds(page.blocks, measures)
    if bounds is not None:
        section.text_bounds.append(bounds)
    if not headers_footers:
        return
    for part in page.blocks:
        if isinstance(part, Paragraph) and part.is_header_or_footer:
            bounds = measures.bounds(part.lines)
            if bounds.center_y > measures.size[1] / 2:
                section.footer_bottoms.append(bounds.bottom)
            else:
                section.header_tops.append(bounds.top)


def _margin(measured: float, side: float) -> float:
    return min(max(measured, _MIN_MARGIN), _MAX_MARGIN * side)
