"""The cloud engine: Huawei Cloud OCR, one page per call."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from PIL import Image

from ocrportal.catalogue.spec import Limits, PdfReading, Service
from ocrportal.engines.base import NO_SOURCE, Origin
from ocrportal.engines.cloud import CloudAccess, Report, TokenStore
from ocrportal.engines.huawei.auth.identity import identity_of
from ocrportal.engines.huawei.client import OcrClient, Reply
from ocrportal.engines.huawei.http.api_errors import api_error_of, next_step
from ocrportal.engines.huawei.http.source_address import can_fetch, encoded
from ocrportal.engines.huawei.image_fitting import fit, smaller, target_bytes
from ocrportal.engines.huawei.options import READ_PDF
from ocrportal.engines.huawei.parsing.response import MalformedResponse, parse_response
from ocrportal.errors.engine import CloudRefused, EngineError
from ocrportal.results import PageResult

_SERVICE_DPI = {"bank-receipt": 200.0}
"""The resolution at which a service renders PDF pages, according to its SDK."""
_DEFAULT_DPI = 144.0
"""The resolution of smart-document-recognizer; assumed for all other services."""
_BAD_FORMAT = "AIS.0102"
_one_at_a_time = Lock()
"""Held while pixels are decoded: threads share a process, and a picture can take 0.5 GB."""
_MALFORMED = "portal:answer-malformed"


@dataclass(frozen=True, slots=True)
class _Read:
    """A response, and the scale from its pixels to the page picture."""

    reply: Reply
    sent: str
    """``picture``, ``address`` or ``pdf``; ``options`` for a service that takes no picture."""
    scale_x: float = 1.0
    scale_y: float = 1.0


class HuaweiEngine:
    """Calls Huawei Cloud with one credential; a new instance per page, which is cheap."""

    key = "huawei"

    def __init__(self, access: CloudAccess, tokens: TokenStore, report: Report) -> None:
        """``report`` is called for each HTTP call to an OCR service, failed ones included."""
        self._access, self._tokens, self._report = access, tokens, report

    def recognise(
        self,
        image: Image.Image,
        service: Service,
        options: Mapping[str, Any],
        origin: Origin = NO_SOURCE,
    ) -> PageResult:
        """Read one page picture, as :class:`ocrportal.engines.base.Engine` describes.

        Sends the PDF file if the option ``read_pdf`` is set, else the picture's address if
        the cloud can fetch it, else the picture. If the service does not accept the file or
        address, the picture is sent; if it is too large, it is sent again, smaller.
        """
        started = time.perf_counter()
        client = OcrClient(self._access, identity_of(self._access, self._tokens), self._report)
        read = self._read(client, image, service, options, origin)
        try:
            result = parse_response(
                service,
                read.reply.body,
                width=image.width,
                height=image.height,
                scale_x=read.scale_x,
                scale_y=read.scale_y,
            )
        except MalformedResponse as error:
            # No retry: the call is billed, and the next response would be the same.
            raise CloudRefused(cloud_code=_MALFORMED, cloud_message=str(error)) from error
        details = {
            "service": service.key,
            "region": self._access.region,
            "request_id": read.reply.request_id,
            "sent": read.sent,
        }
        seconds = time.perf_counter() - started
        return replace(result, engine=self.key, seconds=seconds, details=details | result.details)

    def _read(
        self,
        client: OcrClient,
        image: Image.Image,
        service: Service,
        options: Mapping[str, Any],
        origin: Origin,
    ) -> _Read:
        settings = {name: value for name, value in options.items() if name != READ_PDF}
        if service.image_field is None or service.limits is None:
            return _Read(client.call(service, settings), "options")
        page = _Page(client, service, service.image_field, service.limits, settings, image)
        read: _Read | None = None
        if options.get(READ_PDF) and service.pdf:
            read = page.read_as_pdf(service.pdf, origin)
        elif can_fetch(self._access, origin.address):
            read = page.read_at(origin.address)
        return read or page.read_as_picture(origin.data)


@dataclass(frozen=True, slots=True)
class _Page:
    """One page and the ways to send it.

    A method returns None if its way is not possible, so that the next one is tried.
    """

    client: OcrClient
    service: Service
    image_field: str
    limits: Limits
    settings: Mapping[str, Any]
    image: Image.Image

    def read_as_pdf(self, pdf: PdfReading, origin: Origin) -> _Read | None:
        """Send the PDF file; the service renders the page itself."""
        if origin.read_pdf is None or not origin.dpi or not _can_choose(pdf, origin.pdf_page):
            return None
        data = origin.read_pdf()
        if len(data) > self.limits.max_base64_bytes // 4 * 3:
            return None
        page = {pdf.page_option: origin.pdf_page} if pdf.page_option else {}
        try:
            reply = self._call({self.image_field: _base64(data), **page})
        except CloudRefused as error:
            if next_step(error) != "shrink":
                raise
            return None
        scale = origin.dpi / _SERVICE_DPI.get(self.service.key, _DEFAULT_DPI)
        return _Read(reply, "pdf", scale, scale)

    def read_at(self, address: str) -> _Read | None:
        """Send the address; the service fetches the picture."""
        longest, shortest = max(self.image.size), min(self.image.size)
        if longest > self.limits.max_side or shortest < self.limits.min_side:
            return None
        try:
            return _Read(self._call({"url": encoded(address)}), "address")
        except CloudRefused as error:
            # The format of the file at the address may differ from our page picture.
            bad_format = api_error_of(error).code == _BAD_FORMAT
            if bad_format or next_step(error) in ("send-bytes", "shrink"):
                return None
            raise

    def read_as_picture(self, data: bytes) -> _Read:
        """Send the picture within the service's limits; ``data`` is its own file, if any."""
        with self._pixels(data) as pixels:
            fitted = fit(pixels, data, self.limits, target_bytes(self.service))
        try:
            reply = self._call({self.image_field: _base64(fitted.data)})
        except CloudRefused as error:
            if next_step(error) != "shrink":
                raise
            with self._pixels(data) as pixels:
                fitted = smaller(pixels, fitted, self.limits)
            reply = self._call({self.image_field: _base64(fitted.data)})
        return _Read(reply, "picture", fitted.scale_x, fitted.scale_y)

    @contextmanager
    def _pixels(self, data: bytes) -> Iterator[Image.Image]:
        """The picture, opened again from its file, so that its pixels are freed after use.

        Raises EngineError if decoding shows that it is damaged.
        """
        try:
            with _one_at_a_time:
                if not data:
                    yield self.image
                    return
                with Image.open(io.BytesIO(data)) as opened:
                    yield opened
        except (OSError, ValueError, MemoryError) as error:
            raise EngineError from error

    def _call(self, source: dict[str, Any]) -> Reply:
        return self.client.call(self.service, {**self.settings, **source})


def _can_choose(pdf: PdfReading, number: int) -> bool:
    """True if the service can read only this page of a file."""
    if pdf.all_pages:
        return False
    return pdf.page_option is not None or number == 1


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
