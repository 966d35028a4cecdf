"""Conversion of Pillow's image modes to RGB bytes."""

import numpy as np
import pytest
from PIL import Image

from ocrportal.engines.local.pixels import pixels_of


def one_pixel(mode: str, value: object) -> list[int]:
    return pixels_of(Image.new(mode, (1, 1), value))[0, 0].tolist()


@pytest.mark.parametrize(
    ("mode", "value", "expected"),
    [
        ("RGB", (10, 20, 30), [10, 20, 30]),
        ("RGBA", (10, 20, 30, 0), [255, 255, 255]),
        ("RGBA", (10, 20, 30, 255), [10, 20, 30]),
        ("LA", (0, 0), [255, 255, 255]),
        ("1", 1, [255, 255, 255]),
        ("CMYK", (0, 0, 0, 255), [0, 0, 0]),
    ],
)
def test_colours_stay_and_glass_is_white_paper(
    mode: str, value: object, expected: list[int]
) -> None:
    assert one_pixel(mode, value) == expected


def test_a_transparent_palette_colour_becomes_white() -> None:
    picture = Image.new("P", (1, 1), 0)
    picture.putpalette([200, 0, 0])
    picture.info["transparency"] = 0
    assert pixels_of(picture)[0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    "values",
    [
        np.array([[0, 65535]], np.uint16),
        np.array([[0, 1023]], np.uint16),
        np.array([[-5, 5]], np.int32),
        np.array([[0.0, 1.0]], np.float32),
    ],
)
def test_images_of_16_and_32_bits_are_scaled_to_the_whole_range(values: np.ndarray) -> None:
    assert pixels_of(Image.fromarray(values))[0, :, 0].tolist() == [0, 255]


def test_an_image_of_16_bits_with_one_value_becomes_black() -> None:
    assert pixels_of(Image.fromarray(np.zeros((1, 2), np.uint16))).tolist() == [[[0] * 3] * 2]
