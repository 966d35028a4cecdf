import dataclasses
import io
import subprocess
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt
from PIL import Image

from ocrportal.catalogue.spec import services
from ocrportal.errors.export import ExportError
from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions
from ocrportal.exporters.word.document import write_word
from ocrportal.layout.blocks import Paragraph
from ocrportal.layout.source import RecognisedPage
from ocrportal.results import Block, Cell, PageResult, Table, Type, TypeRun
from tests.exporters.pages import (
    answered,
    document,
    document_of,
    line,
    page_of,
    paragraphs,
    picture,
    recorded,
    typed,
)

FULL = "正文的一行总是写到右边为止这样才能看出段落在哪里结束下一行呢"
SHORT = "这一行比较短。"


def _written(*results, options=DEFAULT_OPTIONS, **about) -> io.BytesIO:
    out = io.BytesIO()
    write_word(document(*results, **about), out, options)
    out.seek(0)
    return out


def _texts(*results) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(_written(*results)).paragraphs]


def _is_noted(part: Paragraph) -> bool:
    """Whether it is a footnote whose mark is found in the text."""
    return part.kind == "footnote" and part.text.startswith(("4", "5"))


def test_paragraphs_are_word_paragraphs_with_generated_markers_and_page_numbers():
    page = recorded("page_zh")
    parts = paragraphs(page)
    assert parts[-1].kind == "page_number"
    body = [part for part in parts if not part.is_header_or_footer and not _is_noted(part)]
    assert _texts(page) == [part.text.lstrip("•-") for part in body]


def test_each_source_page_begins_on_a_new_page():
    pages = [
        page_of([line(first, 0, 300, 20, 320), line(second, 0, 600, 20, 620)])
        for first, second in ("一二", "三四")
    ]
    paragraphs = docx.Document(_written(*pages)).paragraphs
    breaks = [paragraph.paragraph_format.page_break_before for paragraph in paragraphs]
    assert breaks == [None, None, True, None]


def test_a_page_without_text_is_kept():
    text = page_of([line("text", 0, 0, 80, 20)])
    assert _texts(text, page_of([]), text) == ["text", "", "text"]


def test_pages_of_other_sizes_are_sections_without_extra_paragraphs():
    upright = page_of([line("text", 0, 0, 80, 20)], 1654, 2339)
    across = page_of([line("text", 0, 0, 80, 20)], 2339, 1654)
    word = docx.Document(_written(upright, upright, across, upright))
    assert [
        (round(section.page_width.pt), round(section.page_height.pt), section.orientation.name)
        for section in word.sections
    ] == [(595, 842, "PORTRAIT"), (842, 595, "LANDSCAPE"), (595, 842, "PORTRAIT")]
    assert len(word.paragraphs) == 4


def test_a_page_larger_than_the_limit_of_word_is_scaled_down():
    poster = page_of([line("text", 0, 0, 80, 20)], 9933, 14043)
    (section,) = docx.Document(_written(poster, dpi=300.0)).sections
    assert round(section.page_height.pt) == 1584
    assert round(section.page_width.pt) == 1120


def test_chinese_has_a_chinese_font_and_its_own_quotation_marks():
    word = docx.Document(_written(page_of([line("他说“好”", 0, 0, 120, 20)])))
    fonts = word.styles["Normal"].element.rPr.rFonts
    assert (fonts.get(qn("w:ascii")), fonts.get(qn("w:eastAsia"))) == ("Times New Roman", "宋体")
    (run,) = word.paragraphs[0].runs
    assert run._element.rPr.rFonts.get(qn("w:hint")) == "eastAsia"


@pytest.mark.parametrize(("text", "language"), [("这是中文", "zh-CN"), ("English", "en-US")])
def test_the_language_is_that_of_the_text(text, language):
    word = docx.Document(_written(page_of([line(text, 0, 0, 200, 20)])))
    assert word.core_properties.language == language


def test_latin_letters_are_not_marked_as_chinese():
    word = docx.Document(_written(page_of([line("这是中文，有 some English。", 0, 0, 200, 20)])))
    tag = word.styles["Normal"].element.rPr.find(qn("w:lang"))
    assert (tag.get(qn("w:val")), tag.get(qn("w:eastAsia"))) == ("en-US", "zh-CN")


