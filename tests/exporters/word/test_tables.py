import io
from dataclasses import replace

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.table import Table as WordTable

from ocrportal.exporters.word.document import write_word
from ocrportal.exporters.word.runs import TextWriter
from ocrportal.exporters.word.tables import printed_table, table_element
from ocrportal.geometry import Quad
from ocrportal.layout.blocks import TableBlock, TextLine
from ocrportal.layout.fields import (
    Entry,
    FieldGroup,
    ItemTable,
)
from ocrportal.results import Cell, Line, PageResult, Table, Type, TypeRun
from tests.exporters.pages import corners, document, line, page_of, typed


def _text(cell) -> str:
    (paragraph,) = cell.paragraphs
    return "".join(f"*{run.text}*" if run.bold else run.text for run in paragraph.runs)


def _grid(table: Table, **how) -> list[list[str]]:
    word = WordTable(table_element(table, TextWriter(), **how), Document())
    return [[_text(cell) for cell in row.cells] for row in word.rows]


def test_positions_without_a_cell_are_empty_cells():
    table = Table(2, 2, (Cell("a", 0, 1), Cell("b", 1, 0)))
    assert _grid(table) == [["", "a"], ["b", ""]]


def test_a_cell_may_span_rows_and_columns_at_once():
    table = Table(3, 3, (Cell("big", 0, 0, 2, 2), Cell("c", 0, 2), Cell("d", 2, 1, 1, 2)))
    assert _grid(table) == [["big", "big", "c"], ["big", "big", ""], ["", "d", "d"]]


def test_labels_are_bold_and_narrow():
    group = FieldGroup("", (Entry("Name", "张三"), Entry("Sex", "男")))
    table = group.as_table()
    assert _grid(table, labels=True) == [["*Name*", "张三"], ["*Sex*", "男"]]
    widths = [
        int(w.get(qn("w:w")))
        for w in table_element(table, TextWriter(), labels=True).iter(qn("w:tcW"))
    ]
    assert widths == [1500, 3500] * 2


def test_the_header_row_of_items_is_bold_and_repeated_on_each_page():
    items = ItemTable("Goods", ("Name", "Tax"), ((Entry("Name", "a"), Entry("Tax", "")),))
    table = items.as_table()
    assert _grid(table, head_row=True) == [["*Name*", "*Tax*"], ["a", ""]]
    heads = table_element(table, TextWriter(), head_row=True).findall(f".//{qn('w:tblHeader')}")
    assert len(heads) == 1


def _statement(ruled_edges: tuple[int, ...] | None = (0, 1, 3)) -> tuple[TableBlock, PageResult]:
    """Labels 400 pixels wide beside amounts 200 pixels wide, in rows 40 pixels high."""
    texts = [("Item", "2023"), ("Cash", "1,204"), ("Fees paid", "87")]
    cells, lines = [], []
    for row, (label, amount) in enumerate(texts):
        top = 200 + 40 * row
        cells.append(Cell(label, row, 0, box=corners(100, top, 500, top + 40)))
        cells.append(Cell(amount, row, 1, box=corners(500, top, 700, top + 40)))
        lines.append(line(label, 110, top + 10, 110 + 10 * len(label), top + 30))
        lines.append(line(amount, 690 - 10 * len(amount), top + 10, 690, top + 30))
    table = Table(
        3, 2, tuple(cells), box=corners(100, 200, 700, 320), head_rows=1, ruled_edges=ruled_edges
    )
    return _printed(table, lines)


def _printed(table: Table, lines: list[Line]) -> tuple[TableBlock, PageResult]:
    printed = tuple(TextLine((found.text,), (place,)) for place, found in enumerate(lines))
    return TableBlock(table, printed), PageResult(width=1000, height=1400, lines=tuple(lines))


def _element(block: TableBlock, page: PageResult):
    """The table at half a point per pixel, 20 points from the left margin."""
    return printed_table(block, page, 0.5, 20.0).element(TextWriter())


def _values(element, name: str, attribute: str = "w:val") -> list[str]:
    return [found.get(qn(attribute)) for found in element.iter(qn(name))]


def test_a_printed_table_has_its_place_and_its_measures():
    element = _element(*_statement())
    assert _values(element, "w:tblInd", "w:w") == ["400"]
    assert _values(element, "w:tblW", "w:w") == ["6000"]
    assert _values(element, "w:gridCol", "w:w") == ["4000", "2000"]
    assert _values(element, "w:trHeight") == ["400", "400", "400"]
    assert _values(element, "w:tblLayout", "w:type") == ["fixed"]


def test_numbers_are_at_the_right_as_printed():
    element = _element(*_statement())
    assert _values(element, "w:jc") == ["left", "right"] * 3


def test_rows_are_not_higher_than_printed():
    element = _element(*_statement())
    assert set(_values(element, "w:spacing", "w:lineRule")) == {"exact"}
    assert all(int(pitch) <= 400 for pitch in _values(element, "w:spacing", "w:line"))


def test_a_type_that_is_too_wide_for_its_cell_is_smaller():
    table = Table(
        2,
        2,
        (
            Cell("a", 0, 0, box=corners(100, 200, 400, 240)),
            Cell("b", 0, 1, box=corners(400, 200, 700, 240)),
            Cell("c", 1, 0, box=corners(100, 240, 400, 280)),
            Cell("合计人民币金额大写总计数", 1, 1, box=corners(400, 240, 700, 280)),
        ),
    )
    lines = [line("a", 110, 210, 130, 235), line("合计人民币金额大写总计数", 405, 245, 695, 275)]
    sizes = [int(size) for size in _values(_element(*_printed(table, lines)), "w:sz")]
    assert sizes[-1] * 12 <= 2 * 150 < 24 * 12 * 1.1  # 12 Han characters in 150 points


