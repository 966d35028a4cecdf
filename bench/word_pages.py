"""Word documents of born-digital PDFs, printed by LibreOffice: their pages and their text.

    python -m bench.word_pages --corpus DIR [--table docs/quality.md]

Needs LibreOffice and Poppler. Each PDF is measured twice: with the text it brings, as the
portal takes it over by itself, and as the embedded engine reads its pages.
"""

from __future__ import annotations

import argparse
import io
import os
from dataclasses import replace
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from bench.accuracy import bare
from bench.paragraphs import WITHOUT_FURNITURE, printed
from bench.recognised import LIMITS, ReadPage, as_document, read_pages
from ocrportal.exporters.text import write_text
from ocrportal.exporters.word.document import write_word
from ocrportal.ingest.pages import open_pages
from ocrportal.ingest.sniff.file_type import sniff

BEGIN, END = "<!-- word pages table: begin -->", "<!-- word pages table: end -->"
BORN_DIGITAL = {
    "debian-reference.zh-cn.pdf": range(40, 50),
    "dl_nemotron_multipage.pdf": range(1, 5),
    "pj_pdkids.pdf": range(2, 12),
    "om_tagged.pdf": range(1, 3),
    "om_toc.pdf": range(1, 3),
}
"""PDFs set in one column, and which of their pages."""


def with_own_text(path: Path, pages: list[ReadPage]) -> list[ReadPage]:
    """The same pages, of which those with sound text of their own say just that."""
    with path.open("rb") as file, open_pages(file, sniff(file), LIMITS) as source:
        own = [source.read_page(page.number).own_text for page in pages]
    return [
        replace(page, result=text or page.result) for page, text in zip(pages, own, strict=True)
    ]


def row(path: Path, pages: list[ReadPage], way: str) -> str:
    """What LibreOffice prints of these pages' Word document, as a row of the table."""
    document = as_document(pages, path.stem)
    text, word = io.BytesIO(), io.BytesIO()
    write_text(document, text, WITHOUT_FURNITURE)
    write_word(document, word, WITHOUT_FURNITURE)
    count, told = printed(word.getvalue(), f"{path.stem}-{way.replace(' ', '-')}")
    wanted = bare(text.getvalue().decode())
    rate = Levenshtein.distance(bare(told), wanted) / len(wanted)
    return f"| {path.name} | {way} | {len(wanted)} | {len(pages)} → {count} | {rate:.4f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=os.environ.get("OCRPORTAL_CORPUS"))
    parser.add_argument("--table", type=Path, help="a document whose table is renewed")
    options = parser.parse_args()
    if options.corpus is None:
        parser.error("give --corpus DIR, or set OCRPORTAL_CORPUS")
    lines = ["| PDF | Text | Characters | Pages | Word → PDF text |", "|---|---|--:|--:|--:|"]
    for name, numbers in BORN_DIGITAL.items():
        path = Path(options.corpus) / "pdfs" / name
        read = read_pages(path, list(numbers))
        lines.append(row(path, with_own_text(path, read), "its own"))
        lines.append(row(path, read, "recognised"))
    table = "\n".join(lines)
    print(table)
    if options.table:
        before, _, rest = options.table.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        options.table.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
