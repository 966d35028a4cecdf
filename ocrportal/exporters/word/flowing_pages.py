"""Pages as flowing, editable text in Word: headings, lists, paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, cast

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement

from ocrportal.exporters.word.footnotes import Reference, WordFootnotes, references_of
from ocrportal.exporters.word.lists import WordLists
from ocrportal.exporters.word.measures import (
    FigurePlace,
    PageMeasures,
    Setting,
    TypeSizes,
    figure_place,
    settings_of,
    text_bounds,
)
from ocrportal.exporters.word.pictures import WordPictures
from ocrportal.exporters.word.runs import TextWriter, added, element, twips
from ocrportal.exporters.word.tables import table_element
from ocrportal.layout.blocks import (
    Block,
    FieldGroup,
    Figure,
    Formula,
    ItemTable,
    Paragraph,
    TableBlock,
)
from ocrportal.layout.list_markers import ListMarker, list_marker
from ocrportal.layout.page import LaidOutPage
from ocrportal.layout.type_runs import Typed, length_of, part_of, text_runs
from ocrportal.results import PageResult, Table
from ocrportal.text import is_han_like

_JUSTIFICATIONS = {"left": "left", "centre": "center", "right": "right", "justified": "both"}
_FOOTNOTE = 0.85
"""Type size of a footnote divided by that of the text with its reference mark."""
_MAX_INDENT = 8.0
"""Wider indents, in ems, are dropped: an image or a frame is beside the text."""
_TWO_CHARACTER_INDENT = (1.5, 2.5)
"""A first-line indent between these, in ems, is the Chinese indent of two characters."""
_SAME_SIZE = 0.12
_MIN_SIZE = 4.0
"""The size of the smallest type in points, such as that of an exponent."""


class FlowingPages:
    """Writes pages one by one to the end of the body."""

    def __init__(
        self, word: WordDocument, writer: TextWriter, data: IO[bytes], *, keep_lines: bool
    ) -> None:
        """``data`` is the temporary file of the pictures."""
        self._pictures = WordPictures(word, data)
        self._writer, self._lists = writer, WordLists(word)
        self._footnotes = WordFootnotes(word, writer)
        self._page: tuple[Block, ...] = ()
        """The blocks of the page that is being written."""
        self._references: list[Reference] = []
        """The references to footnotes in the block that is being written."""
        self._body_end = word.element.body.sectPr
        self._keep_lines = keep_lines
        self._sizes = TypeSizes()
        self._breaks = False
        self._wants_paragraph = True
        """Whether the page still needs a paragraph, since every page ends with one."""
        self._after_table = False
        self._text_width = 0.0
        """The width of the text of the page, in points."""
        self._upright: PageResult

    def add_document(self, name: str) -> None:
        """Add the title of the document that begins with the next page as a heading."""
        paragraph = self._new_paragraph(style="Heading1", keeps_with_next=True)
        self._writer.write(paragraph, name, True, heading=True)

    def add_picture(self, page: LaidOutPage, measures: PageMeasures, *, breaks: bool) -> None:
        self._breaks = breaks
        self._pictures.add_page_image(self._new_paragraph(), page, measures.size)

    def add(self, page: LaidOutPage, measures: PageMeasures, *, breaks: bool) -> None:
        """Add a page; an empty page is kept, so that page numbers match the source."""
        self._breaks = breaks
        self._wants_paragraph, self._after_table = not page.starts_mid_paragraph, False
        settings = settings_of(page.blocks, measures, self._sizes)
        self._add_title(page.source.time_code)
        self._pictures.begin_page(page)
        self._upright = page.result
        text = text_bounds(page.blocks, measures)
        self._text_width = text.width if text else measures.size[0]
        references = {} if self._keep_lines else references_of(page.blocks)
        self._page = page.blocks
        placed = {reference.note for some in references.values() for reference in some}
        for index, block in enumerate(page.blocks):
            if index in placed:
                continue
            self._references = references.get(index, [])
            if isinstance(block, Figure):
                place = figure_place(measures.box(block.box), text, measures)
                self._add_figure(block, place, settings[index].gap)
            else:
                self._add_block(block, settings.get(index))
        if self._wants_paragraph:
            self._new_paragraph()

    def _add_figure(self, figure: Figure, place: FigurePlace, gap: float) -> None:
        """Add a picture in a paragraph of its own, on the page of the text that follows it."""
        paragraph = self._new_paragraph(keeps_with_next=True)
        properties = paragraph.get_or_add_pPr()
        added(properties, "w:spacing", before=twips(gap), after="0")
        added(properties, "w:jc", val=place.alignment)
        self._pictures.add_figure(paragraph, figure, place.size)

    def _add_block(
        self,
        block: Paragraph | Formula | TableBlock | FieldGroup | ItemTable,
        setting: Setting | None,
    ) -> None:
        match block:
            case Paragraph():
                if not block.is_header_or_footer:  # the section has them
                    self._add_text(block, setting)
            case Formula():
                self._add_text(Paragraph((), block.text), None)
            case TableBlock():
                self._add_table(block.table)
            case FieldGroup():
                self._add_title(block.title)
                self._add_table(block.as_table(), labels=True)
            case ItemTable():
                self._add_title(block.title)
                self._add_table(block.as_table(), head_row=True)

    def _add_text(self, part: Paragraph, setting: Setting | None) -> None:
        marker = list_marker(part.text) if part.kind == "list_item" else None
        paragraph = self._new_paragraph(part, setting, marker)
        size = setting.size if setting else 0.0
        rows = list(self._rows(part))
        if marker:
            rows[0] = part_of(rows[0], marker.length)
        for number, row in enumerate(rows):
            if number:
                added(added(paragraph, "w:r"), "w:br")
            self._write_row(paragraph, part, row, size)

    def _rows(self, part: Paragraph) -> Iterator[Typed]:
        """The text of a paragraph, or of each printed line if lines are kept."""
        if not (self._keep_lines and len(part.lines) > 1):
            yield part.runs or part.text
            return
        for line in part.lines:
            yield text_runs(self._upright, (line,), line.text) or line.text

    def _write_row(self, paragraph: CT_P, part: Paragraph, row: Typed, size: float) -> None:
        """Write a text, which ends with its paragraph if there are footnotes to write with it."""
        offset = len(part.text) - length_of(row)
        start = 0
        for reference in self._references:
            end = reference.start - offset
            self._write(paragraph, part, part_of(row, start, end), size)
            start = reference.end - offset
            note = self._page[reference.note]
            assert isinstance(note, Paragraph)  # references_of only finds paragraphs
            mark = part.text[reference.start : reference.end]
            self._footnotes.add(paragraph, mark, note.text, size=_FOOTNOTE * size)
        self._write(paragraph, part, part_of(row, start), size)

    def _write(self, paragraph: CT_P, part: Paragraph, text: Typed, size: float) -> None:
        heading = part.kind == "heading"
        if isinstance(text, str):
            self._writer.write(paragraph, text, heading, size=size, heading=heading)
            return
        for run in text:
            share = run.type.size / part.style.size if part.style.size else 0.0
            # Sizes within a paragraph that hardly differ are those of fonts, not of meaning.
            is_other = share and abs(share - 1) > _SAME_SIZE
            own = max(round(2 * size * share) / 2, _MIN_SIZE) if is_other else size
            self._writer.write_typed(paragraph, run, size=own, heading=heading)

    def _add_title(self, title: str) -> None:
        if title:
            paragraph = self._new_paragraph(keeps_with_next=True)
            self._writer.write(paragraph, title, True)

    def _new_paragraph(
        self,
        part: Paragraph | None = None,
        setting: Setting | None = None,
        marker: ListMarker | None = None,
        *,
        style: str = "",
        keeps_with_next: bool = False,
    ) -> CT_P:
        paragraph = cast("CT_P", OxmlElement("w:p"))
        # Document.add_paragraph would search the whole body for its end.
        self._body_end.addprevious(paragraph)
        properties = element("w:pPr")
        style = style or _style(part)
        if style:
            added(properties, "w:pStyle", val=style)
        if keeps_with_next:
            added(properties, "w:keepNext")
        if self._breaks:
            added(properties, "w:pageBreakBefore")
        if part and setting:
            self._set(properties, part, setting, marker)
        if len(properties):
            paragraph.insert(0, properties)
        self._breaks = self._wants_paragraph = self._after_table = False
        return paragraph

    def _set(
        self,
        properties: BaseOxmlElement,
        part: Paragraph,
        setting: Setting,
        marker: ListMarker | None,
    ) -> None:
        style = part.style
        # Text beside an image has a wide indent, which has no meaning without the image.
        rest = style.left_indent if style.left_indent < _MAX_INDENT else 0.0
        first = rest + style.first_line_indent
        if marker:
            width = _width_of(marker)
            if len(part.lines) == 1:
                rest = first + width
            hangs = rest > first
            rest = max(rest, first + width) if hangs else rest
            properties.append(self._lists.number_properties(marker, hangs=hangs))
        if part.kind == "contents_entry":
            stops = added(properties, "w:tabs")
            added(stops, "w:tab", val="right", leader="dot", pos=twips(self._text_width))
        is_text = part.kind in ("body", "list_item")
        added(
            properties,
            "w:spacing",
            before=twips(setting.gap),
            after="0",
            line=twips(setting.pitch),
            lineRule="exact" if is_text else "atLeast",
        )
        _indent(properties, first - rest, rest, setting.size)
        justification = _JUSTIFICATIONS["justified" if setting.justified else style.alignment]
        added(properties, "w:jc", val=justification)

    def _add_table(self, table: Table, *, head_row: bool = False, labels: bool = False) -> None:
        # Only a paragraph can break the page, and adjacent tables would be joined.
        if self._breaks or self._after_table:
            self._new_paragraph()
        self._body_end.addprevious(
            table_element(table, self._writer.write, head_row=head_row, labels=labels)
        )
        self._wants_paragraph = self._after_table = True


def _style(part: Paragraph | None) -> str:
    if part is None:
        return ""
    if part.kind == "heading":
        return f"Heading{part.level}"
    return {"list_item": "ListParagraph", "caption": "Caption"}.get(part.kind, "")


def _width_of(marker: ListMarker) -> float:
    """The width of a marker with the space after it, in ems."""
    if marker.style in ("bullet", "circled"):
        return 1.5
    wide = sum(1.0 if is_han_like(char) else 0.5 for char in marker.before + marker.after)
    return wide + (1.0 if marker.style == "chinese" else 0.6) * len(str(marker.number)) + 0.5


def _indent(properties: BaseOxmlElement, first: float, rest: float, size: float) -> None:
    """Add the indents in ems; ``first`` is relative to ``rest``."""
    lengths = {"left": twips(rest * size)}
    if first < 0:
        lengths["hanging"] = twips(-first * size)
    elif first > 0:
        minimum, maximum = _TWO_CHARACTER_INDENT
        if minimum < first < maximum:
            lengths["firstLineChars"] = "200"
            first = 2.0
        lengths["firstLine"] = twips(first * size)
    else:
        lengths["firstLine"] = "0"
    added(properties, "w:ind", **lengths)
