"""Character error rate on real pages: the TXT export compared with three other programs.

    python -m bench.quality.accuracy --corpus DIR [--table docs/quality.md]

Needs Tesseract with ``chi_sim`` and ``eng``, and an environment with OCRmyPDF, ``rapidocr``
and ``onnxruntime`` (``--rivals``; ``make bench`` installs it). The text of the
other programs is cached in ``build/``, so that a second run measures only the portal.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from bench.comparison import comparable
from bench.corpus import CorpusPage, full_text_pages
from bench.document_table import report_table
from bench.quality.readers import (
    portal_text,
    rapidocr_reader,
    remembered,
    sidecar_reader,
    tesseract_text,
)

KEPT = Path("build/reference-texts")
TOLERANCE = 0.005
"""Maximum difference to the lowest error rate on a page without columns."""
READERS = {
    "ours": "OCR Portal",
    "rapidocr": "RapidOCR defaults",
    "tesseract": "Tesseract",
    "ocrmypdf": "OCRmyPDF",
}
"""The measured programs and the headings of their columns."""
TABLE = "accuracy table"


@dataclass(frozen=True, slots=True)
class Measured:
    """Errors of each of the ``READERS`` on one page, of ``length`` true characters."""

    page: CorpusPage
    length: int
    errors: dict[str, int]
    exact: int
    """Errors of the portal if forms of width, such as ":" and "：", are compared too."""

    @property
    def is_lost(self) -> bool:
        return self.errors["ours"] > min(self.errors.values()) + TOLERANCE * self.length


def measure(page: CorpusPage, texts: dict[str, str]) -> Measured:
    """Count the insertions, deletions and replacements that turn each text into the true one."""
    truth = comparable(page.text)
    errors = {who: Levenshtein.distance(comparable(text), truth) for who, text in texts.items()}
    exact = Levenshtein.distance(*("".join(text.split()) for text in (texts["ours"], page.text)))
    return Measured(page, len(truth), errors, exact)


def table(results: list[Measured]) -> str:
    """Two Markdown tables: by kind and language, and page by page."""
    groups: dict[str, list[Measured]] = {}
    for result in results:
        groups.setdefault(result.page.group, []).append(result)
    heads = " | ".join(READERS.values())
    lines = [
        f"| Kind, language | Pages | Characters | {heads} |",
        "|---|--:|--:" + "|--:" * len(READERS) + "|",
        *(_row(f"{name} | {len(some)}", some) for name, some in sorted(groups.items())),
        _row(f"**all** | {len(results)}", results),
        "",
        f"| Page | Characters | {heads} | |",
        "|---|--:" + "|--:" * len(READERS) + "|---|",
        *(_row(result.page.name, [result]) + f" {_note(result)} |" for result in results),
        "",
        f"With forms of width compared too, such as : and ：, {READERS['ours']} has an error of "
        f"{sum(r.exact for r in results) / sum(r.length for r in results):.4f}.",
    ]
    return "\n".join(lines)


def _row(title: str, results: Iterable[Measured]) -> str:
    results = list(results)
    length = sum(result.length for result in results)
    rates = (sum(result.errors[reader] for result in results) / length for reader in READERS)
    return f"| {title} | {length} | " + " | ".join(f"{rate:.4f}" for rate in rates) + " |"


def _note(result: Measured) -> str:
    if result.page.has_columns:
        return "columns"
    return "**behind**" if result.is_lost else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=os.environ.get("OCRPORTAL_CORPUS"))
    parser.add_argument(
        "--rivals", type=Path, default=".venv-bench/bin", help="where OCRmyPDF and RapidOCR are"
    )
    parser.add_argument("--table", type=Path, help="a document whose table is updated")
    options = parser.parse_args()
    if options.corpus is None:
        parser.error("give --corpus DIR, or set OCRPORTAL_CORPUS")

    readers = {
        "ours": portal_text,
        "rapidocr": remembered("rapidocr", rapidocr_reader(options.rivals / "python"), KEPT),
        "tesseract": remembered("tesseract", tesseract_text, KEPT),
        "ocrmypdf": remembered("ocrmypdf", sidecar_reader(options.rivals / "ocrmypdf"), KEPT),
    }
    results = [
        measure(page, {who: read(page) for who, read in readers.items()})
        for page in full_text_pages(Path(options.corpus))
    ]
    report_table(table(results), options.table, TABLE)


if __name__ == "__main__":
    main()
