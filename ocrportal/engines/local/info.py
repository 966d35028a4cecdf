"""The embedded engine as the portal offers it; its models load when it is created."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ocrportal.engines.base import AUTO_ROTATE, Engine, EngineInfo


def _load(threads: int) -> Engine:
    # Only a process that recognises pages loads the models' libraries.
    from ocrportal.engines.local.engine import LocalEngine  # noqa: PLC0415  # see above

    engine = LocalEngine(threads)
    engine.warm_up()
    return engine


INFO = EngineInfo(
    key="local",
    label=_("Built-in (offline)"),
    hint=_("Printed Chinese and English text. Files never leave this portal."),
    services=("general-text",),
    steps=frozenset({AUTO_ROTATE}),
    load=_load,
)
