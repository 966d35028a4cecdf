"""The text under seals and watermarks, on pages drawn from seeds.

The rules were made on the pages of the tuning seeds; those of the test seeds only measure them.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django
from rapidfuzz.distance import Levenshtein

from bench.comparison import comparable
from bench.document_table import report_table
from bench.marks.drawn_pages import MarkedPage, sealed_page, watermarked_page
from ocrportal.catalogue.spec import services
from ocrportal.engines import engine_for

TABLE = "marks"
PARTS = {"tuning": range(30), "test": range(1000, 1030)}
DRAWN: dict[str, Callable[[int], MarkedPage]] = {
    "seals over text": sealed_page,
    "watermarks": watermarked_page,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """The pages of one kind and part."""

    kind: str
    part: str
    pages: int
    characters: int
    errors: int


def measure(kind: str, part: str) -> Measured:
    """Read the pages of a kind; their lines are compared from the top of the page."""
    characters = errors = 0
    for seed in PARTS[part]:
        page = DRAWN[kind](seed)
        result = engine_for("local").recognise(page.image, services()["general-text"], {})
        lines = sorted(result.lines, key=lambda line: line.box[0][1])
        truth = comparable("".join(page.lines))
        characters += len(truth)
        errors += Levenshtein.distance(comparable("".join(line.text for line in lines)), truth)
    return Measured(kind, part, len(PARTS[part]), characters, errors)


def table(results: list[Measured]) -> str:
    """A Markdown table."""
    return "\n".join(
        [
            "| Pages | Part | Number | Characters | Error rate |",
            "|---|---|--:|--:|--:|",
            *(
                f"| {r.kind} | {r.part} | {r.pages} | {r.characters} "
                f"| {r.errors / r.characters:.4f} |"
                for r in results
            ),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", type=Path, help="a document whose table is updated")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocrportal.settings")
    django.setup()
    results = [measure(kind, part) for kind in DRAWN for part in PARTS]
    report_table(table(results), options.table, TABLE)


if __name__ == "__main__":
    main()
