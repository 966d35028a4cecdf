"""The cloud engine as the portal offers it; its HTTP libraries load when it is first used."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from ocrportal.engines.base import Engine, EngineInfo
from ocrportal.engines.cloud import Cloud, CloudAccess, Diagnosis, TokenStore
from ocrportal.engines.huawei.options import options_of
from ocrportal.errors import EngineError


def _connect(cloud: Cloud) -> Engine:
    # Only a process that calls the cloud loads the libraries for it.
    from ocrportal.engines.huawei.engine import HuaweiEngine  # noqa: PLC0415  # see above

    return HuaweiEngine(cloud.access, cloud.tokens, cloud.report)


def _diagnose(
    read_access: Callable[[], CloudAccess], tokens: TokenStore, service: str = ""
) -> Diagnosis:
    # Likewise.
    from ocrportal.engines.huawei.diagnosis import doctor  # noqa: PLC0415  # see above

    try:
        access = read_access()
    except EngineError as error:
        return doctor.diagnosis_of(error, service)
    return doctor.diagnose(access, tokens, service)


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
