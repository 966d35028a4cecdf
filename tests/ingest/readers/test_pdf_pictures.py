"""The pictures that a PDF page contains as objects."""

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ocrportal.geometry import Rect
from ocrportal.ingest.readers import pdf_pictures
from ocrportal.ingest.readers.pdf_characters import characters
from ocrportal.ingest.readers.pdf_pictures import pictures
from tests.ingest.pdfs import drawn

PHOTO = ImageReader(Image.effect_noise((120, 80), 80).convert("RGB"))
FLAT = ImageReader(Image.new("RGB", (120, 80), (230, 240, 250)))


def found(draw):
    """The kinds of the pictures, and their places in points from the top left corner."""
    with pdfium.PdfDocument(drawn(lambda canvas: (draw(canvas), words(canvas)))) as document:
        page = document[0]
        picture = page.render(scale=2).to_pil()
        printed = [each for each in characters(page, picture.size) if each and not each.is_space]
        return [
            (area.kind, tuple(round(side / 2) for side in Rect.around(area.box)))
            for area in pictures(page, picture, printed)
        ]


def words(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0, 0, 0)
    for number in range(8):
        canvas.drawString(72, 300 - 20 * number, "A line of a letter to read")


def curve(canvas: Canvas) -> None:
    for step in range(6):
        canvas.bezier(100, 600, 150 + 20 * step, 720, 250, 560, 300, 640)


def test_an_image_is_a_picture_at_its_place() -> None:
    place = ("figure", (100, 142, 300, 242))
    assert found(lambda canvas: canvas.drawImage(PHOTO, 100, 600, 200, 100)) == [place]


def test_an_image_in_a_form_is_where_the_form_is_placed() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("group", 0, 0, 400, 400)
        canvas.drawImage(PHOTO, 10, 20, 100, 50)
        canvas.endForm()
        canvas.translate(100, 500)
        canvas.scale(2, 2)
        canvas.doForm("group")
        canvas.scale(0.5, 0.5)
        canvas.translate(-100, -500)

    assert found(draw) == [("figure", (120, 202, 320, 302))]


def test_the_clipped_part_of_an_image_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(150, 620, 100, 50)
        canvas.clipPath(path, stroke=0)
        canvas.drawImage(PHOTO, 100, 600, 200, 100)
        canvas.restoreState()

    assert found(draw) == [("figure", (150, 172, 250, 222))]


def test_strips_are_one_picture() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(4):
            canvas.drawImage(PHOTO, 100, 600 + 25 * number, 200, 25)

    assert found(draw) == [("figure", (100, 142, 300, 242))]


def test_images_side_by_side_are_two_pictures() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(PHOTO, 100, 600, 100, 80)
        canvas.drawImage(PHOTO, 210, 600, 100, 80)

    assert len(found(draw)) == 2


def test_images_far_from_each_other_are_not_compared(monkeypatch) -> None:
    compared = []
    is_one = pdf_pictures._is_one
    monkeypatch.setattr(
        pdf_pictures, "_is_one", lambda *places: compared.append(places) or is_one(*places)
    )

    def draw(canvas: Canvas) -> None:
        for row in range(20):
            for column in range(10):
                canvas.drawImage(PHOTO, 30 + 40 * column, 360 + 22 * row, 30, 16)

    assert len(found(draw)) == 200
    assert len(compared) < 200 * 30


def test_an_image_with_text_over_it_is_behind_text() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(PHOTO, 60, 140, 300, 190)

    assert [kind for kind, _place in found(draw)] == ["backdrop"]


@pytest.mark.parametrize(
    "image",
    [
        (PHOTO, 0, 0, 595, 842),  # the background of the page
        (FLAT, 100, 600, 200, 100),  # a fill
        (ImageReader(Image.effect_noise((300, 2), 80)), 72, 600, 400, 20),  # a rule
        (PHOTO, 72, 600, 9, 9),  # a bullet
    ],
)
def test_ornaments_and_backgrounds_are_no_pictures(image) -> None:
    assert found(lambda canvas: canvas.drawImage(*image)) == []


def test_a_drawing_that_is_placed_as_a_whole_is_a_picture() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("chart", 0, 0, 595, 842)
        curve(canvas)
        canvas.endForm()
        canvas.doForm("chart")

    ((kind, place),) = found(draw)
    assert kind == "figure"
    assert place == pytest.approx((100, 195, 300, 242), abs=2)


def test_a_form_of_text_in_frames_is_not_a_picture() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("page", 0, 0, 595, 842)
        for number in range(8):
            canvas.rect(70, 296 - 20 * number, 150, 18)
        canvas.endForm()
        canvas.doForm("page")

    assert found(draw) == []


def test_text_between_the_parts_of_a_form_is_not_in_a_picture() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("letter", 0, 0, 595, 842)
        canvas.line(72, 600, 260, 600)
        for step in range(6):
            canvas.bezier(180, 130, 190, 170, 210, 150, 230 + 3 * step, 170)
        canvas.endForm()
        canvas.doForm("letter")

    assert found(draw) == []


def test_a_title_and_labels_are_part_of_a_chart() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("chart", 0, 0, 595, 842)
        curve(canvas)
        canvas.endForm()
        canvas.doForm("chart")
        canvas.drawString(110, 645, "The rain of each year in the town")
        for step in range(6):
            canvas.drawString(105 + 30 * step, 612, "1900")
        canvas.drawString(110, 602, "Years with rain and without it")

    assert [kind for kind, _place in found(draw)] == ["figure"]
