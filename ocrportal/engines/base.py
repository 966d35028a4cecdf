"""The contract between the portal and its engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ocrportal.catalogue.spec import Option, Service
from ocrportal.engines.cloud import Cloud, Diagnose
from ocrportal.geometry import Quad
from ocrportal.results import Line, PageResult

if TYPE_CHECKING:
    from PIL import Image

AUTO_ROTATE = "auto_rotate"
"""The preprocessing step that an engine performs itself: it turns pages upright."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page picture comes from: an engine may send that instead of the pixels."""

    data: bytes = b""
    """The picture's own file, a JPEG or PNG, for an engine that can send it as it is."""
    address: str = ""
    """Public URL of the very same picture; empty if it has none."""
    read_pdf: Callable[[], bytes] | None = None
    """Reads the PDF file whose page it is; None for a picture of another source."""
    pdf_page: int = 1
    """The number of the page in that file, from 1."""
    dpi: float | None = None
    """Pixels per inch of the page picture; None if unknown."""


NO_SOURCE = Origin()


class Engine(Protocol):
    """Performs services on one page picture at a time."""

    key: str
    """Stable identifier, stored with jobs and used in API and commands."""

    def recognise(
        self,
        image: Image.Image,
        service: Service,
        options: Mapping[str, Any],
        origin: Origin = NO_SOURCE,
    ) -> PageResult:
        """Read one page picture (any Pillow mode, at least 1 x 1 pixel).

        The boxes of the result are in pixels of ``image``, even if the engine rotated,
        deskewed or scaled the picture internally. A page without text gives a result
        without lines. Raises EngineError, and nothing else, when it cannot read.
        """
        ...


class LineReader(Protocol):
    """Reads lines whose places are known, without a search for more."""

    def read_lines(self, image: Image.Image, boxes: Sequence[Quad]) -> list[Line]:
        """The text in each box, in the order of ``boxes``; empty where none is read.

        Raises EngineError, and nothing else.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """One engine: what the portal offers of it, and how it is created.

    Forms, API and commands derive from it. An engine that runs in this process sets
    ``load``; one that calls a cloud service sets ``connect`` and ``diagnose``.
    """

    key: str
    """As :attr:`Engine.key`; at most 20 characters."""
    label: Any
    """The name that users see; lazily translated."""
    hint: Any
    """One line about what it reads and where; lazily translated."""
    services: tuple[str, ...] | None
    """Keys of the catalogue's services that it performs; None: all of them."""
    options: Callable[[Service], tuple[Option, ...]] | None = None
    """Returns the options that users can set for a service; None: it has no options."""
    steps: frozenset[str] = frozenset()
    """Preprocessing steps that an engine of this process performs itself. The worker passes
    the user's choice as a boolean option of the same name."""
    load: Callable[[int], Engine] | None = None
    """Creates an engine that computes one page with this number of threads."""
    connect: Callable[[Cloud], Engine] | None = None
    """Creates an engine that calls the cloud with a credential."""
    diagnose: Diagnose | None = None
    """Tests a credential."""

    @property
    def needs_credential(self) -> bool:
        """True for a cloud engine."""
        return self.connect is not None

    def with_steps(self, options: Mapping[str, Any], chosen: Mapping[str, bool]) -> dict[str, Any]:
        """``options`` with the user's choice of the steps that the engine performs itself."""
        return {**options, **{step: chosen[step] for step in self.steps}}
