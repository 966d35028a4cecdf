import io

from lxml import etree, html

from ocrportal.exporters.positional.hocr import write_hocr
from tests.exporters.pages import answered, document, line, page_of, price_list, recorded

NS = "{http://www.w3.org/1999/xhtml}"
HOSTILE = "<script>alert(1)</script> =cmd|calc \x00\x1b\ud800\"'> \u202eאבג"


def _written(*results, **about) -> bytes:
    out = io.BytesIO()
    write_hocr(document(*results, **about), out)
    return out.getvalue()


def _of_class(root, name: str) -> list:
    return root.findall(f".//*[@class='{name}']")


def _bbox(element) -> tuple[int, ...]:
    (bbox,) = (p.split()[1:] for p in element.get("title").split("; ") if p.startswith("bbox"))
    return tuple(map(int, bbox))


def _rows(cell) -> list[str]:
    """The printed lines of a cell, and its lines without a position."""
    unplaced = (row for row in cell.findall(f"{NS}p") if not row.get("title"))
    return ["".join(row.itertext()) for row in (*_of_class(cell, "ocr_line"), *unplaced)]


def test_words_are_nested_in_lines_paragraphs_and_pages():
    root = etree.fromstring(_written(recorded("page_en"), recorded("page_zh")))
    pages = _of_class(root, "ocr_page")
    assert [page.get("lang") for page in pages] == ["en-US", "zh-CN"]
    words = _of_class(root, "ocrx_word")
    assert len(words) > 100
    for inner, outer in (
        ("ocr_par", "ocr_page"),
        ("ocr_line", "ocr_par"),
        ("ocrx_word", "ocr_line"),
    ):
        for element in _of_class(root, inner):
            parent = element.getparent()
            assert parent.get("class") == outer
            left, top, right, bottom = _bbox(element)
            around = _bbox(parent)
            assert around[0] <= left < right <= around[2]
            assert around[1] <= top < bottom <= around[3]


def test_a_page_has_its_size_number_and_resolution_and_a_word_its_confidence():
    page = page_of([line("one two", 100, 50, 240, 80)])
    root = etree.fromstring(_written(page_of([]), page))
    assert [div.get("title") for div in _of_class(root, "ocr_page")] == [
        "bbox 0 0 1000 1400; ppageno 0; scan_res 200 200",
        "bbox 0 0 1000 1400; ppageno 1; scan_res 200 200",
    ]
    assert [(word.text, word.get("title"), word.tail) for word in _of_class(root, "ocrx_word")] == [
        ("one", "bbox 100 50 160 80; x_wconf 100", " "),
        ("two", "bbox 180 50 240 80; x_wconf 100", None),
    ]
    unknown = etree.fromstring(_written(page, dpi=None))
    assert _of_class(unknown, "ocr_page")[0].get("title") == "bbox 0 0 1000 1400; ppageno 0"


def test_html_parsers_read_the_same_text():
    root = html.document_fromstring(_written(recorded("page_zh")))
    rows = ["".join(row.itertext()) for row in _of_class(root, "ocr_line")]
    printed = "".join(entry.text for entry in recorded("page_zh").lines)
    assert sorted("".join(rows).replace(" ", "")) == sorted(printed.replace(" ", ""))


def test_fields_without_a_position_are_paragraphs_without_one():
    root = etree.fromstring(_written(answered("id-card"), service="id-card"))
    paragraphs = _of_class(root, "ocr_par")
    assert "Name: 张三" in [paragraph.text for paragraph in paragraphs]
    assert not any(paragraph.get("title") for paragraph in paragraphs)


def test_a_table_has_its_printed_lines_in_cells_without_repetitions():
    root = etree.fromstring(_written(price_list()))
    (page,) = _of_class(root, "ocr_page")
    assert [child.get("class") for child in page] == ["ocr_par", "ocr_table", "ocr_par"]
    table = page[1]
    assert table.tag == f"{NS}table"
    assert _bbox(table) == (100, 200, 500, 340)
    cells = [[(cell.get("colspan"), _rows(cell)) for cell in row] for row in table]
    assert cells == [
        [("2", ["Price list", "of tea"])],
        [(None, ["Green"]), (None, ["12"])],
        [(None, []), (None, ["sold out"])],
    ]
    assert [word.text for word in table.iter(f"{NS}span") if word.get("class") == "ocrx_word"] == [
        *("Price", "list", "of", "tea", "Green", "12"),
    ]
    assert "".join(root.itertext()).count("Green") == 1


def test_cells_without_a_position_are_in_a_table_without_one():
    root = etree.fromstring(_written(answered("general-table"), service="general-table"))
    (table,) = _of_class(root, "ocr_table")
    assert table.get("title") is None
    assert [[cell.findtext(f"{NS}p") for cell in row] for row in table] == [
        ["表格区域识别文字块1", "表格区域识别文字块2"]
    ]
    assert "".join(root.itertext()).count("表格区域识别文字块1") == 1
    assert [row.text for row in root.findall(f".//{NS}div/{NS}p")] == ["文字区域识别文字块1"]


def test_markup_in_text_is_escaped():
    written = _written(page_of([line(HOSTILE, 0, 0, 90, 20)]), title=HOSTILE)
    root = etree.fromstring(written)
    (row,) = _of_class(root, "ocr_line")
    assert "".join(row.itertext()) == "<script>alert(1)</script> =cmd|calc \"'> \u202eאבג"
    assert (
        root.findtext(f"{NS}head/{NS}title") == "<script>alert(1)</script> =cmd|calc \"'> \u202eאבג"
    )
    assert not list(root.iter(f"{NS}script"))
