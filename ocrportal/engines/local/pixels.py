"""Conversion of any Pillow image to the pixels that the networks process."""

from __future__ import annotations

import numpy as np
from PIL import Image

from ocrportal.engines.local.models import Pixels


def pixels_of(image: Image.Image) -> Pixels:
    """The image as one byte per channel, with transparent areas on white.

    Raises OSError or ValueError if Pillow cannot decode or convert it.
    """
    if image.mode.startswith(("I", "F")):
        image = _to_eight_bits(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """The range of values that an image of 16 or 32 bits uses, scaled to 0-255.

    Pillow would clip every value above 255 to white. Scanners with 16 bits use the whole
    range, some cameras only the lower 10 or 12 bits, so that the range is taken from the values.
    """
    values = np.asarray(image, dtype=np.float32)
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = min(float(values.min()), 0.0), float(values.max())
    return Image.fromarray(((values - low) * (255.0 / ((high - low) or 1.0))).astype(np.uint8))
