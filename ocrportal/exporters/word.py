"""Word documents: fields, paragraphs and tables, one page for each source page."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import BinaryIO, cast

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.section import CT_SectPr
from docx.oxml.text.paragraph import CT_P
from docx.section import Section
from docx.shared import Pt
from docx.text.paragraph import Paragraph as WordParagraph

from ocrportal.catalogue.spec import services
from ocrportal.exporters.contents import Part, contents_of
from ocrportal.exporters.document import ExportDocument, ExportPage
from ocrportal.exporters.field_groups import FieldGroup, ItemTable
from ocrportal.exporters.language import LanguageCount
from ocrportal.exporters.layout import Paragraph
from ocrportal.exporters.paper import paper_size
from ocrportal.exporters.spacing import is_han_like
from ocrportal.exporters.word_tables import table_element, table_of_group, table_of_items
from ocrportal.results import Table

_LATIN_FONT = "Times New Roman"
_CHINESE_FONT = "宋体"
_BODY_SIZE = Pt(10.5)
"""Known in China as size five, the usual one for running text."""
_WORD_2013 = "15"
"""The version whose layout rules count; with the template's older one Word says
"compatibility mode" in the window title."""
_LARGEST_SIDE = 1584.0
"""Word knows no page beyond 22 inches (in points)."""
_A4_SHORT, _A4_LONG = 595.0, 842.0
_SAME_SIZE = 0.03
"""Pages that differ by less than this share are meant to be the same size."""
_ILLEGAL_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_word(document: ExportDocument, out: BinaryIO, options=None) -> None:
    """Write a document as .docx. Only its text is held in memory, not its pictures."""
    word = Document()
    body_end = word.element.body.sectPr
    section = word.sections[0]
    language = LanguageCount()
    size: tuple[float, float] | None = None
    for page in document.iter_pages():
        page_size = _word_size(*_paper_size(page))
        breaks = size is not None
        if size is None:
            _set_size(section, page_size)
        elif not _same_size(size, page_size):
            # Ends a section with the last paragraph; Document.add_section would add an
            # empty one. ``section`` goes on to mean the last section of the document.
            cast("CT_P", body_end.getprevious()).set_sectPr(body_end.clone())
            _set_size(section, page_size)
            breaks = False
        size = page_size
        writer = _PageWriter(word, body_end, language, breaks=breaks)
        for part in contents_of(page.result, services().get(page.service)):
            writer.write(part)
        writer.end()
    _set_styles(word, language.tag)
    _set_properties(word, document.title, language.tag)
    word.save(out)


class _PageWriter:
    """Writes the parts of one page before the end of the body."""

    def __init__(
        self, word: WordDocument, body_end: CT_SectPr, language: LanguageCount, *, breaks: bool
    ) -> None:
        self._word, self._body_end, self._language = word, body_end, language
        self._breaks = breaks
        self._wants_paragraph = True
        """Whether the page must not end here: a page ends with a paragraph."""
        self._after_table = False

    def write(self, part: Part) -> None:
        match part:
            case Paragraph():
                self._add_paragraph(part.text)
            case Table():
                self._add_table(part)
            case FieldGroup():
                self._add_title(part.title)
                self._add_table(table_of_group(part), labels=True)
            case ItemTable():
                self._add_title(part.title)
                self._add_table(table_of_items(part), head_row=True)

    def end(self) -> None:
        """An empty page stays a page, so that page numbers still match the source."""
        if self._wants_paragraph:
            self._add_paragraph("")

    def _add_title(self, title: str) -> None:
        if title:
            paragraph = self._add_paragraph(title, bold=True)
            paragraph.paragraph_format.keep_with_next = True

    def _add_paragraph(self, text: str, *, bold: bool = False) -> WordParagraph:
        element = cast("CT_P", OxmlElement("w:p"))
        # Document.add_paragraph searches the whole body each time for its end.
        self._body_end.addprevious(element)
        self._write_text(element, text, bold)
        paragraph = WordParagraph(element, self._word)
        if self._breaks:
            paragraph.paragraph_format.page_break_before = True
        self._breaks = self._wants_paragraph = self._after_table = False
        return paragraph

    def _add_table(self, table: Table, *, head_row: bool = False, labels: bool = False) -> None:
        # Only paragraphs break pages; and tables that follow each other become one.
        if self._breaks or self._after_table:
            self._add_paragraph("")
        self._body_end.addprevious(
            table_element(table, self._write_text, head_row=head_row, labels=labels)
        )
        self._wants_paragraph = self._after_table = True

    def _write_text(self, element: CT_P, text: str, bold: bool) -> None:
        text = _ILLEGAL_IN_XML.sub("", text)
        if not text:
            return
        self._language.add(text)
        run = WordParagraph(element, self._word).add_run(text)
        if bold:
            run.bold = True
        if any(is_han_like(char) for char in text):
            # Quotation marks and dashes belong to both scripts; this makes them Chinese.
            run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


def _paper_size(page: ExportPage) -> tuple[float, float]:
    """That of the source, but for fields alone at least A4: a card has no room for a table
    of what stands on it."""
    width, height = paper_size(page.result, page.dpi)
    if not page.result.fields or page.result.lines:
        return width, height
    lies = width > height
    a4 = (_A4_LONG, _A4_SHORT) if lies else (_A4_SHORT, _A4_LONG)
    return (width, height) if width >= a4[0] and height >= a4[1] else a4


def _word_size(width: float, height: float) -> tuple[float, float]:
    shrink = min(1.0, _LARGEST_SIDE / max(width, height))
    return width * shrink, height * shrink


def _same_size(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(abs(a - b) <= _SAME_SIZE * a for a, b in zip(one, other, strict=True))


def _set_size(section: Section, size: tuple[float, float]) -> None:
    width, height = size
    section.page_width, section.page_height = Pt(width), Pt(height)
    section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
    margin = Pt(min(72.0, 0.1 * min(size)))
    section.left_margin = section.right_margin = margin
    section.top_margin = section.bottom_margin = margin


def _set_styles(word: WordDocument, language: str) -> None:
    style = word.styles["Normal"]
    style.font.name, style.font.size = _LATIN_FONT, _BODY_SIZE
    style.paragraph_format.space_after = Pt(2)
    style.paragraph_format.line_spacing = 1.0
    properties = style.element.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), _CHINESE_FONT)
    tag = OxmlElement("w:lang")
    tag.set(qn("w:val"), language)
    tag.set(qn("w:eastAsia"), "zh-CN")
    properties.append(tag)
    settings = word.settings.element
    for found in settings.iter(qn("w:themeFontLang")):
        found.set(qn("w:eastAsia"), "zh-CN")
    for found in settings.iter(qn("w:compatSetting")):
        if found.get(qn("w:name")) == "compatibilityMode":
            found.set(qn("w:val"), _WORD_2013)


def _set_properties(word: WordDocument, title: str, language: str) -> None:
    """What the file says about itself, without traces of the template."""
    properties = word.core_properties
    properties.title = _ILLEGAL_IN_XML.sub("", title)[:255]
    properties.language = language
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)
    relations = word.part.package.rels
    for key in [k for k, r in relations.items() if r.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        relations.pop(key)
