"""Reading order of random arrangements of lines, for kinds known to the rules and for new ones.

    python -m bench.layout.reading_order [--pages 40] [--table docs/quality.md]

No page is drawn or recognised: ``arrangements.py`` makes the boxes of the lines. The error is
the share of characters that have to be deleted, inserted or replaced to restore the true order.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from bench.comparison import comparable
from bench.document_table import report_table
from bench.layout.arrangements import TEST, TUNING, Kind, arranged
from ocrportal.layout.page import lay_out_page
from ocrportal.layout.plain_text import page_text
from ocrportal.layout.source import RecognisedPage

TABLE = "reading order table"
WRONG = 0.02
"""A page with a greater error is out of order."""


def order_error(kind: Kind, seed: int) -> float:
    """The error of one page."""
    page, lines = arranged(kind, seed)
    laid_out = lay_out_page(RecognisedPage(1, page, lambda: b""))
    truth = comparable("".join(lines))
    found = comparable(page_text(laid_out, keep_lines=True))
    return Levenshtein.distance(found, truth) / len(truth)


def rows(part: str, kinds: Sequence[Kind], pages: int) -> list[str]:
    """The rows of a part for the table, and its mean."""
    found = []
    total: list[float] = []
    for kind in kinds:
        errors = [order_error(kind, seed) for seed in range(pages)]
        total += errors
        found.append(_row(kind.__name__.replace("_", " "), part, errors))
    return [*found, _row("**all**", part, total)]


def _row(name: str, part: str, errors: list[float]) -> str:
    wrong = sum(error > WRONG for error in errors)
    return f"| {name} | {part} | {sum(errors) / len(errors):.4f} | {wrong} / {len(errors)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=40, help="pages of each kind")
    parser.add_argument("--table", type=Path, help="a document whose table is updated")
    options = parser.parse_args()
    lines = [
        "| Arrangement | Part | Error | Pages out of order |",
        "|---|---|--:|--:|",
        *rows("tuning", TUNING, options.pages),
        *rows("test", TEST, options.pages),
    ]
    table = "\n".join(lines)
    report_table(table, options.table, TABLE)


if __name__ == "__main__":
    main()
