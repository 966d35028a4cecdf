"""The steps together, and the mapping to the original."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bench.transforms import faint, huge, photographed, tilted, turned
from ocrportal.geometry import Quad
from ocrportal.ingest.base import Preprocessing
from ocrportal.ingest.preprocessing.deskew import skew_of
from ocrportal.ingest.preprocessing.pixels import Matrix, map_points, pixels_of
from ocrportal.ingest.preprocessing.preprocess import Preprocessed, preprocess
from ocrportal.results import (
    Block,
    Cell,
    Field,
    Line,
    PageResult,
    Table,
)
from tests.ingest.sources import SAMPLES

NOTHING = Preprocessing(
    deskew=False, correct_perspective=False, enhance_contrast=False, downscale=False
)
ALL = Preprocessing(deskew=True, correct_perspective=True, enhance_contrast=True, downscale=True)
SIZE = (1000, 1400)

fractions = st.floats(0, 1)
points = st.tuples(st.floats(0, SIZE[0]), st.floats(0, SIZE[1]))
quads = st.tuples(points, points, points, points)


def page(name: str = "page_zh.png") -> Image.Image:
    return Image.open(SAMPLES / name).convert("L")


@st.composite
def inverses(draw) -> Matrix:
    """Mappings to an original of SIZE: rotations, scales and perspectives."""
    angle = np.radians(draw(st.floats(-12, 12)))
    scale = draw(st.floats(1, 6))
    tilt = [draw(st.floats(-2e-4, 2e-4)) for _ in "xy"]
    turn = np.array([[np.cos(angle), -np.sin(angle), 30], [np.sin(angle), np.cos(angle), -20]])
    seen = np.array([[1, 0, 0], [0, 1, 0], [*tilt, 1]])
    return np.vstack([turn, [0, 0, 1]]) @ seen @ np.diag([scale, scale, 1])


def result_with(box: Quad, *, rotation: int = 0, skew: float = 0.0) -> PageResult:
    """A result with this box in every field for a box."""
    return PageResult(
        width=500,
        height=700,
        lines=(Line("a", box, 0.9),),
        tables=(Table(1, 1, (Cell("b", 0, 0, box=box),), box=box),),
        fields=(Field(("name",), "c", box=box), Field(("date",), "d")),
        blocks=(Block("title", "e", box=box),),
        rotation=rotation,
        skew=skew,
    )


def boxes(result: PageResult) -> list[Quad]:
    return [
        box
        for box in (
            *(line.box for line in result.lines),
            *(table.box for table in result.tables),
            *(cell.box for table in result.tables for cell in table.cells),
            *(entry.box for entry in result.fields),
            *(block.box for block in result.blocks),
        )
        if box is not None
    ]


@given(back=inverses(), original=quads)
def test_every_box_is_mapped_to_the_original(back, original):
    there = map_points(np.linalg.inv(back), np.array(original))
    box = tuple((float(x), float(y)) for x, y in there)
    preprocessed = Preprocessed(Image.new("L", (500, 700)), True, *SIZE, back)
    restored = preprocessed.restore(result_with(box))
    assert (restored.width, restored.height) == SIZE
    assert len(boxes(restored)) == 5
    for found in boxes(restored):
        assert np.array(found) == pytest.approx(np.array(original), abs=1e-3)


@given(back=inverses(), box=quads)
def test_no_box_is_outside_of_the_original(back, box):
    preprocessed = Preprocessed(Image.new("L", (500, 700)), True, *SIZE, back)
    for found in boxes(preprocessed.restore(result_with(box))):
        assert np.array(found).min() >= 0
        assert (np.array(found) <= np.array(SIZE)).all()


@given(back=inverses(), box=quads)
def test_results_without_boxes_are_unchanged(back, box):
    preprocessed = Preprocessed(Image.new("L", (500, 700)), True, *SIZE, back)
    result = result_with(box)
    restored = preprocessed.restore(result)
    assert restored.lines[0].text == "a"
    assert restored.fields[1] == result.fields[1]
    assert replace(restored.blocks[0], box=None) == Block("title", "e")


@settings(max_examples=12, deadline=None)
@given(degrees=st.floats(-8, 8), x=fractions, y=fractions)
def test_a_mark_on_the_preprocessed_page_maps_to_the_mark_on_the_original(degrees, x, y):
    image = tilted(page().resize((827, 1170)), degrees)
    at = np.array([x, y]) * 0.8 * image.size + 0.1 * np.array(image.size)
    pixels = np.asarray(image).copy()
    left, top = at.astype(int)
    pixels[top - 4 : top + 5, left - 4 : left + 5] = (255, 0, 0)
    preprocessed = preprocess(Image.fromarray(pixels), replace(NOTHING, deskew=True))
    shown = np.asarray(preprocessed.image.convert("RGB")).astype(int)
    rows, columns = np.nonzero((shown[..., 0] > 200) & (shown[..., 1] < 90))
    middle = np.array([[columns.mean() + 0.5, rows.mean() + 0.5]])
    assert map_points(preprocessed.inverse, middle)[0] == pytest.approx(
        [left + 0.5, top + 0.5], abs=1.5
    )


@pytest.mark.parametrize("degrees", [-4.0, 3.0])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_result_has_the_skew_of_the_original(degrees, rotation):
    image = turned(tilted(page(), degrees), rotation)
    preprocessed = preprocess(image, replace(NOTHING, deskew=True))
    box = ((10.0, 10.0), (90.0, 10.0), (90.0, 30.0), (10.0, 30.0))
    restored = preprocessed.restore(result_with(box, rotation=rotation, skew=0.2))
    assert restored.rotation == rotation
    assert restored.skew == pytest.approx(degrees + 0.2, abs=0.1)


@pytest.mark.parametrize("name", ["page_zh.png", "page_en.tif", "columns_ja.jpg", "cmyk.jpg"])
def test_a_picture_that_needs_no_step_is_unchanged(name):
    image = Image.open(SAMPLES / name)
    preprocessed = preprocess(image, ALL)
    assert not preprocessed.changed
    assert preprocessed.image is image


@pytest.mark.parametrize(
    ("bad", "step"),
    [
        (lambda: tilted(page(), 3), "deskew"),
        (lambda: photographed(page(), busy=False), "correct_perspective"),
        (lambda: faint(page(), 0.2), "enhance_contrast"),
        (lambda: huge(page()), "downscale"),
    ],
    ids=["deskew", "correct_perspective", "enhance_contrast", "downscale"],
)
def test_each_step_is_applied_only_if_it_is_chosen(bad, step):
    image = bad()
    all_but_one = replace(ALL, **{step: False})
    assert preprocess(image, replace(NOTHING, **{step: True})).changed
    assert not preprocess(image, NOTHING).changed
    # The photo of a sheet is also skewed, and unevenly lit.
    assert step == "correct_perspective" or not preprocess(image, all_but_one).changed


def test_the_original_is_not_modified():
    image = tilted(page(), 3)
    before = image.tobytes()
    preprocess(image, ALL)
    assert image.tobytes() == before


def test_a_photo_of_a_skewed_sheet_is_deskewed():
    image = photographed(tilted(page(), 2), busy=True)
    preprocessed = preprocess(image, ALL)
    assert abs(skew_of(pixels_of(preprocessed.image))) < 0.3


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "I;16"])
def test_pictures_of_any_mode_are_accepted(mode):
    image = tilted(page(), 3).convert("L")
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    else:
        image = image.convert(mode)
    preprocessed = preprocess(image, replace(NOTHING, deskew=True))
    assert preprocessed.changed
    assert abs(skew_of(pixels_of(preprocessed.image))) < 0.2
