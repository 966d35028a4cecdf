"""Validate the body of a request against the catalogue."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pypdfium2
from PIL import Image

from ocrportal.catalogue.spec import Limits, Option, Service
from tests.fakes.cloud.refused import Refused

MAX_BODY_BYTES = 12 * 1024 * 1024
_DPI = {"bank-receipt": 200}
_DEFAULT_DPI = 144
"""The resolution at which a service renders a PDF page."""
_TYPES: dict[str, type] = {"boolean": bool, "string": str, "integer": int, "object": dict}
_OBS = re.compile(r"\.obs\.([a-z0-9-]+)\.myhuaweicloud\.(com|cn)$")


@dataclass(frozen=True)
class Question:
    """A valid request to a service."""

    options: dict[str, Any]
    sent: str
    """``bytes``, ``url`` or ``options``."""
    data: bytes = b""
    """The image file; empty for a service without an image."""
    picture_format: str = ""

    @property
    def digest(self) -> str:
        """The SHA-256 of the image; empty without one."""
        return hashlib.sha256(self.data).hexdigest() if self.data else ""

    def page(self, service: Service) -> Image.Image:
        """The image to recognise; a PDF page is rendered as the service does."""
        if self.picture_format != "PDF":
            return Image.open(io.BytesIO(self.data))
        number = self.options.get(service.pdf.page_option or "", 1) if service.pdf else 1
        scale = _DPI.get(service.key, _DEFAULT_DPI) / 72
        with pypdfium2.PdfDocument(self.data) as document:
            picture: Image.Image = document[number - 1].render(scale=scale).to_pil()
            return picture


def read_question(
    service: Service, body: bytes, content_type: str, internet: Mapping[str, bytes]
) -> Question:
    """Parse and validate the body of a request; ``internet`` maps addresses to files.

    Raises Refused with the error code of the API reference.
    """
    if len(body) > MAX_BODY_BYTES:
        raise Refused("APIG.0201", "Request entity too large.")
    asked = _json_object(body, content_type)
    picture_field = service.image_field
    inputs = [name for name in (picture_field, "url") if name and asked.get(name) is not None]
    options = {name: value for name, value in asked.items() if name not in (picture_field, "url")}
    _check_options(service, options)
    if picture_field is None:
        return Question(options, "options")
    if len(inputs) != 1:
        raise Refused("AIS.0101", why=f"not exactly one of {picture_field} and url")
    value = asked[inputs[0]]
    if not isinstance(value, str) or not value:
        raise Refused("AIS.0101", why=f"{inputs[0]} is not text")
    assert service.limits is not None, "a service that takes a picture has limits"
    by_url = inputs[0] == "url"
    data = _fetched(value, internet) if by_url else _decoded(value, service.limits)
    picture_format = _format_of(data)
    question = Question(options, "url" if by_url else "bytes", data, picture_format)
    _check_picture(service, service.limits, question)
    return question


def _json_object(body: bytes, content_type: str) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except ValueError as error:
        raise Refused("ModelArts.4105", why=str(error)) from error
    if not isinstance(asked, dict):
        raise Refused("ModelArts.4105", why="no object")
    if content_type.partition(";")[0].strip() != "application/json":
        raise Refused("ModelArts.4105", why=f"content type {content_type}")
    return asked


def _check_options(service: Service, options: dict[str, Any]) -> None:
    for name, value in options.items():
        option = service.option(name)
        if option is None:
            raise Refused("AIS.0101", why=f"{service.key} has no option {name}")
        if not _fits(option, value):
            raise Refused("AIS.0101", why=f"{name} cannot be {value!r}")
    for option in service.options:
        if option.required and options.get(option.name) is None:
            raise Refused("AIS.0101", why=f"{option.name} is required")


def _fits(option: Option, value: Any) -> bool:
    if option.type == "array<string>":
        items = value if isinstance(value, list) else [None]
    else:
        expected = _TYPES[option.type]
        # In Python, True is an int.
        if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
            return False
        items = [value] if expected is str else []
    if not all(isinstance(item, str) for item in items):
        return False
    if option.type == "integer" and option.name in ("pdf_page_number", "page_num") and value < 1:
        return False
    return option.allowed is None or all(item in option.allowed for item in items)


def _decoded(text: str, limits: Limits) -> bytes:
    if len(text) > limits.max_base64_bytes:
        raise Refused("AIS.0103", why=f"{len(text)} bytes of base64")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused("AIS.0102", why="no plain base64") from error


def _fetched(url: str, internet: Mapping[str, bytes]) -> bytes:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not url.isascii() or " " in url:
        raise Refused("ModelArts.4601", why=url)
    if url not in internet:
        in_obs = _OBS.search(parts.hostname or "")
        raise Refused("ModelArts.4704" if in_obs else "ModelArts.4603", why=url)
    return internet[url]


def _format_of(data: bytes) -> str:
    """By content: ``PNG``, ``JPEG``, ``PDF``, ``OFD`` …; raises Refused if it is not an image."""
    if b"%PDF-" in data[:1024]:
        return "PDF"
    if data.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(data)):
        return "OFD"
    try:
        with Image.open(io.BytesIO(data)) as picture:
            name = picture.format or ""
    except (OSError, ValueError) as error:
        raise Refused("AIS.0102", why="no picture") from error
    # Pillow has another format name for a JPEG that contains a second image.
    return "JPEG" if name == "MPO" else name


def _check_picture(service: Service, limits: Limits, question: Question) -> None:
    # "JPG" and "JPEG" are two names of one format.
    formats = {name.replace("JPG", "JPEG") for name in limits.formats}
    if question.picture_format not in formats:
        raise Refused("AIS.0102", why=f"{service.key} reads no {question.picture_format}")
    if question.picture_format == "OFD":
        return
    try:
        width, height = question.page(service).size
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise Refused("AIS.0101", why=f"no such PDF page: {error}") from error
    longest, shortest = max(width, height), min(width, height)
    too_many = limits.max_pixels is not None and width * height > limits.max_pixels
    if shortest < limits.min_side or longest > limits.max_side or too_many:
        raise Refused("AIS.0103", why=f"{width} x {height} pixels")
