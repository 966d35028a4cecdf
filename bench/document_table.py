"""Print the table of a benchmark, and update it in a document."""

from __future__ import annotations

from pathlib import Path


def report_table(table: str, document: Path | None, name: str) -> None:
    """Print a table; if there is a document, :func:`replace_table` in it."""
    print(table)
    if document is not None:
        replace_table(document, name, table)


def replace_table(document: Path, name: str, table: str) -> None:
    """Replace what is between ``<!-- NAME: begin -->`` and ``<!-- NAME: end -->``.

    Raises ValueError if the document does not have both marks.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, found_begin, rest = document.read_text("utf-8").partition(begin)
    _old, found_end, after = rest.partition(end)
    if not (found_begin and found_end):
        raise ValueError(f"{document} has no table “{name}”")
    document.write_text(f"{before}{begin}\n{table}\n{end}{after}", "utf-8")
