"""Figures on drawn pages: a line of text is a row of marks as high as its letters."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocrportal.figures import find_figures
from ocrportal.geometry import Rect
from ocrportal.results import Cell, Line, Table

WIDTH, HEIGHT = 1000, 1400
PAPER = (250, 250, 248)


class Page:
    """A page that is drawn upon, with the lines of its text."""

    def __init__(self, size=(WIDTH, HEIGHT), paper=PAPER):
        self.image = Image.new("RGB", size, paper)
        self.draw = ImageDraw.Draw(self.image)
        self.lines: list[Line] = []

    def text(self, left, top, right, height=24, ink=(20, 20, 20), words="text"):
        """A line of text; the box of a detector has a margin around the letters."""
        for x in range(left, right - 8, 12):
            self.draw.line((x, top + 4, x + 6, top + height - 4), fill=ink, width=2)
            self.draw.line((x, top + height - 4, x + 8, top + height - 4), fill=ink, width=2)
        self.lines.append(Line(words, Rect(left, top, right, top + height).quad, 0.99))
        return self

    def paragraph(self, top, rows=6, left=100, right=900):
        for row in range(rows):
            self.text(left, top + 36 * row, right)
        return self

    def photo(self, left, top, right, bottom):
        down, across = np.mgrid[top:bottom, left:right]
        tones = 120 + 60 * np.sin(across / 23) + 50 * np.sin(down / 31)
        pixels = np.stack([tones, tones * 0.8, 200 - tones / 2], axis=2)
        self.image.paste(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)), (left, top))
        return self

    def figures(self, tables=(), skew=0.0):
        found, _tables = find_figures(np.asarray(self.image), self.lines, tables, skew)
        assert {area.kind for area in found} <= {"figure"}
        return [Rect.around(area.box) for area in found]

    def formulas(self):
        found, _tables = find_figures(np.asarray(self.image), self.lines, ())
        return [Rect.around(area.box) for area in found if area.kind == "formula"]


def _chart(page, left, top):
    """A chart of bars with labels on both axes, 500 x 300 pixels with its labels."""
    page.draw.line((left + 60, top, left + 60, top + 270), fill="black", width=3)
    page.draw.line((left + 60, top + 270, left + 500, top + 270), fill="black", width=3)
    for number, height in enumerate((200, 120, 240, 80)):
        x = left + 90 + 100 * number
        page.draw.rectangle((x, top + 270 - height, x + 60, top + 270), fill=(70, 110, 180))
        page.text(x, top + 278, x + 60)
        page.text(left, top + 20 + 60 * number, left + 50)
    return page


def _grid(page, left, top, right, bottom, rows=4, columns=4):
    for row in range(rows + 1):
        y = top + (bottom - top) * row // rows
        page.draw.line((left, y, right, y), fill="black", width=2)
    for column in range(columns + 1):
        x = left + (right - left) * column // columns
        page.draw.line((x, top, x, bottom), fill="black", width=2)
    return page


def _is_near(rect, *expected, tolerance=12):
    assert rect == pytest.approx(expected, abs=tolerance)


def test_a_photograph_between_paragraphs_is_a_figure():
    page = Page().paragraph(100).photo(200, 400, 800, 800).paragraph(900)
    (figure,) = page.figures()
    _is_near(figure, 200, 400, 800, 800)


def test_words_in_a_photograph_do_not_divide_it():
    page = Page().paragraph(100).photo(200, 400, 800, 800)
    page.text(250, 450, 450, ink=(255, 255, 255)).text(400, 760, 600, ink=(255, 255, 255))
    (figure,) = page.figures()
    _is_near(figure, 200, 400, 800, 800)


def test_a_chart_includes_the_labels_of_its_axes():
    page = _chart(Page().paragraph(100), 250, 450).paragraph(900)
    (figure,) = page.figures()
    _is_near(figure, 250, 450, 750, 752)


def test_a_caption_is_not_part_of_the_figure_above_it():
    page = Page().paragraph(100).photo(200, 400, 800, 800).text(350, 815, 650)
    (figure,) = page.figures()
    _is_near(figure, 200, 400, 800, 800)


def test_photographs_around_a_paragraph_are_not_one_with_it():
    page = Page().photo(100, 200, 300, 900).photo(100, 910, 900, 1100)
    page.paragraph(220, rows=15, left=340)
    left, below = page.figures()
    _is_near(left, 100, 200, 300, 900)
    _is_near(below, 100, 910, 900, 1100)


def test_an_ornamental_border_around_the_text_is_not_a_figure():
    page = Page().paragraph(250, left=180, right=820).paragraph(600, rows=8, left=180, right=820)
    for shift in (0, 1):
        wave = [(x, 14 * np.sin(x / 9 + shift)) for x in range(80, 920, 3)]
        for top in (150, 1100):
            page.draw.line([(x, top + y) for x, y in wave], fill=(120, 80, 20), width=3)
        for left in (80, 920):
            side = [(left + y, 70 + x * 1.12) for x, y in wave]
            page.draw.line(side, fill=(120, 80, 20), width=3)
    assert page.figures() == []


def test_text_over_a_photograph_stays_text():
    page = Page().paragraph(100).photo(100, 400, 900, 900).paragraph(1000)
    for row in range(5):
        page.text(140, 500 + 40 * row, 860, ink=(255, 255, 255))
    areas, _tables = find_figures(np.asarray(page.image), page.lines, [])
    assert [area.kind for area in areas] == ["backdrop"]


def test_short_lines_beside_a_photograph_are_not_part_of_it():
    page = Page().paragraph(100).photo(100, 400, 480, 800).paragraph(900)
    page.text(490, 500, 560).text(490, 536, 580)
    (figure,) = page.figures()
    _is_near(figure, 100, 400, 480, 800, tolerance=6)


def test_bars_without_axes_are_a_chart():
    page = Page().paragraph(100)
    for number, height in enumerate((200, 120, 240)):
        page.draw.rectangle(
            (300 + 120 * number, 800 - height, 350 + 120 * number, 800), fill="navy"
        )
    (figure,) = page.figures()
    _is_near(figure, 300, 560, 590, 800)


def test_boxes_that_arrows_link_are_a_diagram():
    page = Page().paragraph(100)
    for left in (200, 450, 700):
        page.draw.rectangle((left, 450, left + 160, 520), outline="black", width=3)
        page.text(left + 40, 473, left + 120)
    for left in (368, 618):
        page.draw.line((left, 485, left + 70, 485), fill="black", width=3)
        page.draw.polygon([(left + 58, 475), (left + 72, 485), (left + 58, 495)], fill="black")
    (figure,) = page.figures()
    _is_near(figure, 200, 450, 860, 520)


def test_boxes_of_text_are_not_figures():
    page = Page().paragraph(100).paragraph(500).paragraph(900)
    page.draw.rectangle((80, 85, 920, 330), outline="black", width=3)
    coloured = Page().paragraph(100)
    coloured.draw.rectangle((80, 485, 920, 730), fill=(200, 215, 240))
    coloured.draw.rectangle((80, 885, 920, 960), fill=(40, 40, 90))
    coloured.paragraph(500).text(100, 910, 500, ink=(255, 255, 255))
    assert page.figures() == coloured.figures() == []


def test_rulings_and_borders_of_the_page_are_not_figures():
    page = Page().paragraph(100).paragraph(500)
    page.draw.rectangle((30, 30, 970, 1370), outline="black", width=4)
    page.draw.line((100, 420, 900, 420), fill="black", width=3)
    page.draw.line((100, 1000, 400, 1000), fill="black", width=2)
    assert page.figures() == []


def test_a_ruled_table_is_not_a_figure_even_if_it_was_not_found():
    page = _grid(Page().paragraph(100), 100, 500, 900, 800).text(120, 520, 250)
    assert page.figures() == []


def test_the_ink_of_a_table_is_not_a_figure():
    page = _chart(Page().paragraph(100), 250, 450)
    for row in range(8):
        page.text(320, 455 + 32 * row, 740)
    table = Table(2, 2, (Cell("", 0, 0),), box=Rect(240, 440, 760, 760).quad)
    assert page.figures([table]) == []


def test_the_grid_of_a_chart_is_not_a_table():
    page = _grid(_chart(Page().paragraph(100), 250, 450), 310, 450, 750, 720)
    chart = Table(4, 4, (Cell("", 0, 0),), box=Rect(300, 440, 760, 730).quad)
    table = Table(1, 1, (Cell("", 0, 0),), box=Rect(100, 1000, 900, 1100).quad)
    found, tables = find_figures(np.asarray(page.image), page.lines, [chart, table], 0.0)
    assert (len(found), tables) == (1, [table])


def test_the_desk_beside_a_photographed_page_is_not_a_figure():
    page = Page(paper=(60, 50, 45))
    page.draw.rectangle((60, 70, 960, 1340), fill=PAPER)
    page.draw.ellipse((-40, 1250, 90, 1500), fill=(200, 60, 160))
    page.paragraph(120, left=120, right=880).photo(200, 420, 800, 800)
    (figure,) = page.figures()
    _is_near(figure, 200, 420, 800, 800)


def test_a_shadow_on_the_page_is_not_a_figure():
    page = Page().paragraph(100).paragraph(500)
    fading = np.linspace(1.0, 0.45, WIDTH)[None, :, None]
    page.image = Image.fromarray((np.asarray(page.image) * fading).astype(np.uint8))
    assert page.figures() == []


def test_the_strokes_of_a_seal_are_not_a_figure():
    page = Page().paragraph(100).text(300, 700, 700)
    page.draw.ellipse((400, 600, 600, 800), outline=(210, 40, 40), width=8)
    page.draw.regular_polygon((500, 700, 40), 5, fill=(210, 40, 40))
    assert page.figures() == []


@pytest.mark.parametrize("colour", [(217, 131, 36), (192, 40, 37)])
def test_the_bars_of_a_warm_colour_are_no_seal(colour):
    page = Page().paragraph(100).paragraph(900)
    for number, height in enumerate((200, 120, 240, 80)):
        x = 290 + 100 * number
        page.draw.rectangle((x, 770 - height, x + 60, 770), fill=colour)
    for y in range(530, 771, 60):
        page.draw.line((260, y, 700, y), fill=(200, 200, 200), width=2)
    (figure,) = page.figures()
    _is_near(figure, 260, 530, 700, 770)


def test_bars_with_the_grain_of_a_scan_are_one_chart():
    page = Page().paragraph(100).paragraph(900)
    grain = np.random.default_rng(1)
    for number, height in enumerate((60, 40, 90)):
        x = 300 + 100 * number
        noise = grain.normal(120, 14, (height, 40, 3)).clip(0, 255).astype(np.uint8)
        page.image.paste(Image.fromarray(noise), (x, 770 - height))
    (figure,) = page.figures()
    _is_near(figure, 300, 680, 540, 770)


def test_charts_below_each_other_are_two():
    page = Page().paragraph(100).paragraph(1000)
    for top in (400, 700):
        page.draw.line([(300, top), (300, top + 220), (700, top + 220)], fill="black", width=3)
        curve = [(300 + 40 * step, top + 150 + 20 * (step % 3)) for step in range(10)]
        page.draw.line(curve, fill=(30, 60, 160), width=3)
    above, below = page.figures()
    _is_near(above, 300, 400, 700, 620)
    _is_near(below, 300, 700, 700, 920)


def test_a_small_emblem_is_a_figure():
    page = Page().paragraph(200)
    page.draw.ellipse((800, 100, 840, 140), fill=(60, 60, 70))
    (figure,) = page.figures()
    _is_near(figure, 800, 100, 840, 140, tolerance=4)


def test_a_diagram_of_which_a_part_looks_like_a_table_is_a_figure():
    page = Page().paragraph(100).paragraph(700)
    for left in (200, 420, 640):
        page.draw.rectangle((left, 500, left + 140, 560), outline="black", width=3)
        page.text(left + 30, 518, left + 110)
    for left in (344, 564):
        page.draw.line((left, 530, left + 70, 530), fill="black", width=3)
    table = Table(1, 2, (Cell("a", 0, 0), Cell("b", 0, 1)), box=Rect(420, 500, 780, 560).quad)
    (figure,) = page.figures([table])
    _is_near(figure, 200, 500, 780, 560)


def test_the_place_of_a_known_picture_is_exact():
    page = Page().paragraph(100).photo(200, 400, 800, 800).paragraph(900)
    page.draw.rectangle((200, 400, 800, 480), fill=PAPER)  # a bright sky
    known = Rect(200, 400, 800, 800).quad
    found, _tables = find_figures(np.asarray(page.image), page.lines, (), known=[known])
    assert [Rect.around(area.box) for area in found] == [pytest.approx((200, 400, 800, 800), abs=1)]


def test_a_known_picture_in_a_cell_does_not_make_its_table_a_figure():
    page = _grid(Page().paragraph(100), 100, 400, 900, 800, rows=2, columns=2)
    page.photo(110, 410, 480, 590).text(600, 480, 700).paragraph(900)
    known = Rect(110, 410, 480, 590).quad
    found, _tables = find_figures(np.asarray(page.image), page.lines, (), known=[known])
    assert [Rect.around(area.box) for area in found] == [pytest.approx((110, 410, 480, 590), abs=1)]


def _fraction(page, left, top):
    page.text(left, top + 18, left + 60, words="x =")
    page.text(left + 80, top, left + 150, words="y - 1").text(
        left + 90, top + 34, left + 140, words="z"
    )
    page.draw.line((left + 78, top + 29, left + 152, top + 29), fill="black", width=2)
    return page


def test_stacked_signs_on_lines_of_their_own_are_a_formula():
    page = _fraction(Page().paragraph(100), 200, 350).paragraph(440)
    (formula,) = page.formulas()
    _is_near(formula, 200, 350, 350, 408)


def test_the_limits_of_a_sum_are_part_of_the_formula():
    page = Page().paragraph(100).text(420, 372, 560, words="X = Σx")
    page.text(470, 352, 510, 16, words="N-1").text(470, 400, 510, 16, words="n=0")
    (formula,) = page.paragraph(470).formulas()
    _is_near(formula, 420, 352, 560, 416, tolerance=10)


def test_the_number_at_the_right_is_part_of_the_formula():
    page = _fraction(Page().paragraph(100), 420, 350).text(850, 368, 900, words="(3.2)")
    (formula,) = page.paragraph(440).formulas()
    _is_near(formula, 420, 350, 900, 408)


def test_a_row_in_the_middle_of_its_column_is_a_formula():
    page = Page().paragraph(100).text(420, 350, 580, words="E = mc2 + u").paragraph(420)
    (formula,) = page.formulas()
    _is_near(formula, 420, 350, 580, 374)


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        (100, 260, "E = mc2 + u"),  # at the left edge of the column
        (420, 580, "12 + 35 = 47"),
        (420, 580, "a = b + 2;"),
        (380, 620, "Total costs = 4,812"),
        (420, 580, "(a) 7 + 5 ="),
    ],
)
def test_other_rows_with_signs_are_text(left, right, words):
    page = Page().paragraph(100).text(left, 350, right, words=words).paragraph(420)
    assert page.formulas() == []


def test_an_equation_within_a_line_is_text():
    page = Page().paragraph(100, rows=5)
    page.text(100, 280, 400).text(410, 274, 500, 36, words="x = 5").text(510, 280, 900)
    assert page.paragraph(316, rows=5).formulas() == []


def test_exercises_below_each_other_are_text():
    page = Page().paragraph(100)
    for number, key in enumerate("abc"):
        page.text(100, 340 + 22 * number, 360, words=f"({key}) 4x - 2 = 6")
    assert page.formulas() == []


def test_small_marks_are_not_figures():
    page = Page().paragraph(100)
    page.draw.rectangle((100, 500, 120, 520), outline="black", width=2)
    page.draw.ellipse((300, 500, 330, 530), fill="black")
    assert page.figures() == []


def test_a_page_without_text_has_no_figures():
    assert Page().photo(200, 400, 800, 800).figures() == []


def test_the_box_of_a_figure_on_a_skewed_page_is_skewed():
    page = Page().paragraph(150, left=200, right=800).photo(300, 500, 700, 800)
    turned = Page()
    turned.image = page.image.rotate(-3, fillcolor=PAPER)  # clockwise
    center = np.array([WIDTH / 2, HEIGHT / 2])
    cos, sin = np.cos(np.radians(3)), np.sin(np.radians(3))

    def moved(quad):
        points = (np.array(quad) - center) @ np.array([[cos, sin], [-sin, cos]]) + center
        return tuple(map(tuple, points))

    lines = [Line("text", moved(line.box), 0.99) for line in page.lines]
    ((figure,), _tables) = find_figures(np.asarray(turned.image), lines, [], -3.0)
    expected = moved(Rect(300, 500, 700, 800).quad)
    for corner, right in zip(figure.box, expected, strict=True):
        assert corner == pytest.approx(right, abs=12)
