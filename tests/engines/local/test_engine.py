"""The embedded engine: the contract of all engines, and its own behaviour."""

import math
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import docx
import numpy as np
import openpyxl
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFont, ImageOps, ImageSequence
from rapidfuzz.distance import Levenshtein

from bench.comparison import comparable
from bench.marks.drawn_forms import drawn_form
from bench.marks.drawn_pages import sealed_page
from ocrportal.engines import engine_for
from ocrportal.engines.local.engine import LocalEngine
from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.options import DEFAULT_OPTIONS
from ocrportal.exporters.writing import write_document
from ocrportal.geometry import Rect, group_rows
from ocrportal.layout.blocks import Paragraph
from ocrportal.layout.source import RecognisedPage
from ocrportal.results import PageResult
from tests.engines.contract import LINE, PAGE_EN, SERVICE, EngineContract, texts
from tests.exporters.pages import document_of


class TestLocalEngine(EngineContract):
    @pytest.fixture
    def engine(self, local_engine: LocalEngine) -> LocalEngine:
        return local_engine


KOREAN = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


def read(engine: LocalEngine, image: Image.Image) -> PageResult:
    return engine.recognise(image, SERVICE, {})


@pytest.mark.parametrize(
    "name", ["line_mixed.jpg", "receipt_en.jpg", "screenshot_zh.webp", "dark_en.png", "page_zh.png"]
)
def test_an_upright_image_is_not_rotated(
    local_engine: LocalEngine, samples: Path, name: str
) -> None:
    assert read(local_engine, Image.open(samples / name)).rotation == 0


def test_a_page_is_not_rotated_without_auto_rotation(
    local_engine: LocalEngine, samples: Path
) -> None:
    page = Image.open(samples / "page_en.tif").transpose(Image.Transpose.ROTATE_180)
    assert read(local_engine, page).rotation == 180
    unrotated = local_engine.recognise(page, SERVICE, {"auto_rotate": False})
    assert unrotated.rotation == 0
    assert not set(texts(unrotated)) & set(PAGE_EN)


def test_chinese_is_recognised(local_engine: LocalEngine, samples: Path) -> None:
    expected = (samples / "screenshot_zh.gt.txt").read_text("utf-8").split()
    found = texts(read(local_engine, Image.open(samples / "screenshot_zh.webp")))
    # The third line has a dash that the model takes for the character "one".
    assert found[:2] + found[3:] == expected[:2] + expected[3:]


@pytest.mark.parametrize("degrees", [-4.0, 1.5, 5.0])
def test_the_skew_of_a_page_is_measured(
    local_engine: LocalEngine, samples: Path, degrees: float
) -> None:
    picture = Image.open(samples / "page_en.tif").convert("L")
    skewed = picture.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    result = read(local_engine, skewed)
    assert texts(result) == PAGE_EN
    assert result.skew == pytest.approx(degrees, abs=0.3)


def test_text_under_a_seal_is_read(local_engine: LocalEngine, samples: Path) -> None:
    assert texts(read(local_engine, Image.open(samples / "seal.jpg"))) == [
        "现将有关事项证明如下，请予以办理。",
        "青山市档案数字化服务有限公司",
        "2026年3月18日",
        "联系电话：010-5550 0173",
    ]


def test_page_numbers_behind_dot_leaders_are_read(local_engine: LocalEngine, samples: Path) -> None:
    result = read(local_engine, Image.open(samples / "contents.jpg"))
    assert [comparable(text).replace("......", "…") for text in texts(result)] == [
        "目录",
        "第一章总则…1",
        "第二章职责与分工…4",
        "2.1档案室…4",
        "2.2业务部门…11",
        "第三章收集与整理…18",
        "3.1归档范围…19",
        "3.2整理要求…(略)…27",
        "第四章保管与利用…103",
        "附录A术语…iv",
    ]
    assert result.tables == ()


