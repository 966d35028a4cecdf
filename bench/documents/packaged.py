"""Pages of real documents whose order is known: PDF files in Debian's packages, made by TeX.

TeX writes the text of a page in reading order: the header, each column with its paragraphs, and
the footer. The order of the characters in the file is therefore the truth. Blocks in smaller type
(captions, footnotes, notes in the margin) may be read at any place between two other blocks.

The packages are downloaded by apt, unpacked below ``build/`` and not installed. The documents are
split into a part for tuning and one for the test, as the generated ones are (``split.py``).
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTComponent, LTContainer, LTPage
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

from bench.documents.printing import DPI
from bench.documents.split import Part
from bench.documents.truth import TrueBlock, TrueLine, TruePage
from ocrportal.geometry import Rect

FOLDER = Path("build/packages")
_UNKNOWN = re.compile(r"\(cid:\d+\)")
"""What pdfminer returns for a character that the font does not map to Unicode."""
_TEX = "usr/share/doc/texlive-doc"
_SMALL = 0.93
"""Type size of captions and footnotes divided by that of the running text, at most."""
_MARGIN = 0.1
"""Share of the height of a page in which a block at its top or bottom is a header or footer."""
_SAME_BLOCK = 1.9
"""Distance of two baselines within a block in type sizes, at most."""


@dataclass(frozen=True, slots=True)
class PackagedDocument:
    """Some pages of a file in a package."""

    group: str
    part: Part
    package: str
    path: str
    pages: tuple[int, ...]
    """Counted from 1."""

    @property
    def file(self) -> Path:
        return FOLDER / self.package / self.path

    @property
    def name(self) -> str:
        return Path(self.path).stem


DOCUMENTS = (
    PackagedDocument("two columns, en", "tuning", "texlive-publishers-doc",
                     f"{_TEX}/latex/confproc/example/papers/p_001.pdf", (2, 3)),
    PackagedDocument("two columns, en", "tuning", "texlive-publishers-doc",
                     f"{_TEX}/latex/ieeepes/ieeepes_doc.pdf", (2, 3)),
    PackagedDocument("two columns, en", "tuning", "texlive-publishers-doc",
                     f"{_TEX}/latex/acmart/samples/sample-sigconf.pdf", (1, 2)),
    PackagedDocument("two columns, en", "test", "texlive-publishers-doc",
                     f"{_TEX}/latex/afparticle/afpsample.pdf", (2, 3)),
    PackagedDocument("two columns, en", "test", "texlive-publishers-doc",
                     f"{_TEX}/latex/acmart/samples/sample-acmtog.pdf", (1, 2)),
    PackagedDocument("two columns, en", "test", "texlive-publishers-doc",
                     f"{_TEX}/latex/elsarticle/elstest-5p.pdf", (1, 3)),
    PackagedDocument("one column, en", "tuning", "developers-reference",
                     "usr/share/developers-reference/developers-reference.pdf", (20, 30)),
    PackagedDocument("one column, en", "tuning", "texlive-publishers-doc",
                     f"{_TEX}/latex/llncsconf/example/example_llncs_crop.pdf", (1, 2)),
    PackagedDocument("one column, en", "test", "bash-doc",
                     "usr/share/doc/bash-doc/bashref.pdf", (20, 40)),
    PackagedDocument("one column, en", "test", "texlive-publishers-doc",
                     f"{_TEX}/latex/acmart/samples/sample-acmsmall.pdf", (1, 3)),
    PackagedDocument("one column, en", "test", "texlive-publishers-doc",
                     f"{_TEX}/latex/cascadilla/example.pdf", (1, 2)),
    PackagedDocument("reference card, en", "tuning", "octave-doc",
                     "usr/share/doc/octave/refcard-a4.pdf", (1, 2)),
    PackagedDocument("reference card, en", "test", "pari-doc",
                     "usr/share/doc/pari-doc/doc/refcard.pdf", (1,)),
    PackagedDocument("one column, zh", "tuning", "texlive-lang-chinese",
                     f"{_TEX}/texlive/texlive-zh-cn/texlive-zh-cn.pdf", (9, 14, 24)),
    PackagedDocument("one column, zh", "test", "texlive-lang-chinese",
                     f"{_TEX}/latex/ctex-faq/ctex-faq.pdf", (8, 10)),
    PackagedDocument("one column, zh", "test", "texlive-lang-chinese",
                     f"{_TEX}/support/tlmgr-intro-zh-cn/tlmgr-intro-zh-cn.pdf", (7,)),
)  # fmt: skip


def fetch(package: str) -> None:
    """Download and unpack a package unless it is unpacked; needs apt-get and dpkg-deb."""
    folder = FOLDER / package
    if folder.exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=FOLDER) as work:
        subprocess.run(["apt-get", "download", "-qq", package], cwd=work, check=True)
        (archive,) = Path(work).glob("*.deb")
        subprocess.run(["dpkg-deb", "-x", archive, Path(work) / "files"], check=True)
        (Path(work) / "files").rename(folder)


@dataclass(frozen=True, slots=True)
class _Line:
    """Characters in the order of the file that are on one line; the page's y grows upwards."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float


