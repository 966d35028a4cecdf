"""A third engine as a newcomer would add it: a class, its EngineInfo, one place to register."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PIL import Image

from ocrportal.catalogue.spec import Option, Service
from ocrportal.engines import engine_for
from ocrportal.engines.base import NO_SOURCE, Engine, EngineInfo, Origin
from ocrportal.results import PageResult

KEY = "third"


class ThirdEngine:
    """Reads what the embedded engine reads, in capital letters if asked to."""

    key = KEY

    def __init__(self, inner: Engine) -> None:
        self._inner = inner

    def recognise(
        self,
        image: Image.Image,
        service: Service,
        options: Mapping[str, Any],
        origin: Origin = NO_SOURCE,
    ) -> PageResult:
        result = replace(self._inner.recognise(image, service, {}), engine=self.key)
        if not options.get("capitals"):
            return result
        lines = tuple(replace(line, text=line.text.upper(), chars=()) for line in result.lines)
        return replace(result, lines=lines)


def options_of(service: Service) -> tuple[Option, ...]:
    return (
        Option(
            name="capitals",
            type="boolean",
            required=False,
            default=False,
            allowed=None,
            labels={"en": "Capital letters"},
            hints={"en": "Returns the text in capital letters."},
            value_labels={},
        ),
    )


INFO = EngineInfo(
    key=KEY,
    label="Third engine",
    hint="Reads out loud.",
    services=("general-text", "id-card"),
    options=options_of,
    load=lambda threads: ThirdEngine(engine_for("local")),
)
