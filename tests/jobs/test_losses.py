"""What a format does not hold of the pages of a job."""

from dataclasses import replace

import pytest

from ocrportal.jobs.losses import losses_in, structure_of
from ocrportal.jobs.models import Page, Result
from ocrportal.results import Block, Cell, Table
from tests.exporters.pages import corners, line, page_of

TABLE = Table(1, 1, (Cell("x", 0, 0),))
PAGE = page_of([line("x", 10, 10, 20, 20)])


@pytest.mark.parametrize(
    ("result", "structure"),
    [
        (PAGE, []),
        (replace(PAGE, tables=(TABLE,)), ["tables"]),
        (replace(PAGE, blocks=(Block("seal", "", corners(1, 1, 9, 9)),)), ["figures"]),
        (replace(PAGE, blocks=(Block("formula", "", corners(1, 1, 9, 9)),)), ["figures"]),
        (replace(PAGE, blocks=(Block("formula", "x^2", corners(1, 1, 9, 9)),)), []),
        (replace(PAGE, blocks=(Block("title", "", corners(1, 1, 9, 9)),)), []),
    ],
)
def test_tables_and_pictures_are_found_in_a_result(result, structure):
    assert structure_of(result) == structure


@pytest.mark.parametrize(
    ("key", "lost"),
    [
        ("txt", [("tables", [1, 3]), ("figures", [2, 3])]),
        ("xlsx", [("figures", [2, 3])]),
        ("docx", []),
        ("zip", []),
    ],
)
def test_a_loss_names_the_pages_that_it_concerns(key, lost):
    structures = (["tables"], ["figures"], ["tables", "figures"], [])
    pages = [
        Page(number=number, result=Result(structure=structure))
        for number, structure in enumerate(structures, start=1)
    ]
    pages += [Page(number=5), Page(number=6, result=Result())]
    found = [(loss.structure, [p.number for p in loss.pages]) for loss in losses_in(pages, key)]
    assert found == lost
    assert all(loss.message for loss in losses_in(pages, key))
