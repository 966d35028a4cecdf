"""Exports of a job of 1,000 pages: seconds, pages a second, and peak memory.

    python -m bench.speed.exports [--pages 1000] [--table docs/quality.md]

The five scanned sample pages repeat, as a scanned PDF and as images. They are recognised once and
cached in ``build/``. The job is stored in the database and storage of a portal, and a separate
process writes and checks each file.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bench.document_table import report_table

if TYPE_CHECKING:
    from ocrportal.exporters.verification import Score
    from ocrportal.layout.source import RecognisedPage

PAGES = 1000
FORMATS = ("docx", "pdf", "pdfa", "xlsx", "txt")
SOURCES = {"scan.pdf": "scanned PDF", "scan.tif": "images"}
TABLE = "exports table"


def table(pages: int) -> Iterator[str]:
    """The measurements of each file, as rows of a table."""
    yield (
        f"| {pages} pages | Written, s | Pages a second | Checked, s | Peak memory, MB | Size, MB |"
    )
    yield "|---|--:|--:|--:|--:|--:|"
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATA_DIR": folder}

        def step(*words: str) -> list[float]:
            command = [sys.executable, "-m", "bench.speed.exports", "--pages", str(pages), "--step"]
            run = subprocess.run(
                [*command, *words], env=environment, check=True, stdout=subprocess.PIPE, text=True
            )
            return [float(figure) for figure in run.stdout.split()]

        step("make")
        for source, kind in SOURCES.items():
            for key in FORMATS:
                written, read, memory, size = step(source, key)
                shown = f"{read:.1f}" if read else ""
                yield (
                    f"| {kind} → {key.upper()} | {written:.1f} | {pages / written:.0f} | {shown} "
                    f"| {memory:.0f} | {size:.0f} |"
                )
        seconds, memory = step("layer")
        yield (
            f"| text layer alone, on one core | {seconds:.1f} | {pages / seconds:.0f} | "
            f"| {memory:.0f} | |"
        )


def make_job(count: int) -> None:
    """Create the database, the job and its files."""
    from django.core.files.base import ContentFile
    from django.core.management import call_command

    from bench.recognised import read_pages
    from bench.scan import scanned_pdf
    from ocrportal.accounts.models import User
    from ocrportal.jobs.models import Document, Job, Page, Result

    call_command("migrate", verbosity=0)
    user = User.objects.create_user("bench")
    job = Job.objects.create(
        owner=user,
        name="book",
        service="general-text",
        engine="local",
        status="done",
        document_count=len(SOURCES),
        pages_total=count * len(SOURCES),
    )
    with tempfile.TemporaryDirectory() as folder:
        book = scanned_pdf(count, Path(folder) / "scan.pdf")
        five = read_pages(scanned_pdf(5, Path(folder) / "five.pdf"), [1, 2, 3, 4, 5])
        for position, name in enumerate(SOURCES, 1):
            document = Document.objects.create(
                job=job,
                position=position,
                name=name,
                status="opened",
                page_count=count,
                media_type="application/pdf" if name.endswith(".pdf") else "image/tiff",
            )
            if name.endswith(".pdf"):
                document.file.save("book.pdf", ContentFile(book.read_bytes()))
            pictures = [
                document.file.storage.save(f"{name}{page.number}.jpg", ContentFile(page.picture))
                for page in five
            ]
            for start in range(0, count, 100):
                rows = Page.objects.bulk_create(
                    Page(
                        job=job,
                        document=document,
                        number=number + 1,
                        status="done",
                        dpi=five[number % 5].dpi,
                        image=pictures[number % 5],
                    )
                    for number in range(start, min(start + 100, count))
                )
                for row in rows:
                    read = five[(row.number - 1) % 5].result
                    row.result = Result(
                        page=row, service="general-text", engine="local", data=read.to_dict()
                    )
                Result.objects.bulk_create(row.result for row in rows if row.result)
                Page.objects.bulk_update(rows, ["result"])


def write(name: str, key: str) -> None:
    """Write and check one file; print both seconds, peak memory and file size in megabytes."""
    from ocrportal.exporters.options import DEFAULT_OPTIONS
    from ocrportal.jobs.exporting import export_document
    from ocrportal.jobs.models import Document

    observer = Observer()
    written = export_document(Document.objects.get(name=name), key, DEFAULT_OPTIONS, observer)
    end = time.perf_counter()
    checked = end - observer.last_page if observer.score else 0.0
    size = written.file.seek(0, os.SEEK_END) / 1e6
    print(end - observer.begin - checked, checked, _peak_memory(), size)


class Observer:
    """Wants each file verified, as the export worker does, and notes when the last page came."""

    def __init__(self) -> None:
        self.begin = self.last_page = time.perf_counter()
        self.score: Score | None = None

    def file_begins(self, page_count: int) -> None:
        pass

    def page_written(self, page: RecognisedPage) -> None:
        self.last_page = time.perf_counter()

    def wants_verification(self) -> bool:
        return True

    def file_verified(self, score: Score) -> None:
        self.score = score
        print(score, file=sys.stderr)


def write_layer(count: int) -> None:
    """Write the text layer of as many pages without images; print seconds and megabytes."""
    from bench.recognised import read_pages
    from bench.scan import SCAN
    from ocrportal.exporters.pdf.font import Codes
    from ocrportal.exporters.pdf.invisible_text import PageScale, row_operators
    from ocrportal.exporters.pdf.type_box import fit_to_ink
    from ocrportal.layout.page import lay_out_page

    five = read_pages(SCAN, [1, 2, 3, 4, 5])
    codes = Codes()
    begin = time.process_time()
    for number in range(count):
        page = lay_out_page(five[number % 5].exported)
        fitted = fit_to_ink(page.result.lines, None)
        sheet = PageScale(0.24, page.result.height * 0.24, 1)
        for line in page.printed_lines():
            fragments = [fitted[index] for index in line.indices]
            list(row_operators(line.pieces, fragments, sheet, codes))
    codes.font_file()
    print(time.process_time() - begin, _peak_memory())


def _peak_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--table", type=Path, help="a document whose table is updated")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        import django

        django.setup()
        match options.step:
            case ["make"]:
                make_job(options.pages)
            case ["layer"]:
                write_layer(options.pages)
            case [name, key]:
                write(name, key)
        return
    text = "\n".join(table(options.pages))
    report_table(text, options.table, TABLE)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocrportal.settings")
    main()
