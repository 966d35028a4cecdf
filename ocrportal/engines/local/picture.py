"""From any Pillow picture to the pixels that the networks read."""

from __future__ import annotations

import numpy as np
from PIL import Image

from ocrportal.engines.local.models import Pixels


def pixels_of(image: Image.Image) -> Pixels:
    """The picture as bytes per channel; what is transparent becomes white paper.

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
    """Stretch what the picture really uses of 16 or 32 bits to 0-255.

    Pillow would cut everything above 255 to white. Scanners that give 16 bits use the
    whole range, some cameras only the lower 10 or 12 bits, so the values themselves decide.
    """
    values = np.asarray(image, dtype=np.float32)
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = min(float(values.min()), 0.0), float(values.max())
    return Image.fromarray(((values - low) * (255.0 / ((high - low) or 1.0))).astype(np.uint8))
