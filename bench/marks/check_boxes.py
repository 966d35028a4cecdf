"""Check boxes with the right state at the right place, on forms drawn from seeds.

The rules were made on the forms of the tuning seeds; those of the test seeds only measure them.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

import django
from rapidfuzz.distance import Levenshtein

from bench.comparison import comparable
from bench.document_table import report_table
from bench.marks.drawn_forms import drawn_form
from ocrportal.catalogue.spec import services
from ocrportal.engines import engine_for
from ocrportal.geometry import Rect, group_rows
from ocrportal.results import Line

TABLE = "check boxes"
PARTS = {"tuning": range(40), "test": range(1000, 1040)}
CHECK_BOXES = "☐☑☒■"


@dataclass(frozen=True, slots=True)
class Measured:
    """The forms of one part: their check boxes, those in the result, and those that are right."""

    part: str
    drawn: int
    found: int
    right: int


def measure(part: str) -> Measured:
    """Read the forms of a part; a box is right between the same letters with the same state."""
    drawn = found = right = 0
    for seed in PARTS[part]:
        form = drawn_form(seed)
        result = engine_for("local").recognise(form.image, services()["general-text"], {})
        truth = comparable("".join(form.lines))
        text = "".join(line.text for row in _rows(result.lines) for line in row)
        text = comparable(text).replace("□", "☐")
        drawn += sum(char in CHECK_BOXES for char in truth)
        found += sum(char in CHECK_BOXES for char in text)
        for step in Levenshtein.opcodes(text, truth):
            if step.tag == "equal":
                same = truth[step.dest_start : step.dest_end]
                right += sum(char in CHECK_BOXES for char in same)
    return Measured(part, drawn, found, right)


def _rows(lines: tuple[Line, ...]) -> list[list[Line]]:
    return group_rows(lines, lambda line: Rect.around(line.box))


def table(results: list[Measured]) -> str:
    """A Markdown table."""
    return "\n".join(
        [
            "| Part | Check boxes | Precision | Recall |",
            "|---|--:|--:|--:|",
            *(
                f"| {r.part} | {r.drawn} | {r.right / r.found:.4f} | {r.right / r.drawn:.4f} |"
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
    results = [measure(part) for part in PARTS]
    report_table(table(results), options.table, TABLE)


if __name__ == "__main__":
    main()
