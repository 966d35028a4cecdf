"""The contract between the portal and whoever recognises a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from PIL import Image

from ocrportal.catalogue.spec import Service
from ocrportal.results import PageResult

AUTO_ROTATE = "auto_rotate"
"""The embedded engine's one option: whether it turns pages that lie another way up.
It does so without being told; nobody can ask it for anything else."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page picture comes from: an engine may send that instead of the pixels."""

    data: bytes = b""
    """The picture's own file, a JPEG or PNG, for an engine that can send it as it is."""
    address: str = ""
    """Where in the internet the very same picture lies; empty if nowhere."""
    read_pdf: Callable[[], bytes] | None = None
    """Reads the PDF file whose page it is; None for a picture of another source."""
    pdf_page: int = 1
    """The number of the page in that file, from 1."""
    dpi: float | None = None
    """Pixels per inch of the page picture; None where nobody knows."""


NO_SOURCE = Origin()


class Engine(Protocol):
    """Performs services on one page picture at a time."""

    key: str
    """Stable word used in jobs, API and commands: ``local``, ``huawei``."""

    def recognise(
        self,
        image: Image.Image,
        service: Service,
        options: Mapping[str, Any],
        origin: Origin = NO_SOURCE,
    ) -> PageResult:
        """Read one page picture (any Pillow mode, at least 1 x 1 pixel).

        The boxes of the result are pixels of ``image`` as given, also where the engine
        turned, levelled, shrank or enlarged it for itself. A page without text gives a
        result without lines. Raises EngineError, and nothing else, when it cannot read.
        """
        ...
