"""Paragraphs of rendered documents: how many the TXT and Word exports find.

    python -m bench.quality.paragraphs [--table docs/quality.md]

Needs LibreOffice, Poppler and the fonts Noto CJK and URW (``fonts-urw-base35``). The six
documents are rendered and recognised once and cached in ``build/``.
"""

from __future__ import annotations

import argparse
import io
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import docx
from rapidfuzz.distance import Levenshtein, Opcodes

from bench.comparison import comparable
from bench.document_table import report_table
from bench.quality.typeset import DPI, STYLES, Typeset, typeset
from bench.recognised import recognised
from ocrportal.exporters.options import ExportOptions
from ocrportal.exporters.text import write_text
from ocrportal.exporters.word.document import write_word
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.page import Paragraph
from ocrportal.layout.source import RecognisedDocument, RecognisedPage

FOLDER = Path("build/typeset")
TABLE = "paragraphs table"
BODY_ONLY = ExportOptions(headers_footers=False)


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The number of paragraph ends in the truth, in the export, and in both."""

    true: int
    exported: int
    met: int

    def __str__(self) -> str:
        recall, precision = self.met / self.true, self.met / max(self.exported, 1)
        return f"{recall:.1%} | {precision:.1%}".replace("%", " %")


def boundaries(truth: list[str], exported: list[str]) -> Boundaries:
    """Compare the positions of paragraph ends, independent of misread characters."""
    true_texts = [comparable(text) for text in truth]
    texts = [comparable(text) for text in exported]
    true_ends = set(list(accumulate(map(len, true_texts)))[:-1])
    ends = list(accumulate(map(len, texts)))[:-1]
    moved = _moved(Levenshtein.opcodes("".join(texts), "".join(true_texts)), ends)
    met = {min(true_ends, key=lambda true: abs(true - end)) for end in moved}
    close = {true for true in met if min(abs(true - end) for end in moved) <= 2}
    return Boundaries(len(true_ends), len(ends), len(close))


def _moved(steps: Opcodes, ends: list[int]) -> list[int]:
    places = []
    for end in ends:
        for step in steps:
            if step.src_start <= end <= step.src_end:
                along = min(end - step.src_start, step.dest_end - step.dest_start)
                places.append(step.dest_start + along)
                break
    return places


def document_of(sample: Typeset) -> LaidOutDocument:
    """The recognised pages of a rendered document."""

    def pages() -> Iterator[RecognisedPage]:
        for number, path in enumerate(sample.pages, 1):
            yield RecognisedPage(number, recognised(path), path.read_bytes, DPI)

    document = RecognisedDocument(sample.style.name, len(sample.pages), pages)
    return LaidOutDocument(sample.style.name, (document,))


def row(sample: Typeset) -> str:
    """The measurements of one document, as a row of the table."""
    document = document_of(sample)
    text, word = io.BytesIO(), io.BytesIO()
    write_text(document, text, BODY_ONLY)
    write_word(document, word, BODY_ONLY)
    as_text = [line for line in text.getvalue().decode().split("\n") if line]
    opened = docx.Document(word)
    as_word = [paragraph.text for paragraph in opened.paragraphs if paragraph.text]
    truth = list(sample.paragraphs)
    parts = [
        part
        for page in document.flowing_pages(headers_footers=False)
        for part in page.blocks
        if isinstance(part, Paragraph)
    ]
    heads = _found(sample.headings, [part.text for part in parts if part.kind == "heading"])
    items = _found(sample.items, [part.text for part in parts if part.kind == "list_item"])
    pages, text_printed = printed(word.getvalue(), sample.style.name)
    wanted = comparable("".join(paragraph.text for paragraph in opened.paragraphs))
    same = Levenshtein.distance(comparable(text_printed), wanted) / len(wanted)
    return (
        f"| {sample.style.name} | {len(truth)} | {boundaries(truth, as_text)} | "
        f"{boundaries(_unmarked(sample, truth), as_word)} | {heads} | {items} | "
        f"{len(sample.pages)} → {pages} | {same:.4f} |"
    )


def _found(truth: tuple[str, ...], found: list[str]) -> str:
    names = {comparable(text) for text in truth}
    right = sum(min(Levenshtein.distance(comparable(t), name) for name in names) < 3 for t in found)
    return f"{right} / {len(truth)} (+{len(found) - right})" if found else f"0 / {len(truth)}"


def _unmarked(sample: Typeset, truth: list[str]) -> list[str]:
    """The paragraphs without list markers, which Word adds itself."""
    return [text.lstrip("•（一二三四）1234) ") if text in sample.items else text for text in truth]


def printed(word: bytes, name: str) -> tuple[int, str]:
    """The page count and the text of the PDF that LibreOffice prints from a Word document."""
    folder = FOLDER / "printed"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.docx").write_bytes(word)
    profile = f"-env:UserInstallation={(FOLDER / 'profile').absolute().as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", f"{name}.docx"]
    subprocess.run(convert, cwd=folder, check=True, capture_output=True)
    read = ["pdftotext", "-raw", f"{name}.pdf", "-"]
    text = subprocess.run(read, cwd=folder, check=True, capture_output=True, text=True).stdout
    return text.count("\f"), text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", type=Path, help="a document whose table is updated")
    options = parser.parse_args()
    lines = [
        "| Document | Paragraphs | TXT: recall | precision | Word: recall "
        "| precision | Headings (+wrong) | Items (+wrong) | Pages | Word → PDF text |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        *(row(typeset(style, FOLDER)) for style in STYLES),
    ]
    table = "\n".join(lines)
    report_table(table, options.table, TABLE)


if __name__ == "__main__":
    main()