def picture(document: PackagedDocument, number: int) -> Path:
    """A PNG file of a page, drawn unless it exists."""
    path = FOLDER / f"{document.package}-{document.name}-{number}.png"
    if not path.exists():
        with pdfium.PdfDocument(document.file) as pdf:
            drawn = pdf[number - 1].render(scale=DPI / 72).to_pil()
        drawn.convert("RGB").save(path, dpi=(DPI, DPI))
    return path


def true_page(document: PackagedDocument, number: int) -> TruePage:
    """The blocks of a page in the order of the file, in pixels of its picture."""
    layout = _layout(document.file, number)
    lines = list(_lines(_characters(layout)))
    groups = _groups(lines)
    sizes = Counter[float]()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0]
    scale = DPI / 72
    blocks = []
    for group in groups:
        true_lines = tuple(
            TrueLine(
                line.text,
                Rect(line.left, layout.y1 - line.top, line.right, layout.y1 - line.bottom).scaled(
                    scale
                ),
            )
            for line in group
        )
        text = "\n".join(line.text for line in group)
        box = Rect.union(line.box for line in true_lines)
        kind = _kind(group, body, layout.y0, layout.y1)
        blocks.append(
            TrueBlock(
                kind, 0, text, true_lines, (), None, box, "left", False, None, None, False, False
            )
        )
    width, height = round(layout.width * scale), round(layout.height * scale)
    return TruePage(width, height, tuple(blocks))


def _layout(file: Path, number: int) -> LTPage:
    """The characters of a page in the order of the file, which pdfminer does not analyse."""
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=None)
    with file.open("rb") as opened:
        (page,) = PDFPage.get_pages(opened, pagenos={number - 1})
        PDFPageInterpreter(resources, device).process_page(page)
    return device.get_result()


def _characters(part: LTComponent) -> Iterator[LTChar]:
    if isinstance(part, LTChar):
        if part.get_text().strip():
            yield part
    elif isinstance(part, LTContainer):
        for inner in part:
            yield from _characters(inner)


def _lines(chars: Iterator[LTChar]) -> Iterator[_Line]:
    line: list[LTChar] = []
    for char in chars:
        if line and not _follows(line[-1], char):
            yield _line(line)
            line = []
        line.append(char)
    if line:
        yield _line(line)


def _follows(before: LTChar, char: LTChar) -> bool:
    """Whether a character is on the line of another one, after it."""
    common = min(before.y1, char.y1) - max(before.y0, char.y0)
    low = min(before.y1 - before.y0, char.y1 - char.y0)
    return common > 0.4 * low and before.x0 - 0.3 * low < char.x0 < before.x1 + 6 * low


def _line(chars: list[LTChar]) -> _Line:
    size = Counter(round(char.size, 1) for char in chars).most_common(1)[0][0]
    text = "".join(char.get_text() for char in chars)
    return _Line(
        _UNKNOWN.sub("", text),
        min(char.x0 for char in chars),
        min(char.y0 for char in chars),
        max(char.x1 for char in chars),
        max(char.y1 for char in chars),
        size,
    )


def _groups(lines: list[_Line]) -> list[list[_Line]]:
    groups = [[line] for line in lines[:1]]
    for above, line in pairwise(lines):
        pitch = above.bottom - line.bottom
        if (
            -0.2 * line.size < pitch < _SAME_BLOCK * line.size
            and abs(above.size - line.size) < 0.1 * line.size
            and min(above.right, line.right) > max(above.left, line.left)
        ):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _kind(group: list[_Line], body: float, bottom: float, top: float) -> str:
    margin = _MARGIN * (top - bottom)
    if min(line.bottom for line in group) > top - margin:
        return "header"
    if max(line.top for line in group) < bottom + margin:
        return "footer"
    return "caption" if group[0].size < _SMALL * body else "paragraph"
