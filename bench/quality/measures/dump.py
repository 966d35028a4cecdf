"""A document of the tuning part as files to look at: pictures, the true text and ours."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw

from bench.documents.reading import ReadDocument
from ocrportal.geometry import Rect

_TRUE, _OURS = "#d00000", "#0060d0"


def dump(folder: Path, name: str, read: ReadDocument) -> None:
    """Write ``NAME.truth.txt``, ``NAME.ours.txt`` and ``NAME-PAGE.png`` into a folder.

    In the picture the true blocks are red and numbered in their order; those of the product are
    blue, their numbers on the right.
    """
    folder.mkdir(parents=True, exist_ok=True)
    truth = "\n\n".join(page.text for page in read.truth)
    (folder / f"{name}.truth.txt").write_text(truth, "utf-8")
    (folder / f"{name}.ours.txt").write_text(read.text, "utf-8")
    for number, (true_page, page) in enumerate(zip(read.truth, read.pages, strict=True), 1):
        with Image.open(io.BytesIO(page.source.read_image())) as image:
            shown = image.convert("RGB")
        draw = ImageDraw.Draw(shown)
        for index, block in enumerate(true_page.blocks):
            draw.rectangle(block.box, outline=_TRUE)
            draw.text((block.box.left - 14, block.box.top), str(index), fill=_TRUE)
        for index, found in enumerate(page.blocks):
            boxes = [page.result.lines[i].box for line in found.lines for i in line.indices]
            if boxes:
                box = Rect.around_quads(boxes)
                draw.rectangle(box, outline=_OURS)
                draw.text((box.right + 2, box.top), str(index), fill=_OURS)
        shown.save(folder / f"{name}-{number}.png")
