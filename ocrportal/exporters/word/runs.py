"""Runs of text in Word, written as XML elements in the order of the schema."""

from __future__ import annotations

from functools import cache
from typing import cast

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.oxml.text.run import CT_R
from docx.oxml.xmlchemy import BaseOxmlElement

from ocrportal.exporters.markup import legal_in_xml
from ocrportal.text import LanguageCount, is_han_like

LATIN_FONT = "Times New Roman"
CHINESE_FONT = "宋体"
CHINESE_HEADING_FONT = "黑体"
TWIPS = 20
"""Twips per point; most lengths in Word are in twips."""
_BREAKS = frozenset("\t\n\r")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class TextWriter:
    """Writes text to paragraphs, and counts its languages."""

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
        """Add a run; ``size`` is in points, and 0 for the size of the style."""
        text = legal_in_xml(text)
        if not text:
            return
        self.language.add(text)
        run = element("w:r")
        properties = added(run, "w:rPr")
        # Both scripts use quotation marks and dashes; the hint selects the Chinese font for them.
        is_chinese = any(is_han_like(char) for char in text)
        properties.append(_fonts(heading=heading, is_chinese=is_chinese))
        if bold:
            added(properties, "w:b")
        if size:
            added(properties, "w:sz", val=str(round(2 * size)))
        if _BREAKS.isdisjoint(text):
            _add_text(run, text)
        else:
            cast("CT_R", run).text = text  # tabs and line breaks become elements
        paragraph.append(run)

    def write_page_number(self, paragraph: CT_P, shown: str, size: float) -> None:
        """Add a page number field, which shows ``shown`` until Word updates it."""
        field = added(paragraph, "w:fldSimple", instr="PAGE")
        inner = cast("CT_P", OxmlElement("w:p"))
        self.write(inner, shown, size=size)
        field.extend(list(inner))


def _fonts(*, heading: bool, is_chinese: bool) -> BaseOxmlElement:
    chinese = CHINESE_HEADING_FONT if heading else CHINESE_FONT
    hint = {"hint": "eastAsia"} if is_chinese else {}
    return element("w:rFonts", ascii=LATIN_FONT, hAnsi=LATIN_FONT, eastAsia=chinese, **hint)


def _add_text(run: BaseOxmlElement, text: str) -> None:
    made = added(run, "w:t")
    made.text = text
    if text != text.strip():
        made.set(_SPACE, "preserve")


def element(name: str, **attributes: str) -> BaseOxmlElement:
    """An element with attributes of the ``w`` namespace."""
    made = cast("BaseOxmlElement", OxmlElement(name))
    for key, value in attributes.items():
        made.set(_qualified(key), value)
    return made


@cache
def _qualified(key: str) -> str:
    return qn(f"w:{key}")


def added(parent: BaseOxmlElement, name: str, **attributes: str) -> BaseOxmlElement:
    """A new element appended to ``parent``."""
    child = element(name, **attributes)
    parent.append(child)
    return child


def twips(points: float) -> str:
    return str(round(points * TWIPS))
