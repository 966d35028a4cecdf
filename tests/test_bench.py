"""The benchmarks can be imported, their tables have a place in the documents, and generated
documents are what their truth states."""

import importlib
import io
import os
import pkgutil
import random
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

import bench
from bench.comparison import comparable
from bench.document_table import replace_table
from bench.documents.kinds import KINDS
from bench.documents.markup import Design, block, cell, check_box, paragraph, region, table
from bench.documents.packaged import PackagedDocument, true_page
from bench.documents.printing import DPI, PrintedDocument, Printer
from bench.documents.samples import design_of
from bench.documents.split import TEST_KINDS, seeds
from bench.documents.truth import TrueBlock, TruePage, TrueRegion
from bench.documents.variants import VARIANTS, picture_of
from bench.quality.measures.order import PlacedBlock, order_distance, text_errors
from bench.quality.measures.read_areas import read_areas, without_area_texts
from ocrportal.geometry import Rect
from ocrportal.results import Block, PageResult
from tests.exporters.pages import laid_out

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


def all_designs(seed: int) -> dict[str, str]:
    """A digest of the document of each kind with this seed."""
    return {kind: sha256(design_of(kind, seed).html().encode()).hexdigest() for kind in KINDS}


def test_a_kind_and_a_seed_always_give_the_same_document():
    designs = all_designs(3)
    # The order of a set differs between processes.
    command = [sys.executable, "-c", "from tests.test_bench import *; print(all_designs(3))"]
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == str(designs)
    assert not set(designs.values()) & set(all_designs(5).values())


def test_the_split_is_fixed_and_keeps_whole_kinds_for_the_test():
    assert seeds("paper", "tuning", 3) == [0, 2, 4]
    assert seeds("paper", "test", 3) == [1, 3, 5]
    assert seeds("newspaper", "tuning", 3) == []
    assert seeds("newspaper", "test", 2) == [1, 3]
    assert sorted(TEST_KINDS) == [
        "card_grid",
        "certificate",
        "exam_paper",
        "financial_table",
        "government_table",
        "newspaper",
    ]


@pytest.fixture(scope="module")
def printer(tmp_path_factory: pytest.TempPathFactory):
    with Printer(tmp_path_factory.mktemp("documents")) as printer:
        yield printer


def text_in(document: PrintedDocument, page: int, box: Rect) -> str:
    """The text that the PDF has within a box."""
    with pdfium.PdfDocument(document.pdf) as pdf:
        scale, height = 72 / DPI, pdf[page].get_height()
        text = (
            pdf[page]
            .get_textpage()
            .get_text_bounded(
                left=box.left * scale - 1,
                bottom=height - box.bottom * scale - 1,
                right=box.right * scale + 1,
                top=height - box.top * scale + 1,
            )
        )
    return comparable(text)


@pytest.mark.parametrize(("kind", "seed"), [("paper", 0), ("unruled_table", 2)])
def test_every_true_line_is_at_its_place_in_the_pdf(printer: Printer, kind: str, seed: int):
    document = printer.print(f"{kind}-{seed}", design_of(kind, seed))
    for number, page in enumerate(document.pages):
        assert page.blocks
        for line in page.lines:
            assert comparable(line.text) in text_in(document, number, line.box)


def test_the_truth_is_what_the_page_shows_in_the_order_of_its_html(printer: Printer):
    page = (
        block("heading", "A &amp; B", tag="h1", level=1)
        + '<div data-aside style="position:absolute;top:0">'
        + paragraph("Beside")
        + "</div>"
        + paragraph("One two " * 30, style="width:60mm;font-style:italic")
        + table([[cell("Both", columns=2)], [cell("1"), cell("2", cls="num")]])
        + block("paragraph", check_box("checked") + "yes " + check_box("empty", drawn=False) + "no")
        + '<div style="display:none">hidden</div>'
    )
    document = printer.print("parts", Design((page,), language="en"))
    head, beside, body, grid, boxes = document.pages[0].blocks
    assert (head.kind, head.level, head.text) == ("heading", 1, "A & B")
    assert head.runs[0].style.bold
    assert beside.aside is not None
    assert beside.is_aside
    assert not body.is_aside
    assert body.text == ("One two " * 30).strip()
    assert body.runs[0].style.italic
    assert len(body.lines) > 3
    assert " ".join(line.text for line in body.lines) == body.text
    assert grid.table is not None
    assert (grid.table.rows, grid.table.columns) == (2, 2)
    assert [(c.text, c.row, c.column, c.column_span) for c in grid.table.cells] == [
        ("Both", 0, 0, 2),
        ("1", 1, 0, 1),
        ("2", 1, 1, 1),
    ]
    assert boxes.text == "☑yes ☐no"
    regions = [(region.kind, region.state) for region in document.pages[0].regions]
    assert regions == [("check_box", "checked"), ("check_box", "empty")]


def test_blocks_that_do_not_fit_are_removed_with_a_heading_above_them(printer: Printer):
    parts = [paragraph("Fits"), block("heading", "Alone", tag="h2"), paragraph("Too long " * 900)]
    page = f'<div class="grow" data-fit>{"".join(parts)}</div>'
    document = printer.print("overfull", Design((page,), language="en"))
    assert document.pages[0].text == "Fits"


