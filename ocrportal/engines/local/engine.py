"""The embedded engine: RapidOCR's models on OpenVINO, inside this process."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import cv2
import numpy as np
from PIL import Image

from ocrportal.catalogue.spec import Service
from ocrportal.engines.base import AUTO_ROTATE, NO_SOURCE, Origin
from ocrportal.engines.local.check_box_lines import with_check_boxes
from ocrportal.engines.local.check_boxes import find_check_boxes
from ocrportal.engines.local.detection import Corners
from ocrportal.engines.local.line_order import in_rows, skew_of
from ocrportal.engines.local.page_reader import PageReader, Seal, turned
from ocrportal.engines.local.pixels import pixels_of
from ocrportal.engines.local.recognition import TextRegion, unread_regions
from ocrportal.errors.engine import EngineError
from ocrportal.figures import find_figures
from ocrportal.figures.codes import find_codes, is_in_code, without_codes
from ocrportal.figures.signatures import find_signatures
from ocrportal.geometry import Quad, quad_center, quad_contains
from ocrportal.printed_type import with_measured_types
from ocrportal.results import BACKDROP, UNREAD_CHARACTER, Block, Char, Line, PageResult
from ocrportal.tables import find_tables

MODEL = "PP-OCRv6 small"


class LocalEngine:
    """Recognises pages in this process; one instance per process is enough."""

    key = "local"

    def __init__(self, threads: int = 1) -> None:
        """Load the models, which use ``threads`` threads for a page.

        Several processes use a machine better than several threads for one page.
        Raises EngineUnavailable if a model cannot be loaded.
        """
        self._reader = PageReader(threads)
        self._details = {"model": MODEL, "rapidocr": version("rapidocr")}

    def warm_up(self) -> None:
        """Run all models once, so that the first page takes no longer than later ones."""
        self._reader.warm_up()

    def recognise(
        self,
        image: Image.Image,
        service: Service,
        options: Mapping[str, Any],
        origin: Origin = NO_SOURCE,
    ) -> PageResult:
        """Recognise one page image, as :class:`ocrportal.engines.base.Engine` specifies."""
        started = time.perf_counter()
        try:
            pixels = pixels_of(image)
            page = self._reader.read(pixels, auto_rotate=options.get(AUTO_ROTATE, True))
            upright = [_line(region) for region in page.regions if region.reading.is_read]
            skew = skew_of(upright)
            upright += map(_unread_line, unread_regions(page.regions))
            turned_pixels = turned(pixels, page.rotation)
            codes = find_codes(turned_pixels)
            turned_pixels = without_codes(turned_pixels, codes)
            upright = [line for line in upright if not is_in_code(line, codes)]
            signatures, upright = find_signatures(turned_pixels, upright)
            upright = with_check_boxes(upright, find_check_boxes(turned_pixels, upright))
            upright = with_measured_types(turned_pixels, upright)
            tables, upright = find_tables(turned_pixels, upright, skew)
            read = [line for line in upright if line.text != UNREAD_CHARACTER]
            figures, tables = find_figures(turned_pixels, read, tables, skew, signatures)
            areas = [
                *codes,
                *_without_seals(figures, page.seals, signatures),
                *map(_seal, page.seals),
            ]
            upright = [line for line in upright if not _is_part_of_an_area(line, areas)]
        except (cv2.error, OSError, ValueError, MemoryError) as exc:
            raise EngineError() from exc
        width, height = image.size
        result = PageResult(
            width=height if page.rotation in (90, 270) else width,
            height=width if page.rotation in (90, 270) else height,
            lines=tuple(in_rows(upright, skew)),
            tables=tuple(tables),
            blocks=tuple(areas),
            rotation=-page.rotation % 360,
        ).upright()
        return replace(
            result,
            rotation=page.rotation,
            skew=skew,
            engine=self.key,
            seconds=time.perf_counter() - started,
            details=dict(self._details),
        )

    def read_lines(self, image: Image.Image, boxes: Sequence[Quad]) -> list[Line]:
        """Read lines as :class:`ocrportal.engines.base.LineReader` specifies."""
        try:
            readings = self._reader.read_lines(
                pixels_of(image), [np.array(box, np.float32) for box in boxes]
            )
        except (cv2.error, OSError, ValueError, MemoryError) as exc:
            raise EngineError() from exc
        return [
            Line(reading.text, box, reading.confidence, reading.chars)
            for box, reading in zip(boxes, readings, strict=True)
        ]


def load_engine(threads: int) -> LocalEngine:
    """An engine that is ready for its first page; raises EngineUnavailable."""
    engine = LocalEngine(threads)
    engine.warm_up()
    return engine


def _line(region: TextRegion) -> Line:
    reading = region.reading
    return Line(reading.text, _quad(region.corners), reading.confidence, reading.chars)


def _unread_line(region: TextRegion) -> Line:
    return Line(
        UNREAD_CHARACTER, _quad(region.corners), 0.0, (Char(UNREAD_CHARACTER, 0.0, 1.0, 0.0),)
    )


def _seal(seal: Seal) -> Block:
    return Block("seal", seal.text, seal.rect.quad)


def _without_seals(
    figures: Sequence[Block], seals: Sequence[Seal], signatures: Sequence[Quad]
) -> list[Block]:
    """The figures that are not seals; a signature may be below one."""
    centers = [quad_center(figure.box) if figure.box else None for figure in figures]
    return [
        figure
        for figure, center in zip(figures, centers, strict=True)
        if center is None
        or not any(seal.rect.contains(center) for seal in seals)
        or any(quad_contains(signature, center) for signature in signatures)
    ]


def _is_part_of_an_area(line: Line, areas: Sequence[Block]) -> bool:
    """Whether a line is the pattern of a code, or what was not read one of a figure or a seal.

    What was not read of the text over a backdrop stays.
    """
    center = quad_center(line.box)
    return is_in_code(line, areas) or (
        line.text == UNREAD_CHARACTER
        and any(
            area.kind != BACKDROP and area.box and quad_contains(area.box, center) for area in areas
        )
    )


def _quad(corners: Corners) -> Quad:
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return a, b, c, d
