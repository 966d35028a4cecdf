"""Sections of a Word document: paper size, margins, headers, footers and page numbering.

The properties of the last section are at the end of the body, those of each other section in its
last paragraph. The margins of a section are known after its last page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import cast

from docx.document import Document as WordDocument
from docx.enum.section import WD_HEADER_FOOTER, WD_ORIENT, WD_SECTION
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.ns import qn
from docx.oxml.section import CT_SectPr
from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.story import StoryPart
from docx.shared import Pt

from ocrportal.exporters.word.measures import (
    MIN_MARGIN,
    SPARE,
    PageMeasures,
    bottom_margin,
    foot_of,
    text_bounds,
)
from ocrportal.exporters.word.runs import TextWriter, added, element, twips
from ocrportal.geometry import Rect
from ocrportal.layout.blocks import Paragraph
from ocrportal.layout.laid_out_page import LaidOutPage

_SAME_SIZE = 0.03
"""Page sizes that differ by less than this share count as the same."""
_SAME_COLUMN = 6.0
"""Edges of columns that differ by less than this, in points, count as the same."""
_COLUMN_SPACE = 36.0
_EMPTY = 1.0
"""Height of an empty header or footer, in points."""
_LINE = 1.2
"""Height of the lines of headers and footers, in type sizes."""
_MAX_MARGIN = 0.5
"""Share of the side of the page."""
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


@dataclass(frozen=True, slots=True)
class PageStart:
    """Where the text of a page starts."""

    top: float
    """In points from the edge of the paper."""
    spacing: BaseOxmlElement | None
    """The spacing of its first paragraph; None if it starts with a table."""


@dataclass(slots=True)
class _Section:
    """The section that is being written."""

    size: tuple[float, float]
    rows: list[HeaderRow]
    first_page: int
    is_vertical: bool
    """Whether it is of vertical text; ``size`` and all places are of the turned page then."""
    text_bounds: list[Rect] = field(default_factory=list)
    """The bounds of the text of each of its pages."""
    foot: float = 0.0
    """The foot of its longest page."""
    rooms: list[tuple[float, float]] = field(default_factory=list)
    """The edges of the columns of its last part; empty for a single column."""
    edges: tuple[float, float] | None = None
    """The edges of the text of its last part if it is on a page with columns."""
    parts: list[tuple[CT_SectPr, tuple[float, float] | None]] = field(default_factory=list)
    """The properties of its parts before the last, which have other columns, and their edges."""
    starts: list[PageStart] = field(default_factory=list)
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
        self._opened_after: BaseOxmlElement | None = None
        """The element before the open section."""
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
            self._open = _Section(measures.size, rows, page.source.number, measures.is_vertical)
            self._opened_after = self._element.getprevious()
            self._set_headers_footers(rows)
        assert self._open is not None
        _measure(self._open, page, measures, self._headers_footers)
        return begins

    def continues_zone(self, rooms: list[tuple[float, float]]) -> bool:
        """Whether columns with these edges are those of the text before."""
        assert self._open is not None
        known = self._open.rooms
        if self._element.getprevious() is self._opened_after:
            return False  # its columns are not known yet
        if len(rooms) == 1 or not known:
            return len(rooms) == 1 and not known
        return len(rooms) == len(known) and all(
            abs(a - b) < _SAME_COLUMN
            for new, old in zip(rooms, known, strict=True)
            for a, b in zip(new, old, strict=True)
        )

    def begin_zone(
        self, rooms: list[tuple[float, float]], *, breaks: bool, on_page_with_columns: bool
    ) -> None:
        """Begin a part of the section with columns that have these edges, in points.

        ``breaks``: it begins on a new page. All parts of a page with columns have its margins.
        """
        assert self._open is not None
        last = self._element.getprevious()
        if last is not self._opened_after:
            part = self._element.clone()
            cast("CT_P", last).set_sectPr(part)
            self._open.parts.append((part, self._open.edges))
            self._forget_headers()
            self._section.start_type = WD_SECTION.NEW_PAGE if breaks else WD_SECTION.CONTINUOUS
        self._open.rooms = rooms if len(rooms) > 1 else []
        self._open.edges = (rooms[0][0], rooms[-1][1]) if on_page_with_columns else None
        _set_columns(self._element, self._open.rooms)

    def add_start(self, start: PageStart) -> None:
        """Register where the text of the page starts that was written last."""
        assert self._open is not None
        self._open.starts.append(start)

    def end(self) -> None:
        """Finish the last section."""
        if self._open is not None:
            self._set_page(self._open)

    def _continues(
        self, section: _Section, page: LaidOutPage, measures: PageMeasures, rows: list[HeaderRow]
    ) -> bool:
        if section.is_vertical != measures.is_vertical or any(
            abs(a - b) > _SAME_SIZE * a for a, b in zip(section.size, measures.size, strict=True)
        ):
            return False
        if page.starts_mid_paragraph or page.starts_mid_table:
            return True  # a section cannot begin within a paragraph or a table
        passed = page.source.number - section.first_page
        return [row.form for row in rows] == [row.form for row in section.rows] and all(
            new.number is None or new.number == (first.number or 0) + passed
            for new, first in zip(rows, section.rows, strict=True)
        )

    def _close(self, section: _Section) -> None:
        self._set_page(section)
        # Document.add_section would add an empty paragraph.
        cast("CT_P", self._element.getprevious()).set_sectPr(self._element.clone())
        self._forget_headers()
        self._section.start_type = WD_SECTION.NEW_PAGE
        _set_columns(self._element, [])

    def _forget_headers(self) -> None:
        """Without its own, a section has the headers and the numbering of the one before."""
        for name in ("w:headerReference", "w:footerReference", "w:pgNumType"):
            for found in self._element.findall(qn(name)):
                self._element.remove(found)

    def _set_page(self, section: _Section) -> None:
        (width, height), target = section.size, self._section
        paper = (height, width) if section.is_vertical else (width, height)
        target.page_width, target.page_height = map(Pt, paper)
        target.orientation = WD_ORIENT.LANDSCAPE if paper[0] > paper[1] else WD_ORIENT.PORTRAIT
        left = right = top = bottom = min(72.0, 0.1 * min(section.size))
        if section.text_bounds:
            left = median(bounds.left for bounds in section.text_bounds)
            right = width - median(bounds.right for bounds in section.text_bounds) - SPARE
            top = min(bounds.top for bounds in section.text_bounds)
        if section.foot:
            bottom = bottom_margin(section.foot, height)
        if section.starts:
            top = min(start.top for start in section.starts)
        sides = [_margin(left, width), _margin(top, height)]
        sides += [_margin(right, width), _margin(bottom, height)]
        _set_margins(self._element, sides, is_vertical=section.is_vertical)
        for start in section.starts:
            if start.spacing is not None:
                start.spacing.set(qn("w:before"), twips(max(start.top - _margin(top, height), 0)))
        self._set_distances(section, paper[1])
        _set_direction(self._element, is_vertical=section.is_vertical)
        for part, edges in section.parts:
            for name in ("w:pgSz", "w:pgMar"):
                old = cast("BaseOxmlElement", part.find(qn(name)))
                part.replace(old, deepcopy(cast("BaseOxmlElement", self._element.find(qn(name)))))
            _set_edges(part, edges, section)
            _set_direction(part, is_vertical=section.is_vertical)
        _set_edges(self._element, section.edges, section)

    def _set_distances(self, section: _Section, height: float) -> None:
        target = self._section
        # An empty header or footer would reduce the space for the text.
        target.header_distance = Pt(max(0.0, min(section.header_tops, default=0.0)))
        foot = height - max(section.footer_bottoms, default=height)
        target.footer_distance = Pt(max(0.0, foot))

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
        if not rows:
            _set_height(paragraphs[0], _EMPTY)
        for paragraph, row in zip(paragraphs, rows, strict=False):
            if row.size:
                _set_height(paragraph, _LINE * row.size)
            added(paragraph.get_or_add_pPr(), "w:jc", val=_ALIGNMENTS[row.alignment])
            self._writer.write(paragraph, row.before, size=row.size)
            if row.number is not None:
                self._writer.write_page_number(paragraph, str(row.number), row.size)
            self._writer.write(paragraph, row.after, size=row.size)


def _set_height(paragraph: CT_P, height: float) -> None:
    """Make the lines of a header or footer this high, lest it takes space from the text."""
    line = twips(height)
    added(paragraph.get_or_add_pPr(), "w:spacing", line=line, lineRule="exact")


def _set_columns(element: CT_SectPr, rooms: list[tuple[float, float]]) -> None:
    columns = cast("BaseOxmlElement", element.find(qn("w:cols")))
    columns.clear()
    if not rooms:
        columns.set(qn("w:space"), twips(_COLUMN_SPACE))
        return
    columns.set(qn("w:num"), str(len(rooms)))
    columns.set(qn("w:equalWidth"), "0")
    spaces = [following[0] - room[1] for room, following in pairwise(rooms)]
    for (left, right), space in zip(rooms, [*spaces, 0.0], strict=True):
        added(columns, "w:col", w=twips(right - left), space=twips(max(space, 0.0)))


def _set_margins(element: CT_SectPr, sides: Sequence[float], *, is_vertical: bool) -> None:
    """Set the margins at the left, the top, the right and the bottom of the text, in points."""
    margins = cast("BaseOxmlElement", element.find(qn("w:pgMar")))
    for name, margin in zip(_sides(is_vertical=is_vertical), sides, strict=True):
        margins.set(qn(f"w:{name}"), twips(margin))


def _sides(*, is_vertical: bool) -> tuple[str, str, str, str]:
    """The sides of the paper at the left, the top, the right and the bottom of the text.

    Lines of vertical text begin at the top of the paper, and the first one is at its right.
    """
    if is_vertical:
        return ("top", "right", "bottom", "left")
    return ("left", "top", "right", "bottom")


def _set_direction(element: CT_SectPr, *, is_vertical: bool) -> None:
    for found in element.findall(qn("w:textDirection")):
        element.remove(found)
    if is_vertical:
        direction = added(element, "w:textDirection", val="tbRl")
        grid = element.find(qn("w:docGrid"))  # the schema has it behind the direction
        if grid is not None:
            grid.addprevious(direction)


def _set_edges(element: CT_SectPr, edges: tuple[float, float] | None, section: _Section) -> None:
    """Give a section on a page with columns the margins of that page."""
    if edges:
        margins = cast("BaseOxmlElement", element.find(qn("w:pgMar")))
        start, _top, end, _bottom = _sides(is_vertical=section.is_vertical)
        margins.set(qn(f"w:{start}"), twips(max(edges[0], 0.0)))
        margins.set(qn(f"w:{end}"), twips(max(section.size[0] - edges[1], 0.0)))


def _header_rows(page: LaidOutPage, measures: PageMeasures) -> list[HeaderRow]:
    rows = []
    for part in page.blocks:
        if not isinstance(part, Paragraph) or not part.is_header_or_footer:
            continue
        bounds = measures.bounds_on_paper(part.lines)
        found = _NUMBER.search(part.text) if part.kind == "page_number" else None
        rows.append(
            HeaderRow(
                before=part.text[: found.start()] if found else part.text,
                number=int(found[0]) if found else None,
                after=part.text[found.end() :] if found else "",
                alignment=_alignment(part, bounds, measures),
                size=measures.type_size(part),
                is_in_footer=bounds.center_y > measures.paper[1] / 2,
            )
        )
    return rows


def _alignment(part: Paragraph, bounds: Rect, measures: PageMeasures) -> str:
    """The alignment of a header or footer; that of its style is along vertical text."""
    if not measures.is_vertical:
        return part.style.alignment
    third = int(3 * bounds.center_x / measures.paper[0])
    return ("left", "centre", "right")[min(max(third, 0), 2)]


def _measure(
    section: _Section, page: LaidOutPage, measures: PageMeasures, headers_footers: bool
) -> None:
    bounds = text_bounds(page.blocks, measures)
    if bounds is not None:
        section.text_bounds.append(bounds)
    section.foot = max(section.foot, foot_of(page.blocks, measures))
    if not headers_footers:
        return
    for part in page.blocks:
        if isinstance(part, Paragraph) and part.is_header_or_footer:
            bounds = measures.bounds_on_paper(part.lines)
            if bounds.center_y > measures.paper[1] / 2:
                section.footer_bottoms.append(bounds.bottom)
            else:
                section.header_tops.append(bounds.top)


def _margin(measured: float, side: float) -> float:
    return min(max(measured, MIN_MARGIN), _MAX_MARGIN * side)
