"""The text of a PDF and the positions of its words, as three independent readers see them."""

from __future__ import annotations

import html
import io
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from pdfminer.converter import TextConverter
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

_WORD = re.compile(
    r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</(?:word|line)>',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A word or line and its edges, as shares of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Placed) -> float:
        """Intersection over union."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        if width <= 0 or height <= 0:
            return 0.0
        return width * height / (self.area + other.area - width * height)

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)


def in_pdfium(path: Path) -> str:
    """Text as Chrome and Edge copy it."""
    with pypdfium2.PdfDocument(path) as pdf:
        text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    # PDFium shows a hyphen at the end of a line, and the break behind it, as one character.
    return text.replace("\ufffe", "-\n").replace("\x02", "-\n")


def in_poppler(path: Path) -> str:
    """Text as Evince and Okular copy it, in the order of the file."""
    command = ["pdftotext", "-nopgbrk", "-raw", str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def in_pdfminer(path: Path) -> str:
    """Text as pdfminer gives it, in the order of the file; without line breaks."""
    out = io.StringIO()
    manager = PDFResourceManager()
    device = TextConverter(manager, out, laparams=None)  # else by position, column or not
    interpreter = PDFPageInterpreter(manager, device)
    with path.open("rb") as file:
        for page in PDFPage.get_pages(file):
            interpreter.process_page(page)
    return out.getvalue()


READERS = {"PDFium": in_pdfium, "poppler": in_poppler, "pdfminer": in_pdfminer}


def words(path: Path, page: int = 1) -> list[Placed]:
    """The words of a page by poppler."""
    return _placed(path, page, "-bbox")


def lines(path: Path, page: int = 1) -> list[Placed]:
    """The lines of a page by poppler."""
    return _placed(path, page, "-bbox-layout")


def _placed(path: Path, page: int, kind: str) -> list[Placed]:
    command = ["pdftotext", "-f", str(page), "-l", str(page), kind, str(path), "-"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', output)
    assert size is not None
    width, height = float(size[1]), float(size[2])
    if kind == "-bbox-layout":
        output = re.sub(r"<word [^>]*>([^<]*)</word>\s*", r"\1 ", output)
        output = "".join(re.findall(r"<line .*?</line>", output, re.DOTALL))
    return [
        Placed(
            html.unescape(found[5]).strip(),
            float(found[1]) / width,
            float(found[2]) / height,
            float(found[3]) / width,
            float(found[4]) / height,
        )
        for found in _WORD.finditer(output)
    ]