def test_a_document_beyond_its_page_is_an_error(printer: Printer):
    page = paragraph("Outside", style="position:absolute;left:400mm;width:50mm")
    with pytest.raises(ValueError, match="beyond page 1"):
        printer.print("outside", Design((page,)))


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_boxes_of_a_variant_are_where_its_ink_is(printer: Printer, variant: str):
    style = "position:absolute;left:50mm;top:120mm;width:30mm;height:12mm;background:#000"
    design = Design((paragraph("x") + region("figure", "", style=style),))
    document = printer.print("mark", design)
    picture = picture_of(
        document.pictures[0].read_bytes(), document.pages[0], variant, random.Random(1)
    )
    box = picture.truth.regions[0].box
    with Image.open(io.BytesIO(picture.data)) as image:
        ink = image.convert("L").point(lambda shade: 255 * (shade < 110))
        around = box.left - 20, box.top - 20, box.right + 20, box.bottom + 20
        found = ink.crop(tuple(map(round, around))).getbbox()
    assert found is not None
    margins = [found[0], found[1], 40 + box.width - found[2], 40 + box.height - found[3]]
    assert all(abs(margin - 20) < 5 for margin in margins)


def test_the_order_of_a_pdf_is_read_from_its_characters(printer: Printer):
    parts = [paragraph(f"{word} " * 40) for word in ("one", "two", "three", "four")]
    note = paragraph("Small print", style="font-size:6pt")
    flow = f'<div style="columns:2;column-fill:auto;height:52mm">{"".join(parts)}</div>'
    document = printer.print("columns", Design((flow + note,), language="en"))
    source = PackagedDocument("columns", "tuning", "", str(document.pdf.absolute()), (1,))
    page = true_page(source, 1)
    truth = document.pages[0]
    assert comparable(page.text) == comparable(truth.text)
    assert [block.kind for block in page.blocks][-1] == "caption"
    assert len(page.lines) == len(truth.lines)
    for line, true_line in zip(page.lines, truth.lines, strict=True):
        assert line.box.contains(true_line.box.center)


def test_a_figure_ends_with_its_ink(printer: Printer):
    bar = '<div style="width:20mm;height:10mm;margin:5mm 0 5mm 30mm;background:#1f4e79"></div>'
    fading = "height:20mm;border-bottom:3px solid;background:linear-gradient(#8fb7e0,#fff)"
    sky = f'<div style="{fading}"></div>'
    page = paragraph("x") + region("figure", bar) + paragraph("x") + region("figure", sky)
    first, second = printer.print("ink", Design((page,))).pages[0].regions
    millimetre = DPI / 25.4
    assert first.box.width == pytest.approx(20 * millimetre, abs=2)
    assert first.box.height == pytest.approx(10 * millimetre, abs=2)
    assert second.box.height == pytest.approx(20 * millimetre, abs=2)


def placed(text: str, place: float, **changes: object) -> PlacedBlock:
    values = {
        "kind": "paragraph", "level": 0, "text": text, "lines": (), "runs": (), "table": None,
        "box": Rect(0, place, 10, place + 1), "align": "left", "vertical": False,
        "aside": None, "either": None, "optional": False, "continues": False, **changes,
    }  # fmt: skip
    return PlacedBlock(TrueBlock(**values), 0, place)


def test_text_in_the_true_order_has_no_errors_and_exchanged_blocks_do():
    blocks = [placed("abc", 0), placed("defg", 1)]
    assert text_errors(blocks, "abc\ndefg") == (0, 7)
    errors, length = text_errors(blocks, "defg\nabc")
    assert length == 7
    assert errors > 4
    assert order_distance(blocks) == (0, 2)
    assert order_distance([placed("abc", 1), placed("defg", 0)])[0] > 0


def test_a_footnote_may_be_between_any_two_blocks_but_not_within_one():
    note = {"kind": "footnote"}
    assert (
        text_errors([placed("abc", 0), placed("x", 1, **note), placed("def", 2)], "abcxdef")[0] == 0
    )
    assert (
        text_errors([placed("abc", 0), placed("x", 3, **note), placed("def", 2)], "abcdefx")[0] == 0
    )
    assert (
        text_errors([placed("abc", 0), placed("x", 1, **note), placed("def", 2)], "axbcdef")[0] > 0
    )


def test_text_in_a_picture_may_be_left_out():
    blocks = [placed("abc", 0), placed("12", 1, optional=True)]
    assert text_errors(blocks, "abc") == (0, 3)
    assert text_errors(blocks, "abc12") == (0, 5)


def test_signatures_may_be_read_across_or_down():
    def signatures(order: str) -> list[PlacedBlock]:
        places = {name: order.index(name) for name in "abcd"}
        boxes = {"a": (0, 0), "b": (0, 20), "c": (50, 0), "d": (50, 20)}
        return [
            placed(name, places[name], either=0, box=Rect(x, y, x + 30, y + 10))
            for name, (x, y) in boxes.items()
        ]

    assert text_errors(signatures("abcd"), "abcd")[0] == 0
    assert text_errors(signatures("acbd"), "acbd")[0] == 0
    assert order_distance(signatures("acbd"))[0] == 0
    assert text_errors(signatures("dbca"), "dbca")[0] > 0


def test_the_text_of_codes_is_compared_as_a_whole_and_not_an_error():
    regions = tuple(
        TrueRegion("code", Rect(left, 0, left + 80, 80), text=text)
        for left, text in ((0, "A 1"), (100, "B 2"), (200, "C 3"), (300, ""))
    )
    truth = TruePage(400, 100, (), regions)
    found = [
        Block("code", text, Rect(left, 2, left + 80, 82).quad)
        for left, text in ((0, "A1"), (100, "X"), (300, "D"))
    ]
    page = laid_out(PageResult(400, 100, lines=(), blocks=tuple(found)))
    assert read_areas(truth, page, "code") == (3, 1, 1)
    read = laid_out(
        PageResult(400, 100, lines=(), blocks=(Block("code", "A 1", Rect(0, 2, 80, 82).quad),))
    )
    text = "above\nA 1\nA 1\nC 3\nB 2 \n"
    assert without_area_texts(text, [truth], [read]) == "above\nA 1\nC 3\nB 2 "