def test_a_sentence_over_the_page_end_is_joined_over_the_footnotes(
    local_engine: LocalEngine, samples: Path
) -> None:
    with Image.open(samples / "footnotes.tif") as frames:
        pages = [
            RecognisedPage(number, read(local_engine, frame.copy()), lambda: b"")
            for number, frame in enumerate(ImageSequence.Iterator(frames), start=1)
        ]
    blocks = [block for page in document_of(*pages).flowing_pages() for block in page.blocks]
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    sentence = "who had kept a copy of every letter he wrote between 1874 and 1903."
    assert any(sentence in paragraph.text for paragraph in paragraphs)
    assert [paragraph.text for paragraph in paragraphs if paragraph.kind == "footnote"] == [
        "1 See the minutes of the town council, 4 March 1921.",
        "2 The index was kept by hand until 1988.",
    ]
    numbers = [paragraph.text for paragraph in paragraphs if paragraph.kind == "page_number"]
    assert numbers == ["41", "42"]


def test_a_seal_is_an_area_of_its_own(local_engine: LocalEngine, samples: Path) -> None:
    (seal,) = read(local_engine, Image.open(samples / "seal.jpg")).blocks
    assert (seal.kind, seal.text) == ("seal", "青山市档案数字化服务有限公司")
    assert seal.box is not None
    assert Rect.around(seal.box) == pytest.approx((710, 530, 1051, 871), abs=15)


@pytest.mark.parametrize("seed", [2001, 2002, 2003])
def test_drawn_seals_are_areas(local_engine: LocalEngine, seed: int) -> None:
    page = sealed_page(seed)
    seals = [area for area in read(local_engine, page.image).blocks if area.kind == "seal"]
    found = sorted(Rect.around(area.box) for area in seals if area.box)
    assert len(found) == len(page.seals)
    for rect, drawn in zip(found, sorted(page.seals), strict=True):
        assert rect == pytest.approx(drawn, abs=20)


def test_the_text_of_a_code_is_what_it_encodes(local_engine: LocalEngine, samples: Path) -> None:
    page = Image.open(samples / "page_zh.png").convert("RGB")
    code = zxingcpp.create_barcode("https://example.org/1", zxingcpp.BarcodeFormat.QRCode)
    symbol = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(code, scale=8)))
    larger = Image.new("RGB", (page.width, page.height + symbol.height + 40), "white")
    larger.paste(page)
    larger.paste(symbol.convert("RGB"), (100, page.height + 20))
    result = read(local_engine, larger)
    assert [(area.kind, area.text) for area in result.blocks] == [("code", "https://example.org/1")]
    assert all(line.box[0][1] < page.height for line in result.lines)


def test_the_text_of_a_watermark_is_left_out(local_engine: LocalEngine, samples: Path) -> None:
    lines = texts(read(local_engine, Image.open(samples / "watermark.jpg")))
    assert len(lines) == 9
    assert lines[1] == "为规范公司采购行为，控制采购成本，保证所购物资的质量，根据国家有"
    assert not any("张三" in line or "2026" in line for line in lines)


def test_ideographs_outside_of_the_alphabet_are_marked(
    local_engine: LocalEngine, samples: Path
) -> None:
    """The network leaves out eight of 23 and guesses the rest, with little confidence."""
    first, second, third = texts(read(local_engine, Image.open(samples / "rare_ideographs.png")))
    assert [line.count("〓") for line in (first, second, third)] == [7, 2, 5]
    assert first.startswith("第〓号，第〓号，第〓号，")


def test_lines_of_a_script_that_is_not_read_are_marked(local_engine: LocalEngine) -> None:
    page = Image.new("RGB", (1000, 500), "white")
    draw = ImageDraw.Draw(page)
    korean = ImageFont.truetype(KOREAN, 40, index=1)
    draw.text((60, 60), "The library opens at nine o'clock", "black", ImageFont.load_default(40))
    draw.text((60, 180), "도서관은 매일 아침 아홉 시에 문을 엽니다", "black", korean)
    draw.text((60, 300), "Thank you for your visit", "black", ImageFont.load_default(40))
    above, unread, below = read(local_engine, page).lines
    assert (above.text, unread.text, below.text) == (
        "The library opens at nine o'clock",
        "〓",
        "Thank you for your visit",
    )
    assert unread.confidence == 0.0
    assert unread.box[0] == pytest.approx((60, 190), abs=20)


