"""Documents with known paragraphs, rendered by LibreOffice to page images.

Each has a header, page numbers, headings, lists and paragraphs, some of which continue on the
next page or column.
"""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from bench.quality.sentences import CHINESE, ENGLISH

DPI = 150


@dataclass(frozen=True, slots=True)
class Style:
    """The style of a document."""

    name: str
    language: str
    font: str
    size: float
    indented: bool
    """Paragraphs begin with an indent; otherwise they are separated by space."""
    justified: bool
    columns: int = 1
    numbered: bool = False
    """List items have numbers rather than bullets."""


STYLES = (
    Style("zh-indented", "zh", "Noto Serif CJK SC", 10.5, indented=True, justified=True),
    Style("zh-spaced", "zh", "Noto Sans CJK SC", 12, False, True, numbered=True),
    Style("zh-columns", "zh", "Noto Serif CJK SC", 9, True, True, columns=2),
    Style("en-indented", "en", "Nimbus Roman", 11, True, True),
    Style("en-ragged", "en", "Nimbus Sans", 10, False, False, numbered=True),
    Style("en-columns", "en", "Nimbus Roman", 10, True, True, columns=2),
)


@dataclass(frozen=True, slots=True)
class Typeset:
    """The page images of a document, and its text without headers and page numbers."""

    style: Style
    pages: tuple[Path, ...]
    paragraphs: tuple[str, ...]
    headings: tuple[str, ...]
    items: tuple[str, ...]


def typeset(style: Style, folder: Path) -> Typeset:
    """The document in this style, rendered unless ``folder`` has it already."""
    texts = _texts(style)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / f"{style.name}.pdf").exists():
        _print(style, texts, folder)
    pages = tuple(sorted(folder.glob(f"{style.name}-*.png")))
    return Typeset(
        style,
        pages,
        tuple(text for _, text in texts),
        tuple(text for kind, text in texts if kind.startswith("heading")),
        tuple(text for kind, text in texts if kind == "item"),
    )


def _texts(style: Style) -> list[tuple[str, str]]:
    chance = random.Random(style.name)
    pool = CHINESE if style.language == "zh" else ENGLISH
    title = "城市图书馆年度工作报告" if style.language == "zh" else "A Year in the City Library"
    texts = [("heading 1", title)]
    for chapter in range(1, 6):
        texts.append(("heading 2", _heading(style, chapter)))
        for _ in range(chance.randint(3, 5)):
            texts.append(("body", _passage(style, pool, chance, chance.randint(2, 6))))
        for number in range(1, 5):
            text = _passage(style, pool, chance, 1)
            texts.append(("item", _mark(style, number) + text))
        texts.append(("body", _passage(style, pool, chance, 3)))
    return texts


def _passage(style: Style, pool: tuple[str, ...], chance: random.Random, count: int) -> str:
    return ("" if style.language == "zh" else " ").join(chance.sample(pool, count))


def _heading(style: Style, chapter: int) -> str:
    if style.language == "zh":
        names = ("馆藏与采购", "读者服务", "数字化进展", "经费使用", "来年计划")
        return f"{'一二三四五'[chapter - 1]}、{names[chapter - 1]}"
    names = ("Books Bought", "Readers Served", "Scanning", "Money Spent", "Next Year")
    return f"{chapter}. {names[chapter - 1]}"


def _mark(style: Style, number: int) -> str:
    if not style.numbered:
        return "• "
    return f"（{'一二三四'[number - 1]}）" if style.language == "zh" else f"{number}) "


def _print(style: Style, texts: list[tuple[str, str]], folder: Path) -> None:
    word = Document()
    section = word.sections[0]
    section.page_width, section.page_height = Pt(595), Pt(842)
    section.left_margin = section.right_margin = Pt(72)
    columns = section._sectPr.find(qn("w:cols"))
    columns.set(qn("w:num"), str(style.columns))
    columns.set(qn("w:space"), "420")
    section.header.paragraphs[0].text = texts[0][1]
    _number_pages(section.footer.paragraphs[0])
    for kind, text in texts:
        paragraph = word.add_paragraph()
        run = paragraph.add_run(text)
        run.font.name, run.font.size = style.font, Pt(style.size)
        run._element.rPr.rFonts.set(qn("w:eastAsia"), style.font)
        form = paragraph.paragraph_format
        form.line_spacing, form.space_after = 1.25, Pt(0 if style.indented else 8)
        form.widow_control = False
        if kind.startswith("heading"):
            run.bold = True
            run.font.size = Pt(style.size * (1.8 if kind.endswith("1") else 1.3))
            form.space_before, form.space_after = Pt(12), Pt(6)
            form.keep_with_next = True
            if kind.endswith("1"):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            continue
        if style.justified:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        if kind == "item":
            form.left_indent, form.first_line_indent = Pt(style.size * 2), Pt(-style.size)
        elif style.indented:
            form.first_line_indent = Pt(style.size * 2)
    word.save(folder / f"{style.name}.docx")
    profile = f"-env:UserInstallation={(folder / 'profile').absolute().as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", f"{style.name}.docx"]
    subprocess.run(convert, cwd=folder, check=True, capture_output=True)
    draw = ["pdftoppm", "-png", "-r", str(DPI), f"{style.name}.pdf", style.name]
    subprocess.run(draw, cwd=folder, check=True, capture_output=True)


def _number_pages(paragraph) -> None:  # type: ignore[no-untyped-def]  # python-docx's own
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
