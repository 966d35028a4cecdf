"""A PDF of 2,000 scanned pages and 500 MB: time to the first page, memory, temporary files."""

from __future__ import annotations

import tempfile
import time
from base64 import a85decode
from pathlib import Path

import pikepdf

from bench.running import MB, Row, Script, peaks, running_portal
from bench.scan import SCAN
from tests.portal import Portal

PAGES = 2000
SIZE = 498 * MB
"""Bytes of its streams: just below the default limit of a file."""
LAST = "20"
"""The pages of the job that runs to its end; the job of all pages is cancelled."""


def large() -> list[Row]:
    """Rows about the upload, the first page, memory and temporary files."""
    with running_portal() as (portal, script), tempfile.TemporaryDirectory() as folder:
        book = write_book(Path(folder) / "book.pdf")
        with peaks(portal) as peak:
            answer = script.try_to_submit(book)
            answer.raise_for_status()
            started = time.perf_counter()
            job_id = int(answer.json()["id"])
            script.wait(job_id, pages=1)
            first = time.perf_counter() - started
            total = script.job(job_id)["progress"]["total"]
            time.sleep(30)
            script.cancel(job_id)
            after_cancel = leftovers(portal, script, job_id)
            part = script.try_to_submit(book, pages=f"1-{LAST}").json()["id"]
            script.wait(part)
            at_the_end = leftovers(portal, script, part)
        size = book.stat().st_size / MB
    return [
        ("large PDF: pages, MB", f"{total}, {size:.0f}", "2000, 500"),
        ("first page readable after upload, s", f"{first:.1f}", "≤ 10"),
        ("largest web process, MB", f"{peak['gunicorn']:.0f}", "< 300"),
        ("largest worker process, MB", f"{peak['celery']:.0f}", ""),
        ("temporary files after a cancel, at the end", f"{after_cancel}, {at_the_end}", "0, 0"),
    ]


def write_book(path: Path) -> Path:
    """A PDF of ``PAGES`` scans and about ``SIZE`` bytes; each page has its own stream."""
    with pikepdf.open(SCAN) as scan, pikepdf.new() as book:
        pictures = [next(iter(page.get_images().items())) for page in scan.pages]
        # The streams of the scans are ASCII-encoded.
        jpegs = [a85decode(b"<~" + picture.read_raw_bytes(), adobe=True) for _, picture in pictures]
        # A decoder stops at the end of the image, so bytes after it only add size.
        padding = b"%" * (SIZE // PAGES - sum(map(len, jpegs)) // len(jpegs))
        for number in range(PAGES):
            turn = number % len(jpegs)
            book.pages.append(scan.pages[turn])
            name, picture = pictures[turn]
            described = {key: picture[key] for key in ("/Width", "/Height", "/ColorSpace")}
            stream = book.make_stream(
                jpegs[turn] + padding,
                {
                    **described,
                    "/Type": pikepdf.Name.XObject,
                    "/Subtype": pikepdf.Name.Image,
                    "/BitsPerComponent": 8,
                    "/Filter": pikepdf.Name.DCTDecode,
                },
            )
            book.pages[-1].Resources.XObject = pikepdf.Dictionary({name: stream})
        book.save(path)
    return path


def leftovers(portal: Portal, script: Script, job_id: int) -> int:
    """The number of temporary files once no worker processes a document of the job."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if not portal.ask(f"Document.objects.filter(job={job_id}, status='opening').count()"):
            break
    time.sleep(2)
    return len(list((portal.folder / "var" / "uploads").rglob("*")))
