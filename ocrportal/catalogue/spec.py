"""The catalogue of OCR services as typed, frozen data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Service:
    """One OCR capability: ``general-text`` and, in time, its relatives.

    Texts are given per language code (``en``, ``zh-hans``): they are facts of the
    catalogue and therefore not in the gettext files.
    """

    key: str
    names: dict[str, str]
    hints: dict[str, str]
    engines: tuple[str, ...]
    """Keys of the engines that perform it."""

    @property
    def name(self) -> str:
        """The name in the active language."""
        return _in_active_language(self.names)

    @property
    def hint(self) -> str:
        """One line that says what it is for, in the active language."""
        return _in_active_language(self.hints)


@cache
def services() -> dict[str, Service]:
    """All services by key, in the order in which they are offered."""
    data = json.loads(files(__package__).joinpath("services.json").read_text("utf-8"))
    return {
        entry["key"]: Service(
            key=entry["key"],
            names=entry["name"],
            hints=entry["hint"],
            engines=tuple(entry["engines"]),
        )
        for entry in data["services"]
    }


def _in_active_language(texts: dict[str, str]) -> str:
    return texts.get(get_language() or "en", texts["en"])
