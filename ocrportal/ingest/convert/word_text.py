"""Finds passages of a Word file that its PDF does not show, such as the end of a full text box.

Called in an isolated process (see isolation.py).
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
from lxml import etree

from ocrportal.errors.ingest import DamagedFile
from ocrportal.ingest.convert.package import DAMAGE

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""A second form of a drawing, for older programs."""
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_MAX_BYTES = 64 * 2**20
_RUN = 6
"""Letters in a row that are searched for."""
_MIN_MISSING = 12
"""Missing letters in a row in a paragraph of which the rest is printed. Fewer differ where the
converter updates a field, such as a date."""
_LAM_ALEF = re.compile("[\u0622\u0623\u0625\u0627\u0644]{2,}")
"""Arabic letters that are printed as one sign, of which the letters of a PDF are in any order."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that is not printed on its page."""

    page: int
    """From 1: the page of the printed text before it."""
    text: str


def missing_passages(source: Path, pdf: Path) -> tuple[Passage, ...]:
    """The passages of a Word file that are not on the pages of ``pdf``. Raises DamagedFile."""
    pages = [_letters(text) for text in _printed(pdf)]
    printed = "".join(pages)
    known = {printed[i : i + _RUN] for i in range(len(printed) - _RUN + 1)}
    found: list[Passage] = []
    page = 1
    for paragraph in _paragraphs(source):
        letters = _letters(paragraph)
        missing = _missing(paragraph, letters, printed, known)
        if missing:
            found.append(Passage(page, missing))
        elif len(letters) >= 2 * _RUN:
            page = next((n for n, text in enumerate(pages, 1) if letters[:_RUN] in text), page)
    return tuple(found)


def _missing(paragraph: str, letters: str, printed: str, known: set[str]) -> str:
    """The part of a paragraph that is not printed; empty if all of it is."""
    if len(letters) < _RUN:
        return "" if letters in printed else paragraph
    shown = [False] * len(letters)
    for start in range(len(letters) - _RUN + 1):
        if letters[start : start + _RUN] in known:
            shown[start : start + _RUN] = [True] * _RUN
    if 2 * shown.count(False) > len(letters):
        return paragraph
    rows = [list(row) for seen, row in groupby(range(len(letters)), shown.__getitem__) if not seen]
    rows = [row for row in rows if len(row) >= _MIN_MISSING]
    if not rows:
        return ""
    places = [index for index, char in enumerate(paragraph) for _ in _letters(char)]
    start, end = places[rows[0][0]], places[rows[-1][-1]] + 1
    while start and paragraph[start - 1].isalnum() and paragraph[start].isascii():
        start -= 1
    return paragraph[start:end].strip()


def _letters(text: str) -> str:
    """Letters and digits in lower case, in the form in which they are compared."""
    words = unicodedata.normalize("NFKC", text).casefold().split()
    letters = ("".join(filter(str.isalnum, word)) for word in words)
    return "".join(_LAM_ALEF.sub(lambda found: "".join(sorted(found[0])), each) for each in letters)


def _printed(pdf: Path) -> Iterator[str]:
    with pdfium.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            yield text.get_text_bounded()
            text.close()
            page.close()


def _paragraphs(source: Path) -> Iterator[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        with zipfile.ZipFile(source) as archive:
            for name in _PARTS:
                if name not in archive.NameToInfo or archive.getinfo(name).file_size > _MAX_BYTES:
                    continue
                root = etree.fromstring(archive.read(name), parser)
                for paragraph in root.iter(f"{_WORD}p"):
                    text = "".join(_texts(paragraph)).strip()
                    if text and next(paragraph.iterancestors(_FALLBACK), None) is None:
                        yield text
    except (*DAMAGE, etree.XMLSyntaxError) as error:
        raise DamagedFile from error


def _texts(element: etree._Element) -> Iterator[str]:
    """The texts of a paragraph, without those of text boxes in it and hidden or moved ones."""
    for child in element:
        match child.tag:
            case tag if tag in (f"{_WORD}p", f"{_WORD}moveFrom", _FALLBACK):
                continue
            case tag if tag == f"{_WORD}r" and child.find(f"{_WORD}rPr/{_WORD}vanish") is not None:
                continue
            case tag if tag == f"{_WORD}t":
                yield child.text or ""
            case tag if tag in (f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr"):
                yield " "
            case _:
                yield from _texts(child)
