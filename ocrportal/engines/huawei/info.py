"""The cloud engine as the portal offers it; its HTTP libraries load when it is first used."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from ocrportal.engines.base import Engine, EngineInfo
from ocrportal.engines.cloud import Cloud, CloudAccess, Diagnosis, TokenStore
from ocrportal.engines.huawei.options import options_of
from ocrportal.errors.engine import EngineError

_PACKAGE = "ocrportal.engines.huawei"
"""Named, not imported: a process loads the HTTP libraries when it first calls the cloud."""


def _connect(cloud: Cloud) -> Engine:
    engine = cast("Callable[..., Engine]", import_string(f"{_PACKAGE}.engine.HuaweiEngine"))
    return engine(cloud.access, cloud.tokens, cloud.report)


def _diagnose(
    read_access: Callable[[], CloudAccess], tokens: TokenStore, service: str = ""
) -> Diagnosis:
    doctor = f"{_PACKAGE}.diagnosis.doctor"
    try:
        access = read_access()
    except EngineError as error:
        of_error = cast("Callable[..., Diagnosis]", import_string(f"{doctor}.diagnosis_of"))
        return of_error(error, service)
    diagnose = cast("Callable[..., Diagnosis]", import_string(f"{doctor}.diagnose"))
    return diagnose(access, tokens, service)


INFO = EngineInfo(
    key="huawei",
    label=_("Huawei Cloud OCR"),
    hint=_("Also ID cards, invoices, tables, handwriting and more, with your own keys."),
    # The catalogue lists the services of this cloud.
    services=None,
    options=options_of,
    connect=_connect,
    diagnose=_diagnose,
)
