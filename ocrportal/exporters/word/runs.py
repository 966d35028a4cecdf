"""Runs and properties of paragraphs in Word, written as XML in the order Word demands."""

from __future__ import annotations

from typing import cast

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement

from ocrportal.exporters.language import LanguageCount
from ocrportal.exporters.markup import legal_in_xml
from ocrportal.text import is_han_like

LATIN_FONT = "Times New Roman"
CHINESE_FONT = "宋体"
CHINESE_HEADING_FONT = "黑体"
TWIPS = 20
"""In a point; Word's usual unit of length."""


class TextWriter:
    """Puts text into paragraphs, and counts its languages as it passes."""

    def __init__(self) -> None:
        self.language = LanguageCount()

    def write(
        self,
        paragraph: CT_P,
        text: str,
        bold: bool = False,
        *,
        size: float = 0.0,
        heading: bool = False,
    ) -> None:
        """Add a run; ``size`` in points, 0 leaves that of the style."""
        text = legal_in_xml(text)
        if not text:
            return
        self.language.add(text)
        run = paragraph.add_r()
        properties = run.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        chinese = CHINESE_HEADING_FONT if heading else CHINESE_FONT
        for name, font in (("ascii", LATIN_FONT), ("hAnsi", LATIN_FONT), ("eastAsia", chinese)):
            fonts.set(qn(f"w:{name}"), font)
        if any(is_han_like(char) for char in text):
            # Quotation marks and dashes belong to both scripts; this makes them Chinese.
            fonts.set(qn("w:hint"), "eastAsia")
        if bold:
            properties.append(element("w:b"))
        if size:
            properties.append(element("w:sz", val=str(round(2 * size))))
        run.text = text

    def write_page_number(self, paragraph: CT_P, shown: str, size: float) -> None:
        """Add a field that counts the pages, and shows ``shown`` until it is counted."""
        field = added(paragraph, "w:fldSimple", instr="PAGE")
        inner = cast("CT_P", OxmlElement("w:p"))
        self.write(inner, shown, size=size)
        field.extend(list(inner))


def element(name: str, **attributes: str) -> BaseOxmlElement:
    """An element with attributes of Word's own."""
    made = cast("BaseOxmlElement", OxmlElement(name))
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def added(parent: BaseOxmlElement, name: str, **attributes: str) -> BaseOxmlElement:
    """A new last child."""
    child = element(name, **attributes)
    parent.append(child)
    return child


def twips(points: float) -> str:
    return str(round(points * TWIPS))