def test_the_file_has_its_title_and_no_metadata_of_the_template():
    file = _written(page_of([]), title="年度报告")
    properties = docx.Document(file).core_properties
    assert properties.title == "年度报告"
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.created.year > 2020
    with zipfile.ZipFile(file) as package:
        assert "docProps/thumbnail.jpeg" not in package.namelist()
        assert b"python-docx" not in b"".join(map(package.read, package.namelist()))


def test_characters_that_xml_forbids_are_removed():
    page = page_of([line("a\x00b\x0cc\ufffed𠮷", 0, 0, 200, 20)])
    assert _texts(page) == ["abcd𠮷"]


def _grid(table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_fields_are_a_table_of_labels_and_values():
    word = docx.Document(_written(answered("bankcard"), service="bankcard"))
    (table,) = word.tables
    assert _grid(table)[0] == [services()["bankcard"].label_of("bank_name"), "XX银行"]
    assert table.style.name == "Table Grid"
    assert [run.bold for row in table.rows for run in row.cells[0].paragraphs[0].runs] == [True] * 4


def test_the_fields_of_a_small_card_are_on_a4():
    card = dataclasses.replace(answered("bankcard"), width=1000, height=600)
    (section,) = docx.Document(_written(card, service="bankcard", dpi=300.0)).sections
    assert (round(section.page_width.pt), round(section.page_height.pt)) == (842, 595)


def test_items_are_a_table_below_their_title():
    word = docx.Document(_written(answered("vat-invoice"), service="vat-invoice"))
    _, items = word.tables
    assert _grid(items)[1] == [
        "食品A",
        "200g/盒",
        "盒",
        "300",
        "28.00",
        "8400.00",
        "17%",
        "1428.00",
    ]
    label = services()["vat-invoice"].label_of("item_list")
    (title,) = [paragraph for paragraph in word.paragraphs if paragraph.text == label]
    assert title.paragraph_format.keep_with_next


def test_merged_cells_are_merged_in_word():
    (table,) = docx.Document(_written(answered("general-table.merged"))).tables
    assert _grid(table) == [
        ["产品", "销量", "销量"],
        ["产品", "上半年", "下半年"],
        ["显示器", "120", "135"],
        ["合计：255", "合计：255", "合计：255"],
    ]
    assert table.cell(0, 0)._tc is table.cell(1, 0)._tc


def test_a_table_is_between_the_paragraphs_around_it():
    word = docx.Document(_written(answered("general-table.merged")))
    assert [element.tag.split("}")[1] for element in word.element.body] == [
        "p",
        "tbl",
        "p",
        "sectPr",
    ]


def test_the_gap_below_a_table_is_measured_from_its_end():
    box = line("", 100, 200, 900, 800).box
    table = Table(1, 2, (Cell("品名", 0, 0), Cell("数量", 0, 1)), box=box)
    text = [*typed("上面的文字一共有三行，", "每一行都一样长一样高，", "最后一行到这里也完了。")]
    page = dataclasses.replace(
        page_of([*text, *typed("表格下面的一行文字。", top=812)]), tables=(table,)
    )
    word = docx.Document(_written(page))
    assert word.paragraphs[-1].text == "表格下面的一行文字。"
    assert (word.paragraphs[-1].paragraph_format.space_before or 0) < Pt(6)


def test_pages_of_tables_only_begin_on_new_pages():
    page = answered("bankcard")
    word = docx.Document(_written(page, page, service="bankcard"))
    assert [element.tag.split("}")[1] for element in word.element.body] == [
        "tbl",
        "p",
        "p",
        "tbl",
        "p",
        "sectPr",
    ]
    assert [p.paragraph_format.page_break_before for p in word.paragraphs] == [None, True, None]


def test_a_page_of_a_table_only_may_have_another_size_than_the_next():
    page = answered("bankcard")
    word = docx.Document(_written(page, page_of([], 3200, 2400), service="bankcard"))
    assert [section.orientation.name for section in word.sections] == ["PORTRAIT", "LANDSCAPE"]


def test_libreoffice_reads_the_whole_document(tmp_path):
    pages = [recorded("page_zh"), recorded("receipt_en")]
    (tmp_path / "export.docx").write_bytes(_written(*pages).getvalue())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "txt:Text (encoded):UTF8",
            "export.docx",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    read = (tmp_path / "export.txt").read_text("utf-8-sig")
    rows = [row.lstrip(" \t•-") for row in read.split("\n")]
    expected = [
        part.text.lstrip("•-")
        for page in pages
        for part in paragraphs(page)
        if not part.is_header_or_footer and not _is_noted(part)
    ]
    assert [row for row in rows if row] == expected


def test_a_heading_has_the_style_of_its_level_and_the_size_of_the_print():
    rows = [*typed("馆藏与采购", em=32), *typed(*[FULL] * 6, top=200)]
    heading, body = docx.Document(_written(page_of(rows), dpi=144.0)).paragraphs
    assert (heading.style.name, heading.runs[0].font.size.pt) == ("Heading 1", 16.0)
    assert (body.style.name, body.runs[0].font.size.pt) == ("Normal", 10.0)


def test_chinese_paragraphs_begin_with_an_indent_of_two_characters():
    rows = typed("\u3000\u3000" + FULL[:28], FULL, FULL, SHORT)
    (paragraph,) = docx.Document(_written(page_of(rows))).paragraphs
    indent = paragraph._p.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert paragraph.alignment.name == "JUSTIFY"


def test_list_items_are_numbered_by_word_from_the_printed_number():
    rows = typed("3. " + SHORT, "4. " + SHORT, "7. " + SHORT)
    word = docx.Document(_written(page_of(rows)))
    assert [paragraph.text for paragraph in word.paragraphs] == [SHORT] * 3
    ids = [p._p.pPr.numPr.numId.val for p in word.paragraphs]
    assert ids[0] == ids[1] != ids[2]
    numbering = word.part.numbering_part.element
    starts = [
        found.find(f".//{qn('w:startOverride')}").get(qn("w:val"))
        for found in numbering.iter(qn("w:num"))
        if int(found.get(qn("w:numId"))) in ids
    ]
    assert starts == ["3", "7"]


def _book_page(number: int, *rows) -> PageResult:
    head = line("图书馆年度工作报告", 400, 40, 580, 60)
    return page_of([head, *typed(*rows, top=200), line(str(number), 490, 1340, 510, 1360)])


def test_headers_and_page_numbers_are_those_of_word():
    pages = [_book_page(7, FULL, SHORT), _book_page(8, FULL, "另外一行。")]
    word = docx.Document(_written(*pages))
    assert [paragraph.text for paragraph in word.paragraphs] == [FULL + SHORT, FULL + "另外一行。"]
    (section,) = word.sections
    assert section.header.paragraphs[0].text == "图书馆年度工作报告"
    (field,) = section.footer.paragraphs[0]._p.iter(qn("w:fldSimple"))
    assert field.get(qn("w:instr")) == "PAGE"
    assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "7"


def test_headers_can_be_left_out():
    options = ExportOptions(headers_footers=False)
    word = docx.Document(_written(_book_page(7, SHORT), _book_page(8, FULL), options=options))
    assert [paragraph.text for paragraph in word.paragraphs] == [SHORT, FULL]
    assert word.sections[0].header.is_linked_to_previous


def test_a_paragraph_across_pages_is_one_paragraph():
    pages = [_book_page(1, FULL, FULL, FULL), _book_page(2, FULL, FULL, SHORT)]
    (paragraph,) = docx.Document(_written(*pages)).paragraphs
    assert paragraph.text == FULL * 5 + SHORT


def test_printed_lines_end_with_line_breaks():
    options = ExportOptions(lines="printed")
    word = docx.Document(_written(page_of(typed(FULL, SHORT)), options=options))
    assert word.paragraphs[0].text == f"{FULL}\n{SHORT}"


def test_in_fixed_layout_each_line_is_at_its_printed_position():
    options = ExportOptions(layout="fixed")
    word = docx.Document(_written(page_of(typed(FULL, SHORT)), dpi=144.0, options=options))
    frames = list(word.element.body.iter(qn("w:framePr")))
    places = [(frame.get(qn("w:x")), frame.get(qn("w:y"))) for frame in frames]
    assert places == [("1000", "1000"), ("1000", "1300")]
    assert [p.text for p in word.paragraphs] == [FULL, SHORT, ""]


def test_the_image_of_a_rotated_page_is_upright_before_its_text():
    page = dataclasses.replace(page_of(typed(SHORT), 1000, 1400), rotation=90)
    word = docx.Document(_written(page, options=ExportOptions(picture=True)))
    (shape,) = word.inline_shapes
    assert shape.width > shape.height
    assert [p.paragraph_format.page_break_before for p in word.paragraphs] == [None, True]


@pytest.mark.parametrize("rotation", [0, 90])
@pytest.mark.parametrize("data", [b"", picture(1000, 1400)[:30], picture(1000, 1400)[:-900]])
def test_an_unreadable_image_is_an_export_error(data, rotation):
    page = dataclasses.replace(page_of(typed(SHORT)), rotation=rotation)
    broken = document_of(RecognisedPage(1, page, lambda: data), title="x")
    with pytest.raises(ExportError):
        write_word(broken, io.BytesIO(), ExportOptions(picture=True))


def test_in_fixed_layout_a_vertical_line_has_a_frame_of_one_character():
    column = line("縦書", 0, 0, 0, 0)
    box = ((840.0, 100.0), (840.0, 300.0), (820.0, 300.0), (820.0, 100.0))
    page = page_of([dataclasses.replace(column, text="縦書きの文です", box=box)])
    word = docx.Document(_written(page, dpi=144.0, options=ExportOptions(layout="fixed")))
    (frame,) = word.element.body.iter(qn("w:framePr"))
    assert (frame.get(qn("w:w")), frame.get(qn("w:h"))) == ("200", "2000")


def test_the_pages_of_a_video_have_their_time():
    text = page_of([line("text", 0, 0, 80, 20)])
    paragraphs = docx.Document(_written(text, text, times=[0, 83])).paragraphs
    assert [paragraph.text for paragraph in paragraphs] == ["00:00:00", "text", "00:01:23", "text"]
    assert paragraphs[2].paragraph_format.page_break_before


def _illustrated(*boxes):
    """A page with a line above and below each picture; 100 pixels are 36 points."""
    areas = tuple(Block("figure", "", line("", *box).box) for box in boxes)
    lines = [line("above", 100, 100, 900, 140), line("below", 100, 1300, 900, 1340)]
    return dataclasses.replace(page_of(lines), blocks=areas)


def test_a_figure_is_a_picture_in_its_printed_size_between_the_paragraphs():
    word = docx.Document(_written(_illustrated((200, 300, 700, 800))))
    above, figure, below = word.paragraphs
    assert (above.text, figure.text, below.text) == ("above", "", "below")
    (shape,) = word.inline_shapes
    assert (shape.width.pt, shape.height.pt) == pytest.approx((180, 180), abs=1)
    (picture,) = [part for name, part in word.part.related_parts.items() if "Picture" in name]
    assert Image.open(io.BytesIO(picture.blob)).size == (500, 500)


@pytest.mark.parametrize(
    ("box", "alignment"),
    [
        ((100, 300, 300, 500), "left"),
        ((410, 300, 610, 500), "center"),
        ((700, 300, 900, 500), "right"),
    ],
)
def test_a_figure_is_aligned_with_the_text(box, alignment):
    figure = docx.Document(_written(_illustrated(box))).paragraphs[1]
    assert figure._p.pPr.find(qn("w:jc")).get(qn("w:val")) == alignment


def test_a_figure_wider_than_the_text_is_as_wide_as_the_text():
    word = docx.Document(_written(_illustrated((50, 300, 950, 800))))
    assert word.inline_shapes[0].width.pt == pytest.approx(288, abs=1)


def test_a_figure_beside_text_floats_at_its_place_on_the_paper():
    """Text neither moves it nor is moved by it."""
    page = _illustrated((700, 300, 900, 500))
    beside = [line("beside", 100, 320 + 40 * row, 500, 350 + 40 * row) for row in range(3)]
    above, below = page.lines
    word = docx.Document(_written(dataclasses.replace(page, lines=(above, *beside, below))))
    (anchor,) = word.element.body.iter(qn("wp:anchor"))
    offsets = [int(offset.text) / 12700 for offset in anchor.iter(qn("wp:posOffset"))]
    assert offsets == pytest.approx([700 * 0.36, 300 * 0.36], abs=1)
    assert anchor.get("behindDoc") == "1"
    assert word.paragraphs[0].text == "above"
    assert len(word.inline_shapes) == 0


def test_a_figure_between_the_text_of_its_column_does_not_float():
    page = _illustrated((550, 300, 900, 500))
    text = "a line of a column of running text"
    left = [line(text, 100, 200 + 40 * row, 480, 228 + 40 * row) for row in range(20)]
    right = [line(text, 550, top, 900, top + 28) for top in (200, 240, *range(560, 1000, 40))]
    word = docx.Document(_written(dataclasses.replace(page, lines=(*left, *right))))
    assert len(word.inline_shapes) == 1


def test_the_words_in_a_figure_are_its_alternative_text_only():
    page = _illustrated((200, 300, 700, 800))
    page = dataclasses.replace(page, lines=(*page.lines, line("gate", 300, 400, 500, 440)))
    word = docx.Document(_written(page))
    assert "gate" not in " ".join(paragraph.text for paragraph in word.paragraphs)
    assert word.inline_shapes[0]._inline.docPr.get("descr") == "gate"


def test_no_word_in_a_figure_is_lost():
    page = _illustrated((200, 300, 700, 800))
    labels = [
        line(f"label{number}", 300, 310 + 4 * number, 500, 312 + 4 * number)
        for number in range(100)
    ]
    word = docx.Document(_written(dataclasses.replace(page, lines=(*page.lines, *labels))))
    words = word.inline_shapes[0]._inline.docPr.get("descr").split()
    assert sorted(words) == sorted(label.text for label in labels)


def test_each_figure_has_its_own_file():
    page = _illustrated((200, 300, 400, 500), (200, 600, 400, 900))
    with zipfile.ZipFile(_written(page, page)) as package:
        media = sorted(name for name in package.namelist() if "media" in name)
        sizes = [Image.open(package.open(name)).size for name in media]
    assert sizes == [(200, 200), (200, 300)] * 2


def test_in_fixed_layout_a_figure_is_at_its_printed_position():
    word = docx.Document(
        _written(_illustrated((200, 300, 700, 800)), options=ExportOptions(layout="fixed"))
    )
    frames = [p._p.pPr.find(qn("w:framePr")) for p in word.paragraphs if p._p.xpath(".//w:drawing")]
    places = [[int(frame.get(qn(f"w:{side}"))) / 20 for side in "xywh"] for frame in frames]
    # A frame as narrow as the picture would cut off its right edge in LibreOffice.
    assert places == [pytest.approx([72, 108, 1.08 * 180, 180], abs=1)]


def test_a_page_of_a_figure_only_has_its_picture():
    page = dataclasses.replace(_illustrated((100, 100, 900, 1300)), lines=())
    word = docx.Document(_written(page))
    assert len(word.inline_shapes) == 1


def test_an_entry_of_the_contents_has_a_right_tab_stop_with_dots():
    rows = typed("第一章 总则…………1", "正文的一行总是写到右边为止这样才能看出。")
    entry = docx.Document(_written(page_of(rows))).paragraphs[0]
    (stop,) = entry.paragraph_format.tab_stops
    assert entry.text == "第一章 总则\t1"
    assert (stop.alignment.name, stop.leader.name) == ("RIGHT", "DOTS")
    assert stop.position.pt == pytest.approx(20 * 20 * 0.36, rel=0.01)


def test_text_has_the_type_in_which_it_is_printed():
    small = Type(10, italic=True, underline=True, colour="#c00000", font="sans")
    runs = (TypeRun(0, 0.5, Type(20, bold=True)), TypeRun(0.5, 1, small))
    page = page_of([dataclasses.replace(line("bold red", 100, 100, 260, 124), runs=runs)])
    (paragraph,) = docx.Document(_written(page)).paragraphs
    first, second = paragraph.runs
    assert (first.text, first.bold, first.italic) == ("bold", True, None)
    assert (second.text, second.bold, second.italic, second.underline) == (" red", None, True, True)
    assert str(second.font.color.rgb) == "C00000"
    assert second.font.name == "Arial"
    assert 0.5 < second.font.size / first.font.size < 0.6


def test_a_heading_that_is_printed_plain_is_not_bold():
    runs = (TypeRun(0, 1, Type(60)),)
    heading = dataclasses.replace(line("A large plain title", 100, 100, 700, 160), runs=runs)
    body = [
        line(f"body text of row {row}", 100, 300 + 40 * row, 500, 324 + 40 * row)
        for row in range(5)
    ]
    first = docx.Document(_written(page_of([heading, *body]))).paragraphs[0]
    assert first.style.name.startswith("Heading")
    assert [run.bold for run in first.runs] == [False]
