"""The outcome of every file of a corpus that is uploaded to a running portal.

    python -m bench.robustness.uploads --corpus DIR [--groups pdfs,office] [--table FILE]

Each file is a separate job, submitted through the API. The table shows the seconds from the
upload to the end of the job and the largest worker process meanwhile. A valid page is submitted
after each file; its time shows whether the worker was delayed.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.document_table import report_table
from bench.running import Script, peaks, running_portal
from bench.scan import SAMPLES
from tests.portal import Portal

GROUPS = ("pdfs", "office", "video", "hostile")
MAX_SECONDS = 60
TABLE = "corpus table"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one file."""

    path: str
    expected: str
    """``processed``, ``rejected``, ``either``, or a number of pages."""
    pages: int
    """Pages that were recognised."""
    text: str
    """The recognised text."""
    refusal: str
    """The error messages of the file or its pages."""
    seconds: float
    worker_mb: float
    next_seconds: float
    """From the upload of the following valid page to the end of its job."""
    limit: float

    @property
    def is_right(self) -> bool:
        if self.seconds > self.limit:
            return False
        if self.expected.isdecimal():
            return self.pages == int(self.expected)
        refused = self.pages == 0 and bool(self.refusal)
        if self.expected == "rejected":
            return refused
        return refused if self.expected == "either" and not self.pages else self.pages > 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=os.environ.get("OCRPORTAL_CORPUS"))
    parser.add_argument("--groups", default=",".join(GROUPS))
    parser.add_argument("--table", type=Path, help="a document whose table is updated")
    options = parser.parse_args()
    if options.corpus is None:
        parser.error("give --corpus DIR, or set OCRPORTAL_CORPUS")
    with running_portal() as (portal, script):
        outcomes = [
            measure(portal, script, options.corpus, entry)
            for entry in entries(options.corpus, options.groups.split(","))
        ]
        log = portal.log.read_text()
    print(f"tracebacks in the log: {log.count('Traceback')}")
    report_table(table(outcomes), options.table, TABLE)


def entries(corpus: Path, groups: list[str]) -> Iterator[dict[str, Any]]:
    """The manifest's files of these groups, ground truth left out."""
    for entry in json.loads((corpus / "manifest.json").read_text("utf-8"))["files"]:
        if entry["group"] in groups:
            yield entry


def measure(portal: Portal, script: Script, corpus: Path, entry: dict[str, Any]) -> Outcome:
    """Upload a file, wait for the end of its job, then upload a valid page."""
    path = corpus / entry["path"]
    with peaks(portal) as peak:
        started = time.perf_counter()
        answer = script.try_to_submit(path, password=entry.get("password", ""))
        job: dict[str, Any] = {"documents": [], "id": None}
        if answer.status_code == 201:
            script.wait(answer.json()["id"], must_be_done=False)
            job = script.job(answer.json()["id"])
        seconds = time.perf_counter() - started
    started = time.perf_counter()
    script.wait(script.submit(SAMPLES / "line_mixed.jpg"))
    pages = [page for document in job["documents"] for page in document["pages"]]
    messages = [row["error"]["message"] for row in (*job["documents"], *pages) if row["error"]]
    if answer.status_code != 201:
        messages = [answer.json()["message"]]
    made = [page for page in pages if page["status"] == "done"]
    return Outcome(
        path=entry["path"],
        expected=expectation(entry),
        pages=len(made),
        text=script.export(job["id"], "txt").decode() if made else "",
        refusal=" ".join(dict.fromkeys(messages)),
        seconds=seconds,
        worker_mb=peak["celery"],
        next_seconds=time.perf_counter() - started,
        limit=MAX_SECONDS if entry["group"] == "hostile" else float("inf"),
    )


def expectation(entry: dict[str, Any]) -> str:
    """The expectation of the manifest, as in :class:`Outcome`."""
    if entry["group"] == "hostile":
        words = {"rejected_clear_message": "rejected", "processed_or_rejected": "either"}
        return words.get(entry["expected"], "processed")
    return str(entry["pages"]) if entry.get("pages") else "processed"


def table(outcomes: list[Outcome]) -> str:
    """A Markdown table with a row per file."""
    lines = [
        "| File | Expected | Pages | Characters | Message | s | Worker MB | Next s | |",
        "|---|---|--:|--:|---|--:|--:|--:|---|",
    ]
    for outcome in outcomes:
        verdict = "" if outcome.is_right else "**wrong**"
        lines.append(
            f"| {outcome.path} | {outcome.expected} | {outcome.pages} "
            f"| {len(''.join(outcome.text.split()))} | {outcome.refusal} | {outcome.seconds:.1f} "
            f"| {outcome.worker_mb:.0f} | {outcome.next_seconds:.1f} | {verdict} |"
        )
    wrong = sum(not outcome.is_right for outcome in outcomes)
    return "\n".join([*lines, "", f"{len(outcomes)} files, {wrong} of them wrong."])


if __name__ == "__main__":
    main()
