"""Real pages whose order is known: the text error of pages in Debian's packages.

    python -m bench.quality.packaged_documents [--part tuning|test|both] [--dump DIR]
        [--table docs/quality.md]

Needs apt-get and dpkg-deb; ``bench/documents/packaged.py`` describes the pages.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import django

from bench.document_table import report_table
from bench.documents.packaged import DOCUMENTS, PackagedDocument, fetch, picture, true_page
from bench.documents.reading import ReadDocument, recognised_page
from bench.documents.split import PARTS, Part
from bench.network_cache import cached_networks
from bench.quality.measures.dump import dump
from bench.quality.measures.order import order_distance, placed_blocks, text_errors

TABLE = "packaged documents"


@dataclass(frozen=True, slots=True)
class Measured:
    """Errors and moved blocks of one page."""

    document: PackagedDocument
    errors: int
    characters: int
    moved: int
    blocks: int


def measure(document: PackagedDocument, number: int, folder: Path | None) -> Measured:
    """Compare a page with the text of its file; write it into ``folder`` too."""
    data = picture(document, number).read_bytes()
    name = f"{document.name}-{number}"
    read = ReadDocument(name, [(recognised_page(number, data), true_page(document, number))])
    blocks = placed_blocks(read.truth, read.pages)
    if folder and document.part == "tuning":
        dump(folder, name, read)
    return Measured(document, *text_errors(blocks, read.text), *order_distance(blocks))


def table(results: list[Measured]) -> str:
    """A Markdown table with a row for each group and part."""
    lines = [
        "| Group | Part | Pages | Characters | Text error | Order |",
        "|---|---|--:|--:|--:|--:|",
    ]
    for (group, part), some in groupby(results, key=lambda r: (r.document.group, r.document.part)):
        lines.append(_row(group, part, list(some)))
    for part in dict.fromkeys(result.document.part for result in results):
        lines.append(_row("**all**", part, [r for r in results if r.document.part == part]))
    return "\n".join(lines)


def _row(group: str, part: Part, results: list[Measured]) -> str:
    length = sum(result.characters for result in results)
    errors = sum(result.errors for result in results) / max(1, length)
    moved = sum(r.moved for r in results) / max(1, sum(r.blocks for r in results))
    return f"| {group} | {part} | {len(results)} | {length} | {errors:.4f} | {moved:.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=(*PARTS, "both"), default="both")
    parser.add_argument("--dump", type=Path, help="a folder for pages of the tuning part")
    parser.add_argument("--table", type=Path, help="a document whose table is updated")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocrportal.settings")
    django.setup()
    results = []
    with cached_networks():
        for document in DOCUMENTS:
            if options.part not in ("both", document.part):
                continue
            fetch(document.package)
            for number in document.pages:
                result = measure(document, number, options.dump)
                results.append(result)
                print(
                    f"{document.name + f'-{number}':28} {document.part:6} "
                    f"text {result.errors / max(1, result.characters):.4f} of {result.characters}"
                    f"  order {result.moved}/{result.blocks}",
                    flush=True,
                )
    report_table(table(results), options.table, TABLE)


if __name__ == "__main__":
    main()
