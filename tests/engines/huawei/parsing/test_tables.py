"""Tables: cells where they belong, merged ones merged, and text nowhere lost."""

from ocrportal.results import Block, PageResult

from .test_response import answer_of, read


def grid(page: PageResult) -> list[tuple[str, int, int, int, int]]:
    (table,) = page.tables
    return [(c.text, c.row, c.column, c.row_span, c.column_span) for c in table.cells]


def table_of(*cells: dict) -> PageResult:
    region = {"type": "table", "words_block_list": list(cells)}
    return read("general-table", {"result": {"words_region_list": [region]}})


def test_merged_cells_span_their_rows_and_columns():
    page = read("general-table.merged")
    assert grid(page) == [
        ("产品", 0, 0, 2, 1),
        ("销量", 0, 1, 1, 2),
        ("上半年", 1, 1, 1, 1),
        ("下半年", 1, 2, 1, 1),
        ("显示器", 2, 0, 1, 1),
        ("120", 2, 1, 1, 1),
        ("135", 2, 2, 1, 1),
        ("合计：255", 3, 0, 1, 3),
    ]
    (table,) = page.tables
    assert (table.rows, table.columns) == (4, 3)
    assert table.box == ((100, 120), (700, 120), (700, 360), (100, 360))
    assert table.cells[0].confidence == 0.99


def test_text_between_tables_stays_in_the_order_of_the_page():
    blocks = read("general-table.merged").blocks
    assert [(block.kind, block.text) for block in blocks] == [
        ("text", "销售统计表"),
        ("table", ""),
        ("text", "制表人：李四"),
    ]


def test_without_places_a_table_has_cells_and_its_text_is_a_block():
    page = read("general-table")
    assert grid(page) == [
        ("表格区域识别文字块1", 0, 0, 1, 1),
        ("表格区域识别文字块2", 0, 1, 1, 2),
    ]
    assert page.lines == ()
    assert page.blocks == (Block("text", "文字区域识别文字块1"), Block("table", ""))


def test_the_pieces_of_a_cell_are_its_text_and_lines_of_the_page():
    page = read("general-table.location")
    assert grid(page) == [("单元格识别文字块1 单元格识别文字块2", 0, 0, 1, 1)]
    (cell,) = page.tables[0].cells
    assert cell.box == ((1042, 525), (1843, 525), (1843, 664), (1042, 664))
    assert cell.confidence == (0.9942 + 0.914) / 2
    assert [line.text for line in page.lines] == [
        "文字区域识别文字块1",
        "单元格识别文字块1",
        "单元格识别文字块2",
    ]


def test_a_piece_below_another_begins_a_new_line_of_its_cell():
    answer = answer_of("general-table.location")
    pieces = answer["result"]["words_region_list"][1]["words_block_list"][0]["words_list"]
    for point in pieces[1]["location"]:
        point[1] += 60
    assert grid(read("general-table", answer))[0][0] == "单元格识别文字块1\n单元格识别文字块2"


def test_a_cell_with_only_its_own_box_becomes_a_line_inside_it():
    (line, *_) = [line for line in read("general-table.merged").lines if line.text == "销量"]
    assert line.box == ((300, 135), (700, 135), (700, 165), (300, 165))


def test_a_balance_sheet_keeps_its_place_and_figures():
    page = read("financial-statement")
    (table,) = page.tables
    assert table.box == ((100, 220), (1300, 220), (1300, 412), (100, 412))
    assert ("1,570,500.00", 3, 1, 1, 1) in grid(page)
    assert page.fields == ()


def test_of_two_cells_that_claim_one_place_no_text_is_lost():
    page = table_of(
        {"words": "wide", "rows": [0], "columns": [0, 1, 2]},
        {"words": "late", "rows": [0, 1], "columns": [2]},
        {"words": "next", "rows": [1, 2], "columns": [1, 2]},
        {"words": "over", "rows": [1], "columns": [2]},
    )
    assert grid(page) == [("wide\nlate", 0, 0, 1, 3), ("next\nover", 1, 1, 2, 2)]


def test_words_that_name_no_cell_are_kept_as_text():
    page = table_of(
        {"words": "in", "rows": [0], "columns": [0]},
        {"words": "out", "rows": [], "columns": [0]},
        {"words": "far", "rows": [10**9], "columns": [0]},
    )
    assert grid(page) == [("in", 0, 0, 1, 1)]
    assert [block.text for block in page.blocks] == ["", "out", "far"]


def test_one_number_counts_as_a_list_of_one():
    assert grid(table_of({"words": "a", "rows": 1, "columns": 0})) == [("a", 1, 0, 1, 1)]
