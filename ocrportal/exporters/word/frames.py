"""Pages in fixed layout: each printed line in a frame at its position."""

from __future__ import annotations

import re
from typing import IO, cast

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement

from ocrportal.exporters.word.measures import PageMeasures
from ocrportal.exporters.word.pictures import WordPictures
from ocrportal.exporters.word.runs import TextWriter, added, element, twips
from ocrportal.exporters.word.settings import TypeSizes, settings_of
from ocrportal.exporters.word.tables import printed_table, table_element
from ocrportal.geometry import Rect
from ocrportal.layout.blocks import (
    FieldGroup,
    Figure,
    Formula,
    ItemTable,
    Paragraph,
    TableBlock,
)
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.results import PageResult, Table

_SPARE = 1.08
"""Ratio of the width of a frame to the printed width, since other fonts may be wider."""
_TALL = 2.0
"""Ratio of height to width from which a line is vertical."""


class FramedPages:
    """Writes pages one by one; the last paragraph of each is the anchor of its frames."""

    def __init__(self, word: WordDocument, writer: TextWriter, data: IO[bytes]) -> None:
        """``data`` is the temporary file of the pictures."""
        self._pictures = WordPictures(word, data)
        self._writer = writer
        self._body_end = word.element.body.sectPr
        self._sizes = TypeSizes()
        self._sources = 0
        self._source = ""
        """Title of the document that begins, until its bookmark is written."""

    def add_document(self, name: str) -> None:
        """Add a bookmark for the document that begins with the next page.

        A heading would overlap the frames.
        """
        self._sources += 1
        self._source = name

    def add_picture(self, page: LaidOutPage, measures: PageMeasures, *, breaks: bool) -> None:
        self._pictures.add_page_image(self._anchor(breaks=breaks), page, measures.paper)

    def add(self, page: LaidOutPage, measures: PageMeasures, *, breaks: bool) -> None:
        settings = settings_of(page.blocks, measures, self._sizes, ())
        self._pictures.begin_page(page)
        loose: list[Paragraph | Formula | TableBlock | FieldGroup | ItemTable] = []
        for index, block in enumerate(page.blocks):
            match block:
                case Paragraph() if index in settings:
                    for line in block.lines:
                        frame = measures.bounds([line])
                        self._add_row(line.text, frame, settings[index].size, block)
                case TableBlock(table=Table(box=box)) if box:
                    self._add_table(block, page.result, measures)
                case Figure():
                    self._add_figure(block, measures.box(block.box))
                case _:
                    loose.append(block)
        self._anchor(breaks=breaks)
        for block in loose:
            self._add_loose(block)

    def _add_row(self, text: str, rect: Rect, size: float, part: Paragraph) -> None:
        paragraph = self._new_paragraph()
        properties = added(paragraph, "w:pPr")
        width, height = rect.width, max(rect.height, size)
        pitch = height
        if height > _TALL * width and len(text) > 1:
            # A vertical line: a frame as narrow as this breaks it after each character.
            pitch = height / len(text)
        else:
            width = width * _SPARE + size
        # In a wider font a text may need a second line, which an exact height would hide.
        _frame(properties, rect, width, height, rule="atLeast")
        added(properties, "w:spacing", before="0", after="0", line=twips(pitch), lineRule="exact")
        heading = part.kind == "heading"
        self._writer.write(paragraph, text, heading, size=size, heading=heading)

    def _add_table(self, block: TableBlock, upright: PageResult, measures: PageMeasures) -> None:
        assert block.table.box is not None  # tables without a place are loose
        rect = measures.box(block.table.box)
        printed = printed_table(block, upright, measures.scale)
        made = (
            printed.element(self._writer) if printed else table_element(block.table, self._writer)
        )
        position = element(
            "w:tblpPr",
            leftFromText="0",
            rightFromText="0",
            vertAnchor="page",
            horzAnchor="page",
            tblpX=twips(max(rect.left, 0.05)),
            tblpY=twips(max(rect.top, 0.05)),
        )
        properties = cast("BaseOxmlElement", made.find(qn("w:tblPr")))
        cast("BaseOxmlElement", properties.find(qn("w:tblStyle"))).addnext(position)
        if not printed:
            width = cast("BaseOxmlElement", properties.find(qn("w:tblW")))
            width.set(qn("w:w"), twips(rect.width))
            width.set(qn("w:type"), "dxa")
        self._body_end.addprevious(made)

    def _add_figure(self, figure: Figure, rect: Rect) -> None:
        paragraph = self._new_paragraph()
        _frame(added(paragraph, "w:pPr"), rect, rect.width * _SPARE, rect.height)
        self._pictures.add_figure(paragraph, figure, (rect.width, rect.height))

    def _add_loose(self, block: Paragraph | Formula | TableBlock | FieldGroup | ItemTable) -> None:
        """Add a block without a position to the text area."""
        match block:
            case Paragraph() | Formula():
                self._writer.write(self._new_paragraph(), block.text)
                return
            case TableBlock():
                made = table_element(block.table, self._writer)
            case FieldGroup():
                made = table_element(block.as_table(), self._writer, labels=True)
            case ItemTable():
                made = table_element(block.as_table(), self._writer, head_row=True)
        self._body_end.addprevious(made)
        self._new_paragraph()

    def _anchor(self, *, breaks: bool) -> CT_P:
        paragraph = self._new_paragraph()
        if breaks:
            added(paragraph.get_or_add_pPr(), "w:pageBreakBefore")
        if self._source:
            number = str(self._sources)
            # Word allows no other characters in names, and 40 at most.
            plain = re.sub(r"\W", "_", self._source)
            begin = added(paragraph, "w:bookmarkStart", id=number)
            begin.set(qn("w:name"), f"D{number}_{plain}"[:40])
            added(paragraph, "w:bookmarkEnd", id=number)
            self._source = ""
        return paragraph

    def _new_paragraph(self) -> CT_P:
        paragraph = cast("CT_P", OxmlElement("w:p"))
        self._body_end.addprevious(paragraph)
        return paragraph


def _frame(
    properties: BaseOxmlElement, rect: Rect, width: float, height: float, *, rule: str = "exact"
) -> None:
    """Make a paragraph a frame of this size at the corner of ``rect``."""
    added(
        properties,
        "w:framePr",
        w=twips(width),
        h=twips(height),
        hRule=rule,
        wrap="around",
        vAnchor="page",
        hAnchor="page",
        x=twips(max(rect.left, 0.05)),  # 0 means "where it would be without a frame"
        y=twips(max(rect.top, 0.05)),
    )
