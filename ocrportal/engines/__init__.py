"""WHO answers: the table of engines, and the only place that chooses one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import cast

from ocrportal.catalogue.spec import Option, Service, services
from ocrportal.engines.base import Engine, EngineInfo, LineReader
from ocrportal.engines.cloud import Cloud, CloudAccess, Diagnosis, TokenStore
from ocrportal.engines.huawei.info import INFO as HUAWEI
from ocrportal.engines.local.info import INFO as LOCAL

ENGINES: dict[str, EngineInfo] = {info.key: info for info in (LOCAL, HUAWEI)}
"""All engines by key, the default one first. A new engine is registered here."""

DEFAULT_ENGINE = LOCAL.key


def cloud_engines() -> tuple[str, ...]:
    """Keys of the engines that call a cloud service with a credential."""
    return tuple(key for key, info in ENGINES.items() if info.needs_credential)


def is_cloud_engine(key: str) -> bool:
    """True for the key of a cloud engine; False for any other, registered or not."""
    return key in ENGINES and ENGINES[key].needs_credential


def engine_label(key: str) -> str:
    """The engine's name in the active language; the key itself if it is not registered."""
    return str(ENGINES[key].label) if key in ENGINES else key


def services_of(key: str) -> dict[str, Service]:
    """The services that the engine performs, by key; empty if it is not registered."""
    performed = ENGINES[key].services if key in ENGINES else ()
    return {
        name: service
        for name, service in services().items()
        if performed is None or name in performed
    }


def engines_for(service: str) -> tuple[str, ...]:
    """Keys of the engines that perform the service."""
    return tuple(key for key in ENGINES if service in services_of(key))


def options_of(service: Service, *keys: str) -> tuple[Option, ...]:
    """What users can set for a service with these engines; each name once."""
    options: dict[str, Option] = {}
    for key in keys:
        find = ENGINES[key].options
        for option in find(service) if find else ():
            options.setdefault(option.name, option)
    return tuple(options.values())


def engine_for(key: str, threads: int = 1) -> Engine:
    """The engine with this key, which runs in this process.

    It is created once per process, since its models are large; ``threads`` is how many
    compute one page. Raises KeyError for the key of any other engine, and
    EngineUnavailable if it cannot start.
    """
    # The cache would tell apart ``threads`` omitted, by position and by name.
    return _loaded(key, threads)


def line_reader(threads: int = 1) -> LineReader:
    """The default engine, as the reader of lines whose places are known.

    Raises EngineUnavailable if it cannot start.
    """
    return cast("LineReader", engine_for(DEFAULT_ENGINE, threads))


def cloud_engine_for(key: str, cloud: Cloud) -> Engine:
    """The cloud engine with this key. Raises KeyError for the key of any other engine."""
    connect = ENGINES[key].connect
    if connect is None:
        raise KeyError(key)
    return connect(cloud)


def diagnose(
    read_access: Callable[[], CloudAccess], tokens: TokenStore, service: str = ""
) -> Diagnosis:
    """Test a credential, as :class:`ocrportal.engines.cloud.Diagnose` describes.

    All credentials are of one provider: the first cloud engine tests them.
    """
    test = next(info.diagnose for info in ENGINES.values() if info.diagnose)
    return test(read_access, tokens, service)


@cache
def _loaded(key: str, threads: int) -> Engine:
    load = ENGINES[key].load
    if load is None:
        raise KeyError(key)
    return load(threads)
