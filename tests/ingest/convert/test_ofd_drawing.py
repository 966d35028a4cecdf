from importlib.resources import files
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from ocrportal.ingest.convert.ofd import convert_ofd
from tests.ingest.ofds import RESOURCES, element, ofd, page, path, picture, text
from tests.ingest.sources import saved

MM = 72 / 25.4
HEIGHT = 140
RED = element("FillColor", Value="255 0 0")


def drawn(
    tmp_path: Path, objects: str, resources: str = RESOURCES, **parts: bytes
) -> pdfium.PdfPage:
    """The first page of a PDF made of an OFD page with these objects, 210 by 140 mm."""
    members = {f"Doc_0/Res/{name.replace('_', '.')}": data for name, data in parts.items()}
    source = ofd(tmp_path / "a.ofd", page(objects), resources=resources, parts=members)
    convert_ofd(source, tmp_path / "a.pdf", max_unpacked_bytes=2**26)
    return pdfium.PdfDocument((tmp_path / "a.pdf").read_bytes())[0]


def colour_at(shown: pdfium.PdfPage, x: float, y: float) -> tuple[int, ...]:
    """The colour at a point, in millimetres from the top left corner."""
    image = shown.render(scale=2).to_pil().convert("RGB")
    return image.getpixel((round(x * MM * 2), round(y * MM * 2)))


def characters(shown: pdfium.PdfPage) -> list[tuple[str, float, float]]:
    """Each character with its left and bottom edge, in millimetres from the top left corner."""
    read = shown.get_textpage()
    places = []
    for number in range(read.count_chars()):
        character = read.get_text_range(number, 1)
        if character.strip():
            left, bottom, _, _ = read.get_charbox(number, loose=True)
            places.append((character, round(left / MM), round(HEIGHT - bottom / MM)))
    return places


def test_characters_are_drawn_at_their_coordinates(tmp_path: Path) -> None:
    shown = drawn(tmp_path, text("价税合计", 10, 20, DeltaX="g 2 6 30", Boundary="20 30 90 90"))
    assert [(c, x) for c, x, _ in characters(shown)] == [
        ("价", 30), ("税", 36), ("合", 42), ("计", 72)
    ]  # fmt: skip
    assert {y for _, _, y in characters(shown)} <= {50, 51}


def test_the_last_distance_between_characters_is_repeated(tmp_path: Path) -> None:
    shown = drawn(tmp_path, text("价税合计大写", 10, 20, DeltaX="5 6"))
    assert [x for _, x, _ in characters(shown)] == [10, 15, 21, 27, 33, 39]


def test_characters_without_distances_follow_each_other(tmp_path: Path) -> None:
    shown = drawn(tmp_path, text("价税合", 10, 20))
    assert [x for _, x, _ in characters(shown)] == [10, 14, 18]


def test_text_may_be_vertical(tmp_path: Path) -> None:
    shown = drawn(tmp_path, text("购买方", 10, 20, DeltaY="g 2 8"))
    rows = [y for _, _, y in characters(shown)]
    assert [x for _, x, _ in characters(shown)] == [10, 10, 10]
    assert [row - rows[0] for row in rows] == [0, 8, 16]


def test_a_matrix_translates_and_scales_its_object(tmp_path: Path) -> None:
    shown = drawn(tmp_path, text("大小", 5, 5, DeltaX="5", CTM="2 0 0 2 10 0"))
    assert [x for _, x, _ in characters(shown)] == [20, 30]


def test_chinese_text_is_rendered_in_its_colour(tmp_path: Path) -> None:
    coloured = text("国", 10, 40, Size=40).replace("<ofd:TextCode", RED + "<ofd:TextCode")
    image = drawn(tmp_path, coloured).render(scale=1).to_pil().convert("RGB")
    red = [p for p in image.get_flattened_data() if p[0] > 200 and p[1] < 60 and p[2] < 60]
    assert len(red) > 500


def test_an_embedded_font_is_used_for_its_characters(tmp_path: Path) -> None:
    vera = (files("reportlab") / "fonts" / "Vera.ttf").read_bytes()
    font = element("Fonts", element("Font", element("FontFile", "own.ttf"), ID=1, FontName="V"))
    shown = drawn(tmp_path, text("Ab税", 10, 20, DeltaX="g 2 5"), font, own_ttf=vera)
    assert [c for c, _, _ in characters(shown)] == ["A", "b", "税"]
    fonts = {item.get_font().get_base_name() for item in shown.get_objects() if item.type == 1}
    assert len(fonts) == 2
    assert any("Vera" in name for name in fonts)


