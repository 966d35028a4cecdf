"""Runs of text in Word, written as XML elements in the order of the schema."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import cast

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.oxml.text.run import CT_R
from docx.oxml.xmlchemy import BaseOxmlElement

from ocrportal.layout.blocks import TextRun
from ocrportal.markup import legal_in_xml
from ocrportal.results import FontKind
from ocrportal.text import LanguageCount, is_han_like

LATIN_FONT = "Times New Roman"
CHINESE_FONT = "宋体"
CHINESE_HEADING_FONT = "黑体"
_FONTS: dict[FontKind, tuple[str, str]] = {
    "": (LATIN_FONT, CHINESE_FONT),
    "serif": (LATIN_FONT, CHINESE_FONT),
    "sans": ("Arial", CHINESE_HEADING_FONT),
    "mono": ("Courier New", CHINESE_FONT),
    "kai": (LATIN_FONT, "楷体"),
    "fangsong": (LATIN_FONT, "仿宋"),
}
"""The Latin and the Chinese font for each kind, which every Office has."""
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
        spacing: float = 0.0,
    ) -> None:
        """Add a run; ``size`` is in points, and 0 for the size of the style.

        ``spacing`` is added to the distance of its characters, in points.
        """
        chinese = CHINESE_HEADING_FONT if heading else CHINESE_FONT
        formats = [element("w:b")] if bold else []
        self._write(paragraph, text, (LATIN_FONT, chinese), formats, size, spacing)

    def write_typed(
        self,
        paragraph: CT_P,
        run: TextRun,
        *,
        size: float = 0.0,
        heading: bool = False,
        spacing: float = 0.0,
    ) -> None:
        """Add a run in the type in which its text is printed; arguments as for :meth:`write`.

        The styles of headings are bold.
        """
        kind = run.type
        latin, chinese = _FONTS[kind.font]
        if heading and not kind.font:
            chinese = CHINESE_HEADING_FONT
        formats = []
        if kind.bold:
            formats.append(element("w:b"))
        elif heading:
            formats.append(element("w:b", val="0"))
        if kind.italic:
            formats.append(element("w:i"))
        if kind.colour:
            formats.append(element("w:color", val=kind.colour.removeprefix("#").upper()))
        underline = element("w:u", val="single") if kind.underline else None
        self._write(paragraph, run.text, (latin, chinese), formats, size, spacing, underline)

    def _write(
        self,
        paragraph: CT_P,
        text: str,
        fonts: tuple[str, str],
        formats: Iterable[BaseOxmlElement],
        size: float,
        spacing: float,
        underline: BaseOxmlElement | None = None,
    ) -> None:
        text = legal_in_xml(text)
        if not text:
            return
        self.language.add(text)
        run = element("w:r")
        properties = added(run, "w:rPr")
        # Both scripts use quotation marks and dashes; the hint selects the Chinese font for them.
        hint = {"hint": "eastAsia"} if any(is_han_like(char) for char in text) else {}
        latin, chinese = fonts
        added(properties, "w:rFonts", ascii=latin, hAnsi=latin, eastAsia=chinese, **hint)
        for found in formats:
            properties.append(found)
        if round(TWIPS * spacing):
            added(properties, "w:spacing", val=twips(spacing))
        if size:
            added(properties, "w:sz", val=str(round(2 * size)))
        if underline is not None:  # the schema has it after the size
            properties.append(underline)
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
