"""A job of 1,000 pages as files: seconds, pages a second, and the most memory.

    python -m bench.exports [--pages 1000] [--table docs/quality.md]

The five scanned pages among the samples repeat in turn, as a scanned PDF and as pictures. They
are read the first time and kept in ``build/``; rows, results and pictures then lie in a portal's
database and storage, and each file is written, and read back, by a process of its own.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PAGES = 1000
FORMATS = ("docx", "pdf", "pdfa", "xlsx", "txt")
SOURCES = {"scan.pdf": "scanned PDF", "scan.tif": "pictures"}
BEGIN, END = "<!-- exports table: begin -->", "<!-- exports table: end -->"


def table(pages: int) -> Iterator[str]:
    """What each file took, as rows of a table."""
    yield (
        f"| {pages} pages | Written, s | Pages a second | Read back, s | Most memory, MB "
        "| Size, MB |"
    )
    yield "|---|--:|--:|--:|--:|--:|"
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATA_DIR": folder}
        _run(["make", str(pages)], environment)
        for source, kind in SOURCES.items():
            for key in FORMATS:
                told = _run(["write", source, key], environment)
                written, checked, memory, size = map(float, told.split())
                shown = f"{checked:.1f}" if checked else ""
                yield (
                    f"| {kind} → {key.upper()} | {written:.1f} | {pages / written:.0f} | {shown} "
                    f"| {memory:.0f} | {size:.0f} |"
                )
        seconds, memory = map(float, _run(["layer"], environment).split())
        yield (
            f"| text of the PDF alone, one core | {seconds:.1f} | {pages / seconds:.0f} | "
            f"| {memory:.0f} | |"
        )


def _run(arguments: list[str], environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "bench.exports", *arguments]
    run = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return run.stdout


def make_job(count: int) -> None:
    """A portal's database with the job, and its files; Django is set up."""
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
    """One file: prints seconds of writing and of reading back, and megabytes at most."""
    from ocrportal.exporters.self_check import check_pdf, check_word
    from ocrportal.jobs.exporting import _export_document, export_document
    from ocrportal.jobs.models import Document

    document = Document.objects.get(name=name)
    begin = time.perf_counter()
    written = export_document(document, key)
    seconds = time.perf_counter() - begin
    size = written.file.seek(0, 2) / 1e6
    written.file.seek(0)
    check = {"docx": check_word, "pdf": check_pdf, "pdfa": check_pdf}.get(key)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begin = time.perf_counter()
    if check:
        print(check(_export_document(document), written.file), before, file=sys.stderr)
    checked = time.perf_counter() - begin if check else 0
    print(seconds, checked, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, size)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocrportal.settings")
    import django

    django.setup()
    if sys.argv[1] == "make":
        make_job(int(sys.argv[2]))
    elif sys.argv[1] == "write":
        write(*sys.argv[2:])
