"""WHO answers: the engines, and the only place that knows all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ocrportal.engines.base import Engine
from ocrportal.engines.huawei.access import CloudAccess, Report, TokenStore

ENGINES = ("local", "huawei")
"""Keys of all engines, the default one first."""

CLOUD_ENGINES = ("huawei",)
"""Those that ask others over the network, with a credential."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """What a cloud engine works with: keys, where tokens are kept, where calls are told."""

    access: CloudAccess
    tokens: TokenStore
    report: Report


def engine_for(key: str, threads: int = 1, cloud: Cloud | None = None) -> Engine:
    """The engine with this key.

    One that computes here is made and warmed up once per process, since its models are
    large; ``threads`` is how many work on one page. One of ``CLOUD_ENGINES`` needs
    ``cloud``. Raises KeyError for an unknown key and EngineUnavailable if it cannot start.
    """
    if key == "huawei":
        # Only a process that asks the cloud pays for its libraries.
        from ocrportal.engines.huawei.engine import HuaweiEngine  # noqa: PLC0415  # see above

        if cloud is None:
            raise ValueError("a cloud engine needs a credential")
        return HuaweiEngine(cloud.access, cloud.tokens, cloud.report)
    # A cache takes threads left out, given by place and given by name for three engines.
    return _computing_engine(key, threads)


@cache
def _computing_engine(key: str, threads: int) -> Engine:
    if key == "local":
        # Only a process that recognises pays for the models' libraries.
        from ocrportal.engines.local.engine import LocalEngine  # noqa: PLC0415  # see above

        engine = LocalEngine(threads)
        engine.warm_up()
        return engine
    raise KeyError(key)