def test_only_the_printed_rulings_are_drawn():
    element = _element(*_statement())
    rows = [
        [[side.tag.split("}")[1] for side in borders] for borders in row.iter(qn("w:tcBorders"))]
        for row in element.iter(qn("w:tr"))
    ]
    assert rows == [[["top", "bottom"]] * 2, [["top"]] * 2, [["bottom"]] * 2]
    assert _values(element, "w:tblStyle") == ["TableNormal"]
    assert _values(_element(*_statement(None)), "w:tblStyle") == ["TableGrid"]


def test_the_printed_head_is_repeated_on_each_page():
    rows = _element(*_statement()).iter(qn("w:tr"))
    assert [len([*row.iter(qn("w:tblHeader"))]) for row in rows] == [1, 0, 0]


def test_a_cell_has_its_printed_type():
    block, page = _statement()
    run = TypeRun(0.0, 1.0, Type(size=20.0, bold=True, underline=True))
    lines = tuple(
        replace(found, runs=(run,)) if found.text == "1,204" else found for found in page.lines
    )
    word = WordTable(_element(block, replace(page, lines=lines)), Document())
    assert [[_text(cell) for cell in row.cells] for row in word.rows] == [
        ["Item", "2023"],
        ["Cash", "*1,204*"],
        ["Fees paid", "87"],
    ]
    assert word.rows[1].cells[1].paragraphs[0].runs[0].underline


def test_rows_of_later_pages_have_the_alignment_of_their_columns():
    block, page = _statement()
    more = (Cell("Rent", 3, 0), Cell("5", 3, 1))
    table = replace(block.table, rows=4, cells=(*block.table.cells, *more))
    element = _element(replace(block, table=table), page)
    assert _values(element, "w:jc")[-2:] == ["left", "right"]
    heights = _values(element, "w:trHeight")
    assert heights[3] == heights[2]


def _box(left: float, top: float, width: float, height: float) -> Quad:
    return corners(left, top, left + width, top + height)


def test_a_row_that_begins_a_page_in_print_begins_one_in_word():
    block, page = _statement()
    more = (Cell("Rent", 3, 0), Cell("5", 3, 1))
    table = replace(block.table, rows=4, cells=(*block.table.cells, *more))
    element = _element(replace(block, table=table, page_rows=(3,)), page)
    breaks = [bool(list(row.iter(qn("w:pageBreakBefore")))) for row in element.findall(qn("w:tr"))]
    assert breaks == [False, False, False, True]


def test_an_empty_cell_makes_its_row_no_higher():
    block, page = _statement()
    cells = tuple(replace(cell, text="") for cell in block.table.cells)
    element = _element(replace(block, table=replace(block.table, cells=cells), lines=()), page)
    pitches = [int(value) for value in _values(element, "w:spacing", "w:line")]
    assert len(pitches) == 6
    assert max(pitches) <= 400


def test_text_of_one_cell_has_one_size_however_its_size_is_measured():
    """The type of the cell is that of its table."""
    block, page = _statement()
    amount = page.lines[3]
    run = TypeRun(0, len(amount.text), Type(size=30.0))
    lines = (*page.lines[:3], replace(amount, runs=(run,)), *page.lines[4:])
    element = _element(block, replace(page, lines=lines))
    assert len(set(_values(element, "w:sz"))) == 1


def test_a_table_that_wider_type_would_move_to_the_next_page_has_smaller_type():
    text = "A label that nearly fills the width of its cell in print"
    cells = tuple(
        Cell(text, row, 0, box=corners(100, 200 + 40 * row, 560, 240 + 40 * row))
        for row in range(3)
    )
    rows = [line(text, 105, 210 + 40 * row, 555, 230 + 40 * row) for row in range(3)]
    block, page = _printed(Table(3, 1, cells, box=corners(100, 200, 560, 320)), rows)

    def size(room: float) -> int:
        element = printed_table(block, page, 0.5, 0.0, room).element(TextWriter())
        return int(_values(element, "w:sz")[0])

    assert size(65.0) < size(200.0)


def _written(page: PageResult) -> WordDocument:
    out = io.BytesIO()
    write_word(document(page), out)
    return Document(out)


def test_a_table_in_the_second_column_begins_at_the_edge_of_its_column():
    left = typed(*["A row of text"] * 12, left=60, top=100)
    cells = tuple(
        Cell("cell", row, column, box=_box(560 + 150 * column, 100 + 40 * row, 150, 40))
        for row in range(6)
        for column in range(2)
    )
    table = Table(6, 2, cells, box=corners(560, 100, 860, 340))
    words = [
        line("cell", 570 + 150 * column, 108 + 40 * row, 620 + 150 * column, 132 + 40 * row)
        for row in range(6)
        for column in range(2)
    ]
    page = replace(page_of([*left, *words]), tables=(table,))
    (written,) = _written(page).tables
    indent = written._tbl.tblPr.find(qn("w:tblInd"))
    assert abs(int(indent.get(qn("w:w")))) < 20 * 12  # twips


def test_rows_of_a_table_that_fills_its_page_leave_room_below_it():
    cells = tuple(Cell("cell", row, 0, box=_box(60, 20 + 68 * row, 840, 68)) for row in range(20))
    table = Table(20, 1, cells, box=corners(60, 20, 900, 1380))
    words = [line("cell", 70, 40 + 68 * row, 130, 64 + 68 * row) for row in range(20)]
    page = replace(page_of(words), tables=(table,))
    word = _written(page)
    heights = sum(row.height.pt for row in word.tables[0].rows)
    paper = word.sections[0].page_height.pt
    assert 0.8 * paper < heights < paper - word.sections[0].bottom_margin.pt - 20 * 504 / 1400
