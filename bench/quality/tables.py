"""Tables compared with the true ones: TEDS, also after export to Excel and Word.

    python -m bench.quality.tables --corpus DIR [--table docs/quality.md]

Each image has an HTML file with one or more true tables. Each table found beyond these counts as
a table with a score of 0. Pages of ``scans_gt`` show how many tables are found on pages of text.
"""

from __future__ import annotations

import argparse
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from statistics import mean

import django
import docx
import openpyxl
from lxml import html
from PIL import Image

from bench.comparison import comparable
from bench.corpus import full_text_pages
from bench.document_table import report_table
from bench.quality.teds import teds
from ocrportal.catalogue.spec import services
from ocrportal.engines import engine_for
from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.writing import write_document
from ocrportal.layout.document import LaidOutDocument
from ocrportal.layout.source import RecognisedDocument, RecognisedPage
from ocrportal.results import Cell, PageResult, Table

TABLE = "tables"


@dataclass(frozen=True, slots=True)
class Measured:
    """TEDS of one image: with and without texts, and with texts after an export."""

    name: str
    score: float
    structure: float
    by_xlsx: float
    by_docx: float


def true_tables(path: Path) -> list[Table]:
    """The tables of an HTML file."""
    tree = html.fromstring(f"<div>{path.read_text('utf-8')}</div>")
    return [_table(element) for element in tree.iter("table")]


def _table(element: html.HtmlElement) -> Table:
    taken: set[tuple[int, int]] = set()
    cells = []
    rows = list(element.iter("tr"))
    for number, row in enumerate(rows):
        column = 0
        for entry in row.iter("td", "th"):
            while (number, column) in taken:
                column += 1
            down, across = int(entry.get("rowspan", 1)), int(entry.get("colspan", 1))
            cells.append(Cell(entry.text_content(), number, column, down, across))
            taken |= {(number + i, column + k) for i in range(down) for k in range(across)}
    return Table(len(rows), max(column for _, column in taken) + 1, tuple(cells))


def from_xlsx(data: bytes) -> list[Table]:
    """The sheets that hold a table, as tables."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [_sheet(sheet) for sheet in book.worksheets if sheet.title != "Text"]


def _sheet(sheet: openpyxl.worksheet.worksheet.Worksheet) -> Table:
    spans = {
        (area.min_row, area.min_col): (
            area.max_row - area.min_row + 1,
            area.max_col - area.min_col + 1,
        )
        for area in sheet.merged_cells.ranges
    }
    hidden = {
        (row, column)
        for (top, left), (down, across) in spans.items()
        for row in range(top, top + down)
        for column in range(left, left + across)
        if (row, column) != (top, left)
    }
    cells = [
        Cell(_shown(entry), entry.row - 1, entry.column - 1, *spans.get(place, (1, 1)))
        for row in sheet.iter_rows()
        for entry in row
        if (place := (entry.row, entry.column)) not in hidden
    ]
    return Table(sheet.max_row, sheet.max_column, tuple(cells))


def _shown(entry: openpyxl.cell.cell.Cell) -> str:
    """The stored value of a cell, as text."""
    return "" if entry.value is None else str(entry.value)


def from_docx(data: bytes) -> list[Table]:
    """The tables of a Word document."""
    tables = []
    for table in docx.Document(io.BytesIO(data)).tables:
        places: dict[object, list[tuple[int, int, str]]] = {}
        for number, row in enumerate(table.rows):
            for column, cell in enumerate(row.cells):
                places.setdefault(cell._tc, []).append((number, column, cell.text))
        cells = [
            Cell(
                some[0][2],
                some[0][0],
                some[0][1],
                some[-1][0] - some[0][0] + 1,
                some[-1][1] - some[0][1] + 1,
            )
            for some in places.values()
        ]
        tables.append(Table(len(table.rows), len(table.columns), tuple(cells)))
    return tables


def page_score(found: list[Table], truth: list[Table], text_of: Callable[[str], str]) -> float:
    """The mean over the tables of a page, in order; a missing one and a false one count 0."""
    return mean(
        teds(a, b, text_of) if a is not None and b is not None else 0.0
        for a, b in zip_longest(found, truth)
    )


def recognised(path: Path) -> PageResult:
    """The result of the built-in engine for an image."""
    with Image.open(path) as picture:
        return engine_for("local").recognise(picture, services()["general-text"], {})


def exported(result: PageResult, path: Path, key: str) -> bytes:
    """The result as a file of the format ``key``."""
    out = io.BytesIO()
    page = RecognisedPage(1, result, path.read_bytes)
    document = RecognisedDocument(path.stem, 1, lambda: iter([page]))
    write_document(LaidOutDocument(path.stem, (document,)), FORMATS[key], out)
    return out.getvalue()


def measure(path: Path) -> Measured:
    """Compare the tables of one image with the HTML file beside it."""
    truth = true_tables(path.with_suffix(".gt.html"))
    result = recognised(path)
    found = list(result.tables)
    ways = {key: read(exported(result, path, key)) for key, read in READERS.items()}
    return Measured(
        path.name,
        page_score(found, truth, comparable),
        page_score(found, truth, lambda _text: ""),
        *(page_score(tables if found else [], truth, comparable) for tables in ways.values()),
    )


READERS = {"xlsx": from_xlsx, "docx": from_docx}


def table(results: list[Measured], plain: dict[str, int]) -> str:
    """Two Markdown tables: the scores, and the tables found on pages of text."""
    average = Measured(
        "**mean**",
        *(
            mean(getattr(result, name) for result in results)
            for name in ("score", "structure", "by_xlsx", "by_docx")
        ),
    )
    return "\n".join(
        [
            "| Image | TEDS | TEDS-Struct | after XLSX | after DOCX |",
            "|---|--:|--:|--:|--:|",
            *(
                f"| {r.name} | {r.score:.4f} | {r.structure:.4f} | {r.by_xlsx:.4f} "
                f"| {r.by_docx:.4f} |"
                for r in [*results, average]
            ),
            "",
            f"| Page of `scans_gt` with tables found, of {len(plain)} | Tables |",
            "|---|--:|",
            *(f"| {name} | {count} |" for name, count in plain.items() if count),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=os.environ.get("OCRPORTAL_CORPUS"))
    parser.add_argument("--table", type=Path, help="a document whose table is updated")
    options = parser.parse_args()
    if options.corpus is None:
        parser.error("give --corpus DIR, or set OCRPORTAL_CORPUS")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ocrportal.settings")
    django.setup()
    results = [measure(path) for path in sorted((options.corpus / "tables_gt").glob("*.png"))]
    plain = {
        page.name: len(recognised(page.path).tables) for page in full_text_pages(options.corpus)
    }
    report_table(table(results, plain), options.table, TABLE)


if __name__ == "__main__":
    main()
