"""The embedded engine as the portal offers it; its models load when it is created."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from ocrportal.engines.base import AUTO_ROTATE, Engine, EngineInfo


def _load(threads: int) -> Engine:
    # Named, not imported: only a process that recognises pages loads the models' libraries.
    load = import_string("ocrportal.engines.local.engine.load_engine")
    return cast("Callable[[int], Engine]", load)(threads)


INFO = EngineInfo(
    key="local",
    label=_("Built-in (offline)"),
    # The languages are those whose letters are in the recogniser's alphabet.
    hint=_(
        "Printed text in Chinese (simplified and traditional), Japanese, English and other "
        "European languages in Latin letters. It does not read Korean, Cyrillic, Arabic and other "
        "scripts. Files never leave this portal."
    ),
    services=("general-text",),
    steps=frozenset({AUTO_ROTATE}),
    load=_load,
)
