"""Word documents of digitally created PDFs, printed by LibreOffice: page counts and text.

    python -m bench.quality.word_pages --corpus DIR [--table docs/quality.md]

Needs LibreOffice and Poppler. Each PDF is measured twice: with its embedded text, which the
portal uses by default, and as the built-in engine recognises its pages.
"""

from __future__ import annotations

import argparse
import io
import os
from dataclasses import replace
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from bench.comparison import comparable
from bench.document_table import report_table
from bench.quality.paragraphs import BODY_ONLY, printed
from bench.recognised import LIMITS, ReadPage, as_document, read_pages
from ocrportal.exporters.text import write_text
from ocrportal.exporters.word.document import write_word
from ocrportal.ingest.pages import open_pages
from ocrportal.ingest.sniff.file_type import sniff

TABLE = "word pages table"
DIGITAL = {
    "debian-reference.zh-cn.pdf": range(40, 50),
    "dl_nemotron_multipage.pdf": range(1, 5),
    "pj_pdkids.pdf": range(2, 12),
    "om_tagged.pdf": range(1, 3),
    "om_toc.pdf": range(1, 3),
}
"""Single-column PDFs, and pages of them."""


def with_own_text(path: Path, pages: list[ReadPage]) -> list[ReadPage]:
    """The same pages; those with reliable embedded text have it as their result."""
    with path.open("rb") as file, open_pages(file, sniff(file), LIMITS) as source:
        own = [source.read_page(page.number).own_text for page in pages]
    return [
        replace(page, result=text or page.result) for page, text in zip(pages, own, strict=True)
    ]


def row(path: Path, pages: list[ReadPage], way: str) -> str:
    """The measurements of the Word document of these pages, as a row of the table."""
    document = as_document(pages, path.stem)
    text, word = io.BytesIO(), io.BytesIO()
    write_text(document, text, BODY_ONLY)
    write_word(document, word, BODY_ONLY)
    count, text_printed = printed(word.getvalue(), f"{path.stem}-{way.replace(' ', '-')}")
    wanted = comparable(text.getvalue().decode())
    rate = Levenshtein.distance(comparable(text_printed), wanted) / len(wanted)
    return f"| {path.name} | {way} | {len(wanted)} | {len(pages)} → {count} | {rate:.4f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=os.environ.get("OCRPORTAL_CORPUS"))
    parser.add_argument("--table", type=Path, help="a document whose table is updated")
    options = parser.parse_args()
    if options.corpus is None:
        parser.error("give --corpus DIR, or set OCRPORTAL_CORPUS")
    lines = ["| PDF | Text | Characters | Pages | Word → PDF text |", "|---|---|--:|--:|--:|"]
    for name, numbers in DIGITAL.items():
        path = Path(options.corpus) / "pdfs" / name
        read = read_pages(path, list(numbers))
        lines.append(row(path, with_own_text(path, read), "embedded"))
        lines.append(row(path, read, "recognised"))
    table = "\n".join(lines)
    report_table(table, options.table, TABLE)


if __name__ == "__main__":
    main()
