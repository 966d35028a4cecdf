"""Searchable PDF compared with OCRmyPDF: copied text, positions, sizes, speed and memory.

    python -m bench.quality.searchable_pdf --corpus DIR [--book] [--table docs/quality.md]

Needs Tesseract with ``chi_sim`` and ``eng``, poppler, and pdfminer.six. The results of the
engine and the files of OCRmyPDF are cached in ``build/``.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import django
from PIL import Image
from rapidfuzz.distance import Levenshtein

from bench.corpus import full_text_pages
from bench.document_table import report_table
from bench.quality.pdf_readers import READERS, Placed, lines, words
from bench.recognised import ReadPage, as_document, read_pages
from bench.scan import scanned_pdf
from ocrportal.exporters.pdf.searchable import (
    write_searchable_pdf,
)
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.page import lay_out_page
from ocrportal.layout.plain_text import page_text
from ocrportal.layout.source import RecognisedDocument, RecognisedPage

KEPT, OURS = Path("build/ocrmypdf"), Path("build/searchable")
TABLE = "pdf table"
DIGITAL = {
    "debian-reference.zh-cn.pdf": [10, 40, 90, 150],
    "tb_campaign_donors.pdf": [1],
    "pj_pdkids.pdf": [2, 3, 4],
    "om_tagged.pdf": [1, 2],
    "pl_with-form.pdf": [1],
}
"""Digitally created PDFs with embedded fonts, and pages of them: the true positions of words."""
SCANNED = (
    *("om_ccitt.pdf", "om_jbig2.pdf", "om_c02-22.pdf", "om_lichtenstein.pdf", "om_skew.pdf"),
    "mineru_small_ocr.pdf",
)
"""PDFs of scans; all their pages are measured."""
ROTATED_AND_VERTICAL = {
    "rotated, en": [f"scans_gt/tess_phototest-rotated-{way}.png" for way in ("L", "R", "180")],
    "rotated, zh-Hans,en": ["scans_gt/debmake_zh_p58_rot90.jpg"],
    "vertical, ja": ["pdfs/pj_vertical.pdf", "scans_nogt/un_jpn-vert.jpeg"],
    "vertical, zh-Hant": ["scans_nogt/rd_img_6.png"],
}
"""Pages with rotated or vertical text. Of a PDF, the first page."""
LATIN = re.compile(r"[!-~]*[A-Za-z0-9]{2}[!-~]*")
LONG = 1000
PAGES_A_GROUP = 2


def similarity(copied: str, recognised: str, space: str = " ") -> float:
    """1 minus the normalised edit distance; any white space counts as one ``space``."""
    copied, recognised = space.join(copied.split()), space.join(recognised.split())
    return 1 - Levenshtein.distance(copied, recognised) / max(len(recognised), len(copied), 1)


def similarities(pdf: Path, recognised: str) -> list[float]:
    """The similarity in each reader; for pdfminer, which has no line breaks, without spaces."""
    return [
        similarity(copy(pdf), recognised, "" if reader == "pdfminer" else " ")
        for reader, copy in READERS.items()
    ]


def ours(pages: list[ReadPage], name: str, original: Path | None = None) -> Path:
    """The searchable PDF of these pages."""
    OURS.mkdir(parents=True, exist_ok=True)
    path = OURS / f"{name}.pdf"
    with path.open("wb") as out:
        write_searchable_pdf(as_document(pages, name, original), out)
    return path


def recognised_text(pages: list[ReadPage]) -> str:
    """The text of these pages in reading order."""
    return "\n".join(page_text(lay_out_page(page.exported), keep_lines=True) for page in pages)


def theirs(program: Path, source: bytes, ending: str, dpi: float | None, chinese: bool) -> Path:
    """The PDF that OCRmyPDF writes, with its text in a file beside it."""
    kept = KEPT / hashlib.sha256(source).hexdigest()
    made = kept.with_suffix(".pdf")
    if not made.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        picture = kept.with_suffix(".source.pdf" if ending == ".pdf" else ".source.png")
        if ending == ".pdf":
            picture.write_bytes(source)
        else:  # OCRmyPDF takes no picture with transparency
            with Image.open(io.BytesIO(source)) as image:
                image.convert("RGB").save(picture)
        options = ["--output-type", "pdf", "-O0", "-l", "chi_sim+eng" if chinese else "eng"]
        if ending == ".pdf":
            options.append("--skip-text")
        else:
            options += ["--image-dpi", str(round(dpi or 200))]
        command = [program, *options, "--sidecar", kept.with_suffix(".txt"), picture, made]
        subprocess.run(
            command, check=True, capture_output=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"}
        )
    return made


def copying(corpus: Path, program: Path) -> Iterator[str]:
    """The similarity of copied and recognised text in each reader, by kind and language."""
    yield (
        "| Kind, language | Pages | "
        + " | ".join(f"{reader}, {whose}" for whose in ("ours", "OCRmyPDF") for reader in READERS)
        + " |"
    )
    yield "|---|--:|" + "--:|" * 6
    groups: dict[str, list[list[float]]] = {}
    for group, path in _copied(corpus):
        read = read_pages(path, [1])
        our_pdf, text = ours(read, path.stem), recognised_text(read)
        source = read[0].picture
        ending = ".png" if source.startswith(b"\x89PNG") else ".jpg"
        their_pdf = theirs(program, source, ending, read[0].dpi, ", zh" in group)
        their_text = their_pdf.with_suffix(".txt").read_text("utf-8")
        row = [*similarities(our_pdf, text), *similarities(their_pdf, their_text)]
        groups.setdefault(group, []).append(row)
    everything = [row for rows in groups.values() for row in rows]
    for group, rows in [*sorted(groups.items()), ("**all**", everything)]:
        means = (statistics.fmean(column) for column in zip(*rows, strict=True))
        yield f"| {group} | {len(rows)} | " + " | ".join(f"{mean:.4f}" for mean in means) + " |"


def _copied(corpus: Path) -> Iterator[tuple[str, Path]]:
    """The pages to copy, with their groups."""
    for group, names in ROTATED_AND_VERTICAL.items():
        for name in names:
            yield group, corpus / name
    taken: Counter[str] = Counter()
    elsewhere = {Path(name).name for names in ROTATED_AND_VERTICAL.values() for name in names}
    for page in full_text_pages(corpus):
        # OCRmyPDF refuses the resolution of some images.
        if page.path.suffix == ".tif" or page.name in elsewhere:
            continue
        if taken[page.group] < PAGES_A_GROUP:
            taken[page.group] += 1
            yield page.group, page.path


def places(corpus: Path, program: Path) -> Iterator[str]:
    """Median overlap of true words and lines with those found on rendered pages."""
    yield "| Digitally created PDF | Words | ours | OCRmyPDF | Lines | ours | OCRmyPDF |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    whole: list[list[list[float]]] = [[[], []], [[], []]]
    for name, numbers in DIGITAL.items():
        own: list[list[list[float]]] = [[[], []], [[], []]]
        for number in numbers:
            path = corpus / "pdfs" / name
            read = read_pages(path, [number])
            picture = read[0].picture
            ending = ".png" if picture.startswith(b"\x89PNG") else ".jpg"
            found = (
                ours(read, f"{path.stem}-{number}"),
                theirs(program, picture, ending, read[0].dpi, "zh" in name),
            )
            for kind, look in enumerate((words, lines)):
                truth = [item for item in look(path, number) if kind or LATIN.fullmatch(item.text)]
                for whose, pdf in enumerate(found):
                    own[kind][whose] += _overlaps(truth, look(pdf))
        for kind in (0, 1):
            for whose in (0, 1):
                whole[kind][whose] += own[kind][whose]
        yield _places_row(name, own)
    yield _places_row("**all**", whole)


def _overlaps(truth: list[Placed], found: list[Placed]) -> list[float]:
    return [max((item.overlap(other) for other in found), default=0.0) for item in truth]


def _places_row(name: str, overlaps: list[list[list[float]]]) -> str:
    cells = []
    for kind in overlaps:
        cells += [str(len(kind[0])), *(f"{statistics.median(values):.3f}" for values in kind)]
    return f"| {name} | " + " | ".join(cells) + " |"


def sizes(corpus: Path, program: Path) -> Iterator[str]:
    """The size that the text layer adds to scanned PDFs."""
    yield "| Scanned PDF | Pages | Source, kB | ours, kB | added a page, kB | OCRmyPDF, kB |"
    yield "|---|--:|--:|--:|--:|--:|"
    for name in SCANNED:
        path = corpus / "pdfs" / name
        read = read_pages(path, list(range(1, 9)))
        ours_size = ours(read, path.stem, path).stat().st_size
        their_size = theirs(program, path.read_bytes(), ".pdf", None, "mineru" in name)
        source = path.stat().st_size
        yield (
            f"| {name} | {len(read)} | {source / 1000:.0f} | {ours_size / 1000:.0f} "
            f"| {(ours_size - source) / 1000 / len(read):.1f} "
            f"| {their_size.stat().st_size / 1000:.0f} |"
        )


def long_documents() -> Iterator[str]:
    """Seconds and memory for a book; each way runs in a separate process."""
    yield f"| {LONG} scanned pages | Processor seconds | Pages a second | Peak memory, MB |"
    yield "|---|--:|--:|--:|"
    with tempfile.TemporaryDirectory() as folder:  # the engine's memory is not the writer's
        read_pages(scanned_pdf(5, Path(folder) / "book.pdf"), [1, 2, 3, 4, 5])
    for way in ("into the original", "page images"):
        command = [sys.executable, "-m", "bench.quality.searchable_pdf", "--long", way]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        seconds, memory = map(float, output.split()[-2:])
        yield f"| {way} | {seconds:.1f} | {LONG / seconds:.0f} | {memory:.0f} |"


def write_long(way: str) -> None:
    """Write a book of the repeated sample scans; print processor seconds and megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        book = scanned_pdf(LONG, Path(folder) / "book.pdf")
        five = [page.exported for page in read_pages(book, [1, 2, 3, 4, 5])]

        def pages() -> Iterator[RecognisedPage]:
            for number in range(LONG):
                page = five[number % 5]
                yield RecognisedPage(number + 1, page.result, page.read_image, page.dpi)

        source: Callable[[], object] | None = (lambda: book.open("rb")) if "orig" in way else None
        document = RecognisedDocument("book", LONG, pages, open_pdf=source)  # type: ignore[arg-type]  # a file
        begin = time.process_time()
        with (Path(folder) / "out.pdf").open("wb") as out:
            write_searchable_pdf(LaidOutDocument("book", (document,)), out)
        seconds = time.process_time() - begin
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=os.environ.get("OCRPORTAL_CORPUS"))
    parser.add_argument("--ocrmypdf", type=Path, default=".venv-bench/bin/ocrmypdf")
    parser.add_argument("--table", type=Path, help="a document whose tables are updated")
    parser.add_argument("--book", action="store_true", help="measure a thousand pages too")
    parser.add_argument("--long", help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocrportal.settings")
    django.setup()
    if options.long:
        write_long(options.long)
        return
    if options.corpus is None:
        parser.error("give --corpus DIR, or set OCRPORTAL_CORPUS")
    corpus, program = Path(options.corpus), options.ocrmypdf
    tables = [copying(corpus, program), places(corpus, program), sizes(corpus, program)]
    if options.book:
        tables.append(long_documents())
    text = "\n\n".join("\n".join(table) for table in tables)
    report_table(text, options.table, TABLE)


if __name__ == "__main__":
    main()
