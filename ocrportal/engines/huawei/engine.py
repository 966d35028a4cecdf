"""The cloud engine: Huawei Cloud OCR, one page a call."""

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
from ocrportal.engines.huawei.http.api_errors import api_error_of, next_step
from ocrportal.engines.huawei.http.client import OcrClient, Reply
from ocrportal.engines.huawei.http.source_address import can_fetch, encoded
from ocrportal.engines.huawei.image_fitting import fit, smaller, target_bytes
from ocrportal.engines.huawei.options import READ_PDF
from ocrportal.engines.huawei.parsing.answer import MalformedAnswer, read_answer
from ocrportal.errors import CloudRefused, EngineError
from ocrportal.results import PageResult

_SERVICE_DPI = {"bank-receipt": 200.0}
"""At which a service draws a PDF page, by its SDK's texts."""
_DEFAULT_DPI = 144.0
"""So does smart-document-recognizer; of the others it is not known."""
_BAD_FORMAT = "AIS.0102"
_one_at_a_time = Lock()
"""Held over decoded pixels, half a gigabyte of a large picture: many threads share a process."""
_MALFORMED = "portal:answer-malformed"


@dataclass(frozen=True, slots=True)
class _Read:
    """An answer, and how the pixels it speaks of lie on the page picture."""

    reply: Reply
    sent: str
    """``picture``, ``address``, ``pdf``; ``options`` for a service that takes no picture."""
    scale_x: float = 1.0
    scale_y: float = 1.0


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
        origin: Origin = NO_SOURCE,
    ) -> PageResult:
        """Read one page picture, as :class:`ocrportal.engines.base.Engine` describes.

        Sent is the PDF file if the option ``read_pdf`` asks for it, else the picture's
        address if the cloud can fetch it, else the picture. What the service cannot take
        that way is sent as a picture after all; a picture it finds too large is sent once
        more, smaller.
        """
        started = time.perf_counter()
        client = OcrClient(self._access, identity_of(self._access, self._tokens), self._report)
        read = self._asked(client, image, service, options, origin)
        try:
            result = read_answer(
                service,
                read.reply.body,
                width=image.width,
                height=image.height,
                scale_x=read.scale_x,
                scale_y=read.scale_y,
            )
        except MalformedAnswer as error:
            # Not worth a retry: the call is paid for, and the next answer would be the same.
            raise CloudRefused(cloud_code=_MALFORMED, cloud_message=str(error)) from error
        details = {
            "service": service.key,
            "region": self._access.region,
            "request_id": read.reply.request_id,
            "sent": read.sent,
        }
        seconds = time.perf_counter() - started
        return replace(result, engine=self.key, seconds=seconds, details=details | result.details)

    def _asked(
        self,
        client: OcrClient,
        image: Image.Image,
        service: Service,
        options: Mapping[str, Any],
        origin: Origin,
    ) -> _Read:
        settings = {name: value for name, value in options.items() if name != READ_PDF}
        if service.image_field is None or service.limits is None:
            return _Read(client.ask(service, settings), "options")
        page = _Page(client, service, service.image_field, service.limits, settings, image)
        read: _Read | None = None
        if options.get(READ_PDF) and service.pdf:
            read = page.read_as_pdf(service.pdf, origin)
        elif can_fetch(self._access, origin.address):
            read = page.read_at(origin.address)
        return read or page.read_as_picture(origin.data)


@dataclass(frozen=True, slots=True)
class _Page:
    """One page, and the ways to have it read.

    A way that turns out not to be open gives None, so that the next can be taken.
    """

    client: OcrClient
    service: Service
    image_field: str
    limits: Limits
    settings: Mapping[str, Any]
    image: Image.Image

    def read_as_pdf(self, pdf: PdfReading, origin: Origin) -> _Read | None:
        """As the service itself draws the page of the PDF file."""
        if origin.read_pdf is None or not origin.dpi or not _can_choose(pdf, origin.pdf_page):
            return None
        data = origin.read_pdf()
        if len(data) > self.limits.max_base64_bytes // 4 * 3:
            return None
        page = {pdf.page_option: origin.pdf_page} if pdf.page_option else {}
        try:
            reply = self._ask({self.image_field: _base64(data), **page})
        except CloudRefused as error:
            if next_step(error) != "shrink":
                raise
            return None
        scale = origin.dpi / _SERVICE_DPI.get(self.service.key, _DEFAULT_DPI)
        return _Read(reply, "pdf", scale, scale)

    def read_at(self, address: str) -> _Read | None:
        """As the service fetches it from an address."""
        longest, shortest = max(self.image.size), min(self.image.size)
        if longest > self.limits.max_side or shortest < self.limits.min_side:
            return None
        try:
            return _Read(self._ask({"url": encoded(address)}), "address")
        except CloudRefused as error:
            # The file at the address may be of another format than our page picture.
            bad_format = api_error_of(error).code == _BAD_FORMAT
            if bad_format or next_step(error) in ("send-bytes", "shrink"):
                return None
            raise

    def read_as_picture(self, data: bytes) -> _Read:
        """As a picture within the service's limits; ``data`` is its own file, if any."""
        with self._pixels(data) as pixels:
            fitted = fit(pixels, data, self.limits, target_bytes(self.service))
        try:
            reply = self._ask({self.image_field: _base64(fitted.data)})
        except CloudRefused as error:
            if next_step(error) != "shrink":
                raise
            with self._pixels(data) as pixels:
                fitted = smaller(pixels, fitted, self.limits)
            reply = self._ask({self.image_field: _base64(fitted.data)})
        return _Read(reply, "picture", fitted.scale_x, fitted.scale_y)

    @contextmanager
    def _pixels(self, data: bytes) -> Iterator[Image.Image]:
        """The picture opened anew from its file, so that its pixels are gone after use.

        Raises EngineError where it turns out to be damaged once it is decoded.
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

    def _ask(self, source: dict[str, Any]) -> Reply:
        return self.client.ask(self.service, {**self.settings, **source})


def _can_choose(pdf: PdfReading, number: int) -> bool:
    """True if the service reads just this page of a file."""
    if pdf.all_pages:
        return False
    return pdf.page_option is not None or number == 1


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
