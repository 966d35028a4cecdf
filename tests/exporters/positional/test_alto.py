import io
from pathlib import Path

from lxml import etree

from ocrportal.exporters.positional.alto import write_alto
from tests.exporters.pages import answered, document, line, page_of, price_list, recorded

NS = "{http://www.loc.gov/standards/alto/ns-v4#}"
STRUCTURE = etree.RelaxNG(etree.parse(Path(__file__).parent / "alto.rng"))
"""The ALTO 4.4 schema of the elements that are written."""
HOSTILE = "<script>alert(1)</script> =cmd|calc \x00\x1b\ud800\"'> \u202eאבג"


def _written(*results, **about):
    out = io.BytesIO()
    write_alto(document(*results, **about), out)
    root = etree.fromstring(out.getvalue())
    STRUCTURE.assertValid(root)
    names = root.xpath("//@ID")
    assert len(names) == len(set(names))
    return root


def _place(element) -> tuple[int, ...]:
    left, top, width, height = (int(element.get(k)) for k in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    return left, top, left + width, top + height


def test_strings_are_nested_in_lines_blocks_and_pages():
    root = _written(recorded("page_en"), recorded("columns_ja"), page_of([]), recorded("turned_zh"))
    assert len(list(root.iter(f"{NS}String"))) > 100
    for inner, outer in (
        ("String", "TextLine"),
        ("TextLine", "TextBlock"),
        ("TextBlock", "PrintSpace"),
    ):
        for element in root.iter(f"{NS}{inner}"):
            assert element.getparent().tag == f"{NS}{outer}"
            left, top, right, bottom = _place(element)
            around = _place(element.getparent())
            assert around[0] <= left < right <= around[2]
            assert around[1] <= top < bottom <= around[3]


def test_a_page_has_its_size_number_language_and_confidence():
    root = _written(page_of([]), page_of([line("中文", 0, 0, 40, 20)]))
    assert [dict(page.attrib) for page in root.iter(f"{NS}Page")] == [
        {
            "ID": "page_1",
            "PHYSICAL_IMG_NR": "1",
            "LANG": "en-US",
            "WIDTH": "1000",
            "HEIGHT": "1400",
        },
        {
            "ID": "page_2",
            "PHYSICAL_IMG_NR": "2",
            "LANG": "zh-CN",
            "WIDTH": "1000",
            "HEIGHT": "1400",
            "PC": "1.00",
        },
    ]


def test_words_have_positions_and_confidence_and_spaces_between_them():
    root = _written(page_of([line("one two", 100, 50, 240, 80)]))
    (row,) = root.iter(f"{NS}TextLine")
    assert [(child.tag.removeprefix(NS), dict(child.attrib)) for child in row] == [
        (
            "String",
            {
                "CONTENT": "one",
                "HPOS": "100",
                "VPOS": "50",
                "WIDTH": "60",
                "HEIGHT": "30",
                "WC": "1.00",
            },
        ),
        ("SP", {}),
        (
            "String",
            {
                "CONTENT": "two",
                "HPOS": "180",
                "VPOS": "50",
                "WIDTH": "60",
                "HEIGHT": "30",
                "WC": "1.00",
            },
        ),
    ]


def test_fields_without_a_position_are_blocks_without_one():
    root = _written(answered("id-card"), service="id-card")
    blocks = [
        [string.get("CONTENT") for string in block.iter(f"{NS}String")]
        for block in root.iter(f"{NS}TextBlock")
    ]
    assert ["Name:", "张三"] in blocks
    assert not root.xpath("//@HPOS[. != '0']")


def _texts(element) -> list[str]:
    return [
        " ".join(string.get("CONTENT") for string in row.iter(f"{NS}String"))
        for row in element.iter(f"{NS}TextLine")
    ]


def test_a_table_is_a_composed_block_of_its_cells_without_repetitions():
    root = _written(price_list())
    (space,) = root.iter(f"{NS}PrintSpace")
    assert [child.tag.removeprefix(NS) for child in space] == [
        "TextBlock",
        "ComposedBlock",
        "TextBlock",
    ]
    table = space[1]
    assert table.get("TYPE") == "table"
    assert _place(table) == (100, 200, 500, 340)
    assert {
        cell.get("ID").removeprefix("page_1_block_2_"): (_place(cell), _texts(cell))
        for cell in table
    } == {
        "row_1_column_1": ((100, 200, 500, 260), ["Price list", "of tea"]),
        "row_2_column_1": ((100, 260, 300, 300), ["Green"]),
        "row_2_column_2": ((300, 260, 500, 300), ["12"]),
        "row_3_column_2": ((300, 300, 500, 340), ["sold out"]),
    }
    placed = [string.get("CONTENT") for string in table.iter(f"{NS}String") if string.get("HPOS")]
    assert placed == ["Price", "list", "of", "tea", "Green", "12"]
    assert _texts(space[0]) == ["Above the table"]
    assert _texts(space[2]) == ["Below the table"]


def test_cells_without_a_position_are_in_a_table_without_one():
    root = _written(answered("general-table"), service="general-table")
    (table,) = root.iter(f"{NS}ComposedBlock")
    assert table.get("HPOS") is None
    assert _texts(table) == ["表格区域识别文字块1", "表格区域识别文字块2"]
    assert sorted(_texts(root)) == ["文字区域识别文字块1", *_texts(table)]


def test_markup_in_text_is_escaped():
    root = _written(page_of([line(HOSTILE, 0, 0, 90, 20)]), title=HOSTILE)
    assert [string.get("CONTENT") for string in root.iter(f"{NS}String")] == [
        "<script>alert(1)</script>",
        "=cmd|calc",
        "\"'>",
        "\u202eאבג",
    ]
    assert root.findtext(f".//{NS}documentIdentifier").startswith("<script>alert(1)</script>")