def test_a_signature_is_a_figure_and_not_text(local_engine: LocalEngine) -> None:
    page = Image.new("RGB", (1000, 500), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(40)
    draw.text((60, 60), "The library opens at nine o'clock", "black", font)
    draw.text((60, 200), "Signed by:", "black", font)
    draw.text((60, 300), "Date: 3 May 2024", "black", font)
    pen = [(x, 225 + 45 * math.sin(x / 13) * math.cos(x / 37)) for x in range(290, 520, 2)]
    draw.line(pen, fill="#16246b", width=4, joint="curve")
    result = read(local_engine, page)
    assert texts(result) == ["The library opens at nine o'clock", "Signed by:", "Date: 3 May 2024"]
    (figure,) = result.blocks
    assert figure.kind == "figure"
    assert figure.box is not None
    assert Rect.around(figure.box) == pytest.approx(Rect.around(pen), abs=8)


def test_short_words_and_ends_of_lines_of_a_script_that_is_not_read_are_marked(
    local_engine: LocalEngine,
) -> None:
    page = Image.new("RGB", (1000, 400), "white")
    draw = ImageDraw.Draw(page)
    korean = ImageFont.truetype(KOREAN, 40, index=1)
    draw.text((60, 60), "도서관은 매일 아침 아홉 시에 문을 엽니다", "black", korean)
    draw.text((60, 160), "모든", "black", korean)
    draw.text((60, 260), "Library: 인간은", "black", korean)
    assert texts(read(local_engine, page)) == ["〓", "〓", "Library:〓〓〓"]


def test_unread_lines_among_text_over_a_photograph_are_marked(local_engine: LocalEngine) -> None:
    page = Image.new("RGB", (1000, 1000), "white")
    draw = ImageDraw.Draw(page)
    down, across = np.mgrid[0:500, 0:900]
    tones = 90 + 30 * np.sin(across / 90) + 20 * np.sin(down / 70)
    pixels = np.stack([tones, tones * 0.7, 140 - tones / 2], axis=2).astype(np.uint8)
    page.paste(Image.fromarray(pixels), (50, 300))
    latin, korean = ImageFont.load_default(40), ImageFont.truetype(KOREAN, 40, index=1)
    for y in (60, 130, 200, 860, 930):
        draw.text((60, y), "The library opens at nine o'clock on Mondays", "black", latin)
    for y in (340, 410, 480, 550):
        draw.text((80, y), "Thank you for your visit to this library", "white", latin)
    draw.text((80, 640), "도서관은 매일 아침 아홉 시에 문을 엽니다", "white", korean)
    result = read(local_engine, page)
    assert [area.kind for area in result.blocks] == ["backdrop"]
    assert "〓" in texts(result)


def test_a_page_of_a_script_that_is_not_read_is_marked_and_not_rotated(
    local_engine: LocalEngine,
) -> None:
    page = Image.new("RGB", (1000, 500), "white")
    for y in range(60, 400, 80):
        text = ImageFont.truetype(KOREAN, 40, index=1)
        ImageDraw.Draw(page).text((60, y), "새로운 자료가 도착하였습니다", "black", text)
    result = read(local_engine, page)
    assert result.rotation == 0
    assert texts(result) == ["〓"] * 5


def test_check_boxes_are_read_with_their_state(local_engine: LocalEngine, samples: Path) -> None:
    lines = texts(read(local_engine, Image.open(samples / "check_boxes.jpg")))
    assert [line.replace(" ", "").replace(":", "：") for line in lines] == [
        "性别：□男☑女",
        "婚否：■已婚□未婚",
        "是否党员：√是×否",
        "学历：☒本科□硕士□博士",
        "同意（√）不同意（）",
        "缴费方式：[x]现金[]转账",
        "是否加急：是□否☑",
    ]


@pytest.mark.parametrize("seed", [2001, 2002, 2003])
def test_check_boxes_of_a_drawn_form_are_read(local_engine: LocalEngine, seed: int) -> None:
    form = drawn_form(seed)
    rows = group_rows(read(local_engine, form.image).lines, lambda line: Rect.around(line.box))
    found = ["".join(line.text for line in row) for row in rows]
    plain = [comparable(line).replace("□", "☐") for line in found]
    assert plain == [comparable(line) for line in form.lines]


@pytest.mark.parametrize("seed", [2001, 2002, 2003, 2004])
def test_lines_under_a_drawn_seal_are_read(local_engine: LocalEngine, seed: int) -> None:
    page = sealed_page(seed)
    found = "".join(texts(read(local_engine, page.image))).replace(" ", "")
    errors = Levenshtein.distance(found, "".join(page.lines).replace(" ", ""))
    assert errors <= 0.01 * len(found)


def test_vertical_text_is_read_downwards(local_engine: LocalEngine, samples: Path) -> None:
    result = read(local_engine, Image.open(samples / "columns_ja.jpg"))
    assert "横書き不能な書体も存在する。" in texts(result)
    for line in result.lines:
        (ax, ay), (bx, by), _, (dx, _) = line.box
        assert by - ay > 5 * abs(bx - ax)
        assert dx < ax


def test_the_places_of_characters_are_found(local_engine: LocalEngine, samples: Path) -> None:
    """The end of a line, cropped at the place of a character, is read as the same text."""
    picture = Image.open(samples / "page_en.tif")
    line = read(local_engine, picture).lines[0]
    end = line.text.index("lot")
    before = line.chars[end].start
    left, top = line.box[0]
    right, bottom = line.box[2]
    cut = picture.crop(
        (round(left + (right - left) * before), round(top), round(right), round(bottom))
    )
    assert texts(read(local_engine, ImageOps.expand(cut, 20, 255))) == [line.text[end:]]


def test_a_strip_many_times_as_wide_as_high_is_read(
    local_engine: LocalEngine, samples: Path
) -> None:
    line = Image.open(samples / "line_mixed.jpg")
    strip = Image.new("RGB", (12_000, 200), "white")
    for left in range(0, 12_000, 600):
        strip.paste(line, (left + 100, 80))
    assert texts(read(local_engine, strip)) == [LINE] * 20


def test_a_line_too_long_for_the_network_is_read_in_parts(
    local_engine: LocalEngine, samples: Path
) -> None:
    line = Image.open(samples / "line_mixed.jpg")
    strip = Image.new("RGB", (line.width * 12, 64), "white")
    for number in range(12):
        strip.paste(line, (line.width * number, 16))
    (found,) = read(local_engine, strip).lines
    assert found.text.replace(" ", "") == LINE.replace(" ", "") * 12
    assert [found.chars[0].start, found.chars[-1].end] == pytest.approx([0, 1], abs=0.01)


def test_a_long_receipt_is_read(local_engine: LocalEngine, samples: Path) -> None:
    page = Image.open(samples / "page_en.tif").convert("L")
    roll = Image.new("L", (640, 480 * 8), 255)
    for number in range(8):
        roll.paste(page, (0, 480 * number))
    assert texts(read(local_engine, roll)) == PAGE_EN * 8


def test_the_engine_prints_nothing_and_needs_no_network(samples: Path) -> None:
    script = f"""
import socket
def refuse(*args, **kwargs):
    raise AssertionError("the engine used the network")
socket.socket.connect = socket.getaddrinfo = refuse
from PIL import Image
from bench.comparison import comparable
from bench.marks.drawn_forms import drawn_form
from bench.marks.drawn_pages import sealed_page
from ocrportal.engines import engine_for
engine = engine_for("local")
engine.warm_up()
result = engine.recognise(Image.open({str(samples / "line_mixed.jpg")!r}), None, {{}})
assert [line.text for line in result.lines] == [{LINE!r}]
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, check=True
    )
    assert (done.stdout, done.stderr) == (b"", b"")


def test_the_engine_is_created_once_per_process() -> None:
    engine = engine_for("local")
    assert engine_for("local", 1) is engine
    assert engine_for("local", threads=1) is engine


PRICES = [["Prices of rooms", "Prices of rooms"], ["single", "45"], ["double", "70"]]
"""The texts of :func:`bordered_page`; the first row is one cell."""
TABLE = (150, 200, 750, 500)


def bordered_page() -> Image.Image:
    """A page with text above a table of three rows and two columns."""
    page = Image.new("L", (900, 700), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(36)
    left, top, right, bottom = TABLE
    for y in (top, 300, 400, bottom):
        draw.line((left, y, right, y), fill="black", width=3)
    for x, y in ((left, top), (450, 300), (right, top)):
        draw.line((x, y, x, bottom), fill="black", width=3)
    draw.text((150, 80), "Welcome to the old mill", fill="black", font=font)
    draw.text((300, 225), "Prices of rooms", fill="black", font=font)
    for row, y in ((PRICES[1], 325), (PRICES[2], 425)):
        for text, x in zip(row, (180, 480), strict=True):
            draw.text((x, y), text, fill="black", font=font)
    return page


def exported(result: PageResult, key: str) -> BytesIO:
    out = BytesIO()
    document = document_of(RecognisedPage(1, result, lambda: b""), title="mill")
    write_document(document, FORMATS[key], out, DEFAULT_OPTIONS)
    return out


def test_a_table_keeps_its_merged_cell_in_word_excel_and_html(local_engine: LocalEngine) -> None:
    result = read(local_engine, bordered_page())

    (in_word,) = docx.Document(exported(result, "docx")).tables
    assert [[cell.text for cell in row.cells] for row in in_word.rows] == PRICES
    assert in_word.cell(0, 0)._tc is in_word.cell(0, 1)._tc

    (sheet,) = (s for s in openpyxl.load_workbook(exported(result, "xlsx")) if s.merged_cells)
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:B1"]
    assert [sheet["A1"].value, sheet["A2"].value, sheet["B3"].value] == [
        "Prices of rooms",
        "single",
        70,
    ]

    page = exported(result, "html").getvalue().decode()
    assert 'colspan="2"' in page
    assert page.count("double") == 1


def test_text_in_a_table_is_written_once_and_row_by_row(local_engine: LocalEngine) -> None:
    text = exported(read(local_engine, bordered_page()), "txt").getvalue().decode()
    assert text.split("\n")[0] == "Welcome to the old mill"
    assert text.split() == [
        *("Welcome", "to", "the", "old", "mill", "Prices", "of", "rooms"),
        *("single", "45", "double", "70"),
    ]


def _back(x: float, y: float, rotation: int) -> tuple[float, float]:
    """The place of a point of the upright page on the page as it was before its rotation."""
    return {
        90: (y, 900 - x),
        180: (900 - x, 700 - y),
        270: (700 - y, x),
    }[rotation]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_the_table_of_a_rotated_page_is_in_the_coordinates_of_the_image(
    local_engine: LocalEngine, rotation: int
) -> None:
    picture = bordered_page().rotate(rotation, expand=True)
    result = read(local_engine, picture)
    assert result.rotation == rotation
    (table,) = result.tables
    assert table.texts()[1:] == PRICES[1:]
    left, top, right, bottom = TABLE
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    assert table.box is not None
    for found, corner in zip(table.box, corners, strict=True):
        assert found == pytest.approx(_back(*corner, rotation), abs=5)


def test_the_table_of_a_skewed_page_is_skewed(local_engine: LocalEngine) -> None:
    picture = bordered_page().rotate(-4, fillcolor=255, resample=Image.Resampling.BICUBIC)
    (table,) = read(local_engine, picture).tables
    assert table.texts()[1:] == PRICES[1:]
    cos, sin = math.cos(math.radians(4)), math.sin(math.radians(4))
    assert table.box is not None
    for (x, y), corner in zip(table.box, ((150, 200), (750, 200)), strict=False):
        across, down = corner[0] - 450, corner[1] - 350
        expected = (450 + across * cos - down * sin, 350 + across * sin + down * cos)
        assert (x, y) == pytest.approx(expected, abs=6)
