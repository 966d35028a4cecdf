"""Word documents (.docx): flowing text with fields and tables, or a fixed layout."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from typing import IO, BinaryIO

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle

from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions
from ocrportal.exporters.word.flowing_pages import FlowingPages
from ocrportal.exporters.word.frames import FramedPages
from ocrportal.exporters.word.measures import PageMeasures
from ocrportal.exporters.word.runs import (
    CHINESE_FONT,
    CHINESE_HEADING_FONT,
    LATIN_FONT,
    TextWriter,
    element,
)
from ocrportal.exporters.word.sections import Sections
from ocrportal.layout.document import LaidOutDocument
from ocrportal.markup import legal_in_xml

_BODY_SIZE = Pt(10.5)
"""Size five (五号), the default for body text in China."""
_SPOOLED_BYTES = 8 * 1024 * 1024
"""More data of pictures is kept on disk instead of in memory."""
_WORD_2013 = "15"
"""Version of the layout rules. With the older version of the template, Word shows “compatibility
mode” in the window title."""
_STYLES = ("Normal", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Paragraph")


def write_word(
    document: LaidOutDocument, out: BinaryIO, options: ExportOptions = DEFAULT_OPTIONS
) -> None:
    """Write a document as .docx; its text is built in memory, its pictures in a temporary file.

    Raises ExportError if the image of a page is needed and cannot be read.
    """
    with tempfile.SpooledTemporaryFile(_SPOOLED_BYTES) as data:
        word = Document()
        _write_pages(word, data, document, options)
        word.save(out)


def _write_pages(
    word: WordDocument, data: IO[bytes], document: LaidOutDocument, options: ExportOptions
) -> None:
    writer = TextWriter()
    is_fixed = options.layout == "fixed"
    sections = Sections(word, writer, headers_footers=options.headers_footers and not is_fixed)
    pages = (
        FramedPages(word, writer, data)
        if is_fixed
        else FlowingPages(word, writer, data, sections, keep_lines=options.lines == "printed")
    )
    is_first = True
    for page in document.flowing_pages(
        headers_footers=options.headers_footers, join=options.joins_paragraphs and not is_fixed
    ):
        measures = PageMeasures(page, flows=not is_fixed)
        begins_section = sections.begin_page(page, measures)
        runs_on = page.starts_mid_paragraph or page.starts_mid_table
        breaks = not (is_first or begins_section or runs_on)
        if page.starts_document:
            pages.add_document(page.document_title)  # a document begins a section
        if options.picture:
            pages.add_picture(page, measures, breaks=breaks)
            breaks = True
        pages.add(page, measures, breaks=breaks)
        is_first = False
    sections.end()
    _set_styles(word)
    _set_properties(word, document.title, writer.language.tag)


def _set_styles(word: WordDocument) -> None:
    for name in _STYLES:
        style = word.styles[name]
        assert isinstance(style, ParagraphStyle)
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        fonts.attrib.clear()  # those of the template refer to its theme
        heading = name.startswith("Heading")
        style.font.name = LATIN_FONT
        fonts.set(qn("w:eastAsia"), CHINESE_HEADING_FONT if heading else CHINESE_FONT)
        style.font.color.rgb = RGBColor(0, 0, 0)
    # In the template it is bold, whatever the type of the caption.
    word.styles["Caption"].element.get_or_add_rPr().remove_all("w:b", "w:bCs")
    normal = word.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    normal.font.size = _BODY_SIZE
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    # A page is as full as it is printed: its last lines would be on the next one with their pair.
    normal.paragraph_format.widow_control = False
    # ``val`` is the language of Latin letters: as Chinese, words would be broken anywhere.
    normal.element.get_or_add_rPr().append(element("w:lang", val="en-US", eastAsia="zh-CN"))
    settings = word.settings.element
    for found in settings.iter(qn("w:themeFontLang")):
        found.set(qn("w:eastAsia"), "zh-CN")
    for found in settings.iter(qn("w:compatSetting")):
        if found.get(qn("w:name")) == "compatibilityMode":
            found.set(qn("w:val"), _WORD_2013)


def _set_properties(word: WordDocument, title: str, language: str) -> None:
    """Set the metadata of the file, and remove that of the template."""
    properties = word.core_properties
    properties.title = legal_in_xml(title)[:255]
    properties.language = language
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)
    relations = word.part.package.rels
    for key in [k for k, r in relations.items() if r.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        relations.pop(key)
