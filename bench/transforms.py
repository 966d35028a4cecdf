"""Good pages changed in the ways that preprocessing corrects."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Corners = tuple[tuple[float, float], ...]
"""Where the corners of a sheet are in a photograph, clockwise, as shares of its size."""

_A4_600_DPI = 7016
"""Pixels of the longer side."""


def turned(image: Image.Image, degrees: int) -> Image.Image:
    """The image rotated counterclockwise by a multiple of 90 degrees."""
    return image.rotate(degrees, expand=True)


def tilted(image: Image.Image, degrees: float) -> Image.Image:
    """The image rotated counterclockwise by a few degrees, on white."""
    return image.convert("RGB").rotate(
        degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white"
    )


def faint(image: Image.Image, share: float) -> Image.Image:
    """The image with a share of its contrast, on grainy paper that is darker on one side."""
    grey = np.asarray(image.convert("L"), dtype=np.float32)
    height, width = grey.shape
    paper = np.linspace(238, 205, width, dtype=np.float32)[None, :]
    grain = np.random.default_rng(1).normal(0, 2.5, (height, width))
    drawn = paper - (255 - grey) * share * paper / 255 + grain
    return Image.fromarray(drawn.clip(0, 255).astype(np.uint8))


def huge(image: Image.Image) -> Image.Image:
    """The image enlarged to the size of an A4 page at 600 dpi."""
    scale = _A4_600_DPI / max(image.size)
    size = round(image.width * scale), round(image.height * scale)
    return image.convert("L").resize(size, Image.Resampling.BICUBIC)


STEEP: Corners = ((0.21, 0.12), (0.83, 0.09), (0.95, 0.9), (0.07, 0.93))
"""A sheet photographed at a steep angle."""


def photographed(image: Image.Image, *, busy: bool, corners: Corners = STEEP) -> Image.Image:
    """The image photographed from an angle, on a plain dark or a busy table."""
    sheet = np.asarray(image.convert("RGB"))
    height, width = sheet.shape[:2]
    size = _photo_size(image.size)
    table = np.asarray(_table(size, busy=busy))
    matrix = photo_matrix(image.size, corners)
    # A photo is lit from one side and never as white as a scan.
    light = np.linspace(0.92, 0.72, width, dtype=np.float32)[None, :, None]
    lit = (sheet * light).astype(np.uint8)
    seen = cv2.warpPerspective(lit, matrix, size, flags=cv2.INTER_AREA)
    shape = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, size)
    shares = shape[..., None].astype(np.float32) / 255
    return Image.fromarray((seen * shares + table * (1 - shares)).astype(np.uint8))


def photo_matrix(size: tuple[int, int], corners: Corners) -> NDArray[np.float64]:
    """Maps points of an image of this size (width, height) to points of its photograph."""
    width, height = size
    start = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    end = np.array(corners, dtype=np.float32) * np.array(_photo_size(size), dtype=np.float32)
    return cv2.getPerspectiveTransform(start, end.astype(np.float32)).astype(np.float64)


def _photo_size(size: tuple[int, int]) -> tuple[int, int]:
    return round(size[0] * 1.3), round(size[1] * 1.25)


def facing(
    left: Image.Image, right: Image.Image, *, shadow: bool, degrees: float = 0.0
) -> Image.Image:
    """Two pages of a book side by side, with or without the shadow of the gutter."""
    height = max(left.height, right.height, round(1.42 * max(left.width, right.width)))
    width = round(height / 1.42)
    spread = Image.new("RGB", (2 * width, height), "white")
    for page, start in ((left, 0), (right, width)):
        spread.paste(
            page.convert("RGB"), (start + (width - page.width) // 2, (height - page.height) // 2)
        )
    if shadow:
        away = np.abs(np.arange(2 * width) - width) / (0.02 * 2 * width)
        shade = (255 - 90 * np.exp(-away)).astype(np.uint8)
        dark = Image.fromarray(np.broadcast_to(shade, (height, 2 * width)).copy()).convert("RGB")
        spread = ImageChops.multiply(spread, dark)
    return spread.rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white")


def _table(size: tuple[int, int], *, busy: bool) -> Image.Image:
    width, height = size
    random = np.random.default_rng(2)
    table = Image.new("RGB", size, (58, 46, 40))
    if not busy:
        return table
    draw = ImageDraw.Draw(table)
    for x in range(0, width, 9):
        shade = int(random.integers(70, 120))
        draw.line(
            [(x, 0), (x + width // 20, height)], fill=(shade, shade - 18, shade - 34), width=7
        )
    for _ in range(14):
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        colour = tuple(int(part) for part in random.integers(20, 190, 3))
        draw.ellipse([x, y, x + width // 9, y + width // 12], fill=colour)
    return table.filter(ImageFilter.GaussianBlur(2))
