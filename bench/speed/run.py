"""`make bench`: speed and memory, as ratios within one run.

    python -m bench.speed.run [throughput] [rivals] [memory] [cloud]

Programs that are compared run alternately on the same machine in the same run. Prints one Markdown
table; docs/benchmarks.md describes its rows.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from rapidfuzz.distance import Levenshtein

from bench.comparison import comparable
from bench.running import Row, peaks, recognise, running_portal
from bench.scan import scanned_pdf, true_text
from bench.speed.cloud import pace
from bench.speed.engine_loop import PROCESSES
from bench.speed.large import large
from tests.portal import ROOT, Portal

RIVALS = ROOT / ".venv-bench" / "bin"
ROUNDS = 3


def page_images(portal: Portal, job_id: int) -> list[str]:
    """Paths of the page images of a job."""
    names = portal.ask(f"list(Page.objects.filter(job={job_id}).values_list('image', flat=True))")
    return [str(portal.folder / "var" / "media" / name) for name in names]


def engine_loop(python: str | Path, kind: str, pages: list[str]) -> float:
    """Seconds of the bare loop in bench.speed.engine_loop."""
    command = [str(python), "-m", "bench.speed.engine_loop", kind, *pages]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(run.stdout.split()[-1])


def throughput() -> list[Row]:
    """Pages per minute of the whole pipeline over those of the bare engine."""
    count, ratios, rates = 40, [], []
    with running_portal() as (portal, script):
        scan = scanned_pdf(count, portal.folder / "scan.pdf")
        for _ in range(ROUNDS):
            job_id, seconds = recognise(script, scan)
            pages = page_images(portal, job_id)
            ratios.append(engine_loop(sys.executable, "local", pages) / seconds)
            rates.append(60 * count / seconds)
    return [
        ("pipeline, A4 pages per minute", f"{median(rates):.0f}", ""),
        ("pipeline over bare engine", f"{median(ratios):.2f}", "≥ 0.9"),
    ]


def rivals() -> list[Row]:
    """The portal compared with OCRmyPDF (from scan to searchable PDF) and RapidOCR's defaults."""
    count, faster, plain = 10, [], []
    truth = comparable(true_text(count))
    options = ("-l", "chi_sim+eng", "-j", str(PROCESSES))
    with running_portal() as (portal, script):
        scan = scanned_pdf(count, portal.folder / "scan.pdf")
        ours, theirs = portal.folder / "ours.pdf", portal.folder / "theirs.pdf"
        for _ in range(ROUNDS):
            started = time.perf_counter()
            job_id, _ = recognise(script, scan)
            ours.write_bytes(script.export(job_id, "pdf"))
            own = time.perf_counter() - started
            started = time.perf_counter()
            subprocess.run(
                [RIVALS / "ocrmypdf", *options, "--quiet", scan, theirs],
                env={"PATH": f"{RIVALS}:/usr/bin:/bin"},
                check=True,
            )
            faster.append((time.perf_counter() - started) / own)
            pages = page_images(portal, job_id)
            defaults = engine_loop(RIVALS / "python", "rapidocr", pages)
            plain.append(defaults / engine_loop(sys.executable, "local", pages))
        errors = error_rate(ours, truth), error_rate(theirs, truth)
    return [
        ("OCRmyPDF's seconds over ours, 10 pages to PDF", f"{median(faster):.2f}", "≥ 1.6"),
        ("character error rate: ours, OCRmyPDF's", "{:.4f}, {:.4f}".format(*errors), "≤ ¼ of it"),
        ("RapidOCR defaults' seconds over ours", f"{median(plain):.2f}", "≥ 2.5"),
    ]


def error_rate(pdf: Path, truth: str) -> float:
    """Character error rate of the text in a PDF, in the order in which it was written.

    Without ``-raw``, pdftotext orders lines by position, which fails for both programs on a
    skewed page.
    """
    command = ["pdftotext", "-raw", pdf, "-"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return Levenshtein.distance(comparable(run.stdout), truth) / len(truth)


def memory() -> list[Row]:
    """A PDF of 300 pages: peak memory of each process and time to its first page."""
    count = 300
    with running_portal() as (portal, script), tempfile.TemporaryDirectory() as folder:
        scan = scanned_pdf(count, Path(folder) / "book.pdf")
        with peaks(portal) as peak:
            job_id = script.submit(scan)
            uploaded = time.perf_counter()
            script.wait(job_id, pages=1)
            first = time.perf_counter() - uploaded
            script.wait(job_id)
            for key in ("txt", "docx", "pdf"):
                script.export(job_id, key)
    return [
        ("300 pages: first page readable after upload, s", f"{first:.1f}", "≤ 10"),
        ("300 pages: largest web process, MB", f"{peak['gunicorn']:.0f}", "< 1200"),
        ("300 pages: largest worker process, MB", f"{peak['celery']:.0f}", "< 1200"),
    ]


PARTS: dict[str, Callable[[], list[Row]]] = {
    "throughput": throughput,
    "rivals": rivals,
    "memory": memory,
    "cloud": pace,
    "large": large,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all, if none is named")
    chosen = parser.parse_args().parts or list(PARTS)
    print("| Measured | Figure | Must be |\n|---|--:|--:|")
    for part in chosen:
        for what, figure, bound in PARTS[part]():
            print(f"| {what} | {figure} | {bound} |", flush=True)


if __name__ == "__main__":
    main()
