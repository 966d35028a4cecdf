"""Scanned documents of any length, made of the five scanned sample pages."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium

SAMPLES = Path(__file__).parent.parent / "tests" / "samples"
SCAN = SAMPLES / "scans.pdf"


def scanned_pdf(pages: int, path: Path) -> Path:
    """Write a PDF of ``pages`` scanned A4 pages to ``path``; the five samples repeat."""
    with pdfium.PdfDocument(SCAN) as scan, pdfium.PdfDocument.new() as book:
        turns = [number % len(scan) for number in range(pages)]
        book.import_pages(scan, turns)
        book.save(path)
    return path


def true_text(pages: int) -> str:
    """The text of the pages of :func:`scanned_pdf`."""
    texts = [(SAMPLES / f"scans_p{number}.gt.txt").read_text("utf-8") for number in range(1, 6)]
    return "\n".join(texts[number % 5] for number in range(pages))
