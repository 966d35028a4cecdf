"""The benchmarks can be imported and their tables have a place in the documents."""

import importlib
import pkgutil
from pathlib import Path

import pytest

import bench
from bench.document_table import replace_table

ROOT = Path(__file__).parent.parent
MODULES = [module.name for module in pkgutil.walk_packages(bench.__path__, "bench.")]


@pytest.mark.parametrize("name", MODULES)
def test_every_module_can_be_imported(name: str):
    importlib.import_module(name)


def test_every_table_of_a_benchmark_is_in_a_document():
    names = {
        table
        for name in MODULES
        if (table := getattr(importlib.import_module(name), "TABLE", None)) is not None
    }
    documents = "".join(path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md"))
    assert names
    assert [name for name in names if f"<!-- {name}: begin -->" not in documents] == []


def test_a_table_is_replaced_between_its_marks(tmp_path: Path):
    document = tmp_path / "page.md"
    document.write_text("Above\n<!-- t: begin -->\nold\n<!-- t: end -->\nBelow\n")
    replace_table(document, "t", "| new |")
    assert document.read_text() == "Above\n<!-- t: begin -->\n| new |\n<!-- t: end -->\nBelow\n"


def test_a_document_without_the_table_is_an_error(tmp_path: Path):
    document = tmp_path / "page.md"
    document.write_text("Above\n<!-- t: begin -->\nBelow\n")
    with pytest.raises(ValueError, match="has no table “t”"):
        replace_table(document, "t", "| new |")
    assert document.read_text() == "Above\n<!-- t: begin -->\nBelow\n"
