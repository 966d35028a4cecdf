"""WHO answers: the engines, and the only place that knows all of them."""

from __future__ import annotations

from functools import cache

from ocrportal.engines.base import Engine

ENGINES = ("local",)
"""Keys of all engines, the default one first."""


def engine_for(key: str, threads: int = 1) -> Engine:
    """The engine with this key, made and warmed up once per process: its models are large.

    ``threads`` is for an engine that computes here: how many work on one page. Raises
    KeyError for an unknown key and EngineUnavailable if it cannot start.
    """
    # A cache takes threads left out, given by place and given by name for three engines.
    return _engine(key, threads)


@cache
def _engine(key: str, threads: int) -> Engine:
    if key == "local":
        # Only a process that recognises pays for the models' libraries.
        from ocrportal.engines.local.engine import LocalEngine  # noqa: PLC0415  # see above

        engine = LocalEngine(threads)
        engine.warm_up()
        return engine
    raise KeyError(key)
