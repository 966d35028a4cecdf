"""The contract between the portal and whoever recognises a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from PIL import Image

from ocrportal.catalogue.spec import Service
from ocrportal.results import PageResult


class Engine(Protocol):
    """Performs services on one page picture at a time."""

    key: str
    """Stable word used in jobs, API and commands: ``local``, ``huawei``."""

    def recognise(
        self, image: Image.Image, service: Service, options: Mapping[str, Any]
    ) -> PageResult:
        """Read one page picture (any Pillow mode, at least 1 x 1 pixel).

        The boxes of the result are pixels of ``image`` as given, also where the engine
        turned, levelled, shrank or enlarged it for itself. A page without text gives a
        result without lines. Raises EngineError, and nothing else, when it cannot read.
        """
        ...
