"""Prints designs with Chromium: a PDF, a picture of each page, and what is on it."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Self

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from bench.documents.markup import Design
from bench.documents.truth import (
    TruePage,
    TrueRegion,
    pages_from_bytes,
    pages_from_json,
    pages_to_json,
)
from ocrportal.geometry import Rect

DPI = 150
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_TRUTH = Path(__file__).with_name("truth.js").read_text("utf-8")
_PROGRAM = Path(__file__).read_text("utf-8")
"""Cached documents depend on this module too."""
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    # The widths of characters are then the same on the screen and in the PDF.
    "--font-render-hinting=none",
)
_DRAWN = ("figure", "logo", "signature", "formula", "code")
"""The kinds of regions that end with their ink."""
_AROUND = 3
"""Pixels around a region in which the colour of the paper shows."""
_MIN_CONTRAST = 24
"""Difference of ink to the paper in one channel, of 255."""
_TOLERANCE = 2
"""Pixels by which a box may extend beyond the page."""


@dataclass(frozen=True, slots=True)
class PrintedDocument:
    """A printed document: its PDF, and for each page a PNG file and its truth."""

    name: str
    pdf: Path
    pictures: tuple[Path, ...]
    pages: tuple[TruePage, ...]


class Printer:
    """Prints documents into a folder, unless they exist there; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._browser: Browser | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def print(self, name: str, design: Design) -> PrintedDocument:
        """The printed document; raises ValueError if something is beyond its page."""
        html = design.html()
        digest = hashlib.sha256(f"{html}{_TRUTH}{_PROGRAM}".encode()).hexdigest()[:12]
        folder = self._folder / f"{name}-{digest}"
        if not folder.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            # Renamed when it is complete, since other processes may use the same folder.
            unfinished = Path(mkdtemp(dir=self._folder))
            try:
                self._print(name, design, html, unfinished)
                if not folder.exists():
                    unfinished.rename(folder)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
        pages = pages_from_bytes((folder / "truth.json").read_bytes())
        pictures = tuple(folder / f"page-{number}.png" for number in range(1, len(pages) + 1))
        return PrintedDocument(name, folder / "document.pdf", pictures, tuple(pages))

    def _print(self, name: str, design: Design, html: str, folder: Path) -> None:
        (folder / "source.html").write_text(html, "utf-8")
        viewport: ViewportSize = {"width": round(design.width / 25.4 * 96), "height": 1200}
        page = self._started().new_page(viewport=viewport)
        try:
            page.emulate_media(media="print")
            page.set_content(html)
            truth = pages_from_json(page.evaluate(_TRUTH, DPI / 96))
            check(name, truth)
            page.pdf(path=folder / "document.pdf", prefer_css_page_size=True, print_background=True)
        finally:
            page.close()
        (folder / "truth.json").write_bytes(pages_to_json(_drawn(folder, truth)))

    def _started(self) -> Browser:
        """Chromium, started with the first document that has to be printed."""
        if self._browser is None:
            path = next(filter(None, map(shutil.which, _PROGRAMS)), None)
            if path is None:
                raise FileNotFoundError("Chromium is not installed")
            playwright = self._open.enter_context(sync_playwright())
            self._browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
            self._open.callback(self._browser.close)
        return self._browser


def check(name: str, pages: list[TruePage]) -> None:
    """Raise ValueError if a page is empty or something is beyond its edges."""
    for number, page in enumerate(pages, 1):
        if not page.blocks:
            raise ValueError(f"page {number} of {name} is empty")
        for block in page.blocks:
            left, top, right, bottom = block.box
            if (
                min(left, top) < -_TOLERANCE
                or right > page.width + _TOLERANCE
                or bottom > page.height + _TOLERANCE
            ):
                raise ValueError(f"beyond page {number} of {name}: {block.text[:40]!r} {block.box}")


def _drawn(folder: Path, truth: list[TruePage]) -> list[TruePage]:
    """Draw each page of the PDF; the pages with the size of their pictures."""
    with pdfium.PdfDocument(folder / "document.pdf") as document:
        if len(document) != len(truth):
            raise ValueError(f"{len(document)} sheets for {len(truth)} pages in {folder}")
        pages = []
        for number, page in enumerate(truth, 1):
            drawn = document[number - 1].render(scale=DPI / 72).to_pil().convert("RGB")
            drawn.save(folder / f"page-{number}.png", dpi=(DPI, DPI))
            regions = tuple(_fitted(region, drawn) for region in page.regions)
            size = {"width": drawn.width, "height": drawn.height}
            pages.append(replace(page, regions=regions, **size))
    return pages


def _fitted(region: TrueRegion, picture: Image.Image) -> TrueRegion:
    """A drawn region without the empty space around its ink."""
    if region.kind not in _DRAWN:
        return region
    left, top, right, bottom = map(round, region.box)
    left, top = left - _AROUND, top - _AROUND
    pixels = np.asarray(
        picture.crop((left, top, right + _AROUND, bottom + _AROUND)), dtype=np.int16
    )
    around = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    paper = Counter(map(tuple, around.tolist())).most_common(1)[0][0]
    ink = np.abs(pixels - np.array(paper)).max(axis=2) > _MIN_CONTRAST
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    if len(rows) == 0:
        return region
    box = Rect(left + columns[0], top + rows[0], left + columns[-1] + 1, top + rows[-1] + 1)
    return replace(region, box=Rect(*map(float, box)))
