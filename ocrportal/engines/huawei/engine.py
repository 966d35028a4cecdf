"""The cloud engine: Huawei Cloud OCR, one page a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PIL import Image

from ocrportal.catalogue.spec import Service
from ocrportal.engines.base import NOWHERE, Origin
from ocrportal.engines.huawei.access import CloudAccess, Report, TokenStore
from ocrportal.results import PageResult


class HuaweiEngine:
    """Asks Huawei Cloud with one credential; made anew for each page, which costs little."""

    key = "huawei"

    def __init__(self, access: CloudAccess, tokens: TokenStore, report: Report) -> None:
        """``report`` is told of each HTTP call to an OCR service, also of failed ones."""
        self._access, self._tokens, self._report = access, tokens, report

    def recognise(
        self,
        image: Image.Image,
        service: Service,
        options: Mapping[str, Any],
        origin: Origin = NOWHERE,
    ) -> PageResult:
        """Read one page picture, as :class:`ocrportal.engines.base.Engine` describes."""
        raise NotImplementedError