@pytest.mark.parametrize("data", [b"", b"no font", b"\0\1\0\0" + bytes(50), b"OTTO" + bytes(50)])
def test_an_unusable_font_is_replaced(data: bytes, tmp_path: Path) -> None:
    font = element("Fonts", element("Font", element("FontFile", "own.ttf"), ID=1, FontName="V"))
    shown = drawn(tmp_path, text("A税", 10, 20, DeltaX="5"), font, own_ttf=data)
    assert [c for c, _, _ in characters(shown)] == ["A", "税"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF"])
def test_a_picture_is_drawn_upright_in_its_box(kind: str, tmp_path: Path) -> None:
    image = Image.new("RGB", (40, 40), "blue")
    image.paste("red", (0, 0, 40, 20))
    media = element("MultiMedia", element("MediaFile", "own.img"), ID=5, Type="Image")
    resources = RESOURCES + element("MultiMedias", media)
    shown = drawn(tmp_path, picture("20 10 60 80"), resources, own_img=saved(image, kind))
    over, under = colour_at(shown, 50, 20), colour_at(shown, 50, 80)
    assert over[0] > 200
    assert over[2] < 60
    assert under[2] > 200
    assert under[0] < 60
    assert colour_at(shown, 15, 50) == colour_at(shown, 85, 50) == (255, 255, 255)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(20)])
def test_an_unreadable_picture_is_skipped(data: bytes, tmp_path: Path) -> None:
    media = element("MultiMedia", element("MediaFile", "own.img"), ID=5, Type="Image")
    resources = RESOURCES + element("MultiMedias", media)
    objects = picture("20 10 60 80") + picture("20 10 60 80", ResourceID=99) + text("在", 10, 100)
    shown = drawn(tmp_path, objects, resources, own_img=data)
    assert [c for c, _, _ in characters(shown)] == ["在"]


@pytest.mark.parametrize(
    ("data", "inside", "outside"),
    [
        ("M 10 10 L 50 10 L 50 50 L 10 50 C", (30, 30), (60, 30)),
        ("S 10 10 L 50 10 L 50 50 C", (45, 15), (15, 45)),
        ("M 10 50 Q 30 0 50 50 C", (30, 30), (12, 20)),
        ("M 10 50 B 10 10 50 10 50 50 C", (30, 25), (12, 12)),
        ("M 10 30 A 20 20 0 0 1 50 30 C", (30, 15), (30, 45)),
        ("M 10 30 A 20 20 0 0 0 50 30 C", (30, 45), (30, 15)),
        ("M 30 10 A 20 20 0 1 1 10 30 C", (40, 40), (15, 15)),
        ("M 10 10 A 0 5 0 1 1 50 10 L 50 50 C", (45, 15), (15, 45)),
    ],
)
def test_areas_are_filled(
    data: str, inside: tuple[int, int], outside: tuple[int, int], tmp_path: Path
) -> None:
    shown = drawn(tmp_path, path(data, RED, Fill="true", Stroke="false"))
    assert colour_at(shown, *inside) == (255, 0, 0)
    assert colour_at(shown, *outside) == (255, 255, 255)


def test_lines_have_the_colour_and_width_of_their_style(tmp_path: Path) -> None:
    resources = RESOURCES + element(
        "DrawParams",
        element("DrawParam", element("StrokeColor", Value="0 128 0"), ID=30)
        + element("DrawParam", ID=31, Relative=30, LineWidth=4),
    )
    shown = drawn(tmp_path, path("M 10 20 L 100 20", DrawParam=31), resources)
    assert colour_at(shown, 50, 21) == colour_at(shown, 50, 19) == (0, 128, 0)
    assert colour_at(shown, 50, 23) == (255, 255, 255)


@pytest.mark.parametrize(
    ("value", "colour"),
    [("128", (128, 128, 128)), ("#00 #ff #00", (0, 255, 0)), ("0 255 255 0", (255, 0, 0)),
     ("999 0 -5", (255, 0, 0)), ("1 2", (0, 0, 0))],
)  # fmt: skip
def test_colours_may_be_grey_rgb_or_cmyk(
    value: str, colour: tuple[int, ...], tmp_path: Path
) -> None:
    area = path("M 10 10 L 50 10 L 50 50 C", element("FillColor", Value=value), Fill="true")
    assert colour_at(drawn(tmp_path, area), 40, 20) == colour


def test_invisible_objects_are_not_drawn(tmp_path: Path) -> None:
    shown = drawn(tmp_path, text("见", 10, 20) + text("隐", 30, 20, Visible="false"))
    assert [c for c, _, _ in characters(shown)] == ["见"]


def test_composite_objects_are_drawn_where_they_are_referenced(tmp_path: Path) -> None:
    unit = element("CompositeGraphicUnit", element("Content", text("章", 0, 5)), ID=40)
    resources = RESOURCES + element("CompositeGraphicUnits", unit)
    item = element("CompositeObject", Boundary="50 60 20 20", ResourceID=40)
    assert [(c, x) for c, x, _ in characters(drawn(tmp_path, item, resources))] == [("章", 50)]
