"""Sources of a submission: files and addresses, with what a first look shows to be wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files import File

from ocrportal.errors.ingest import FileTooLarge, IngestError
from ocrportal.ingest.fetch import address_guard
from ocrportal.ingest.fetch.bucket_address import parse_object_address
from ocrportal.ingest.sniff.file_type import Format, sniff


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a submission: a file with its format, an address, or an error."""

    name: str
    """The name given by the user."""
    address: str = ""
    """The address from which a worker fetches the file."""
    file: File[bytes] | None = None
    format: Format | None = None
    error: IngestError | None = None


def check_source(name: str, file: File[bytes]) -> Source:
    """Check a file's size and first bytes; a problem becomes the error of the source."""
    limit = settings.MAX_FILE_MB
    try:
        if file.size > limit * 1024 * 1024:
            raise FileTooLarge(limit_mb=limit)
        return Source(name=name, file=file, format=sniff(cast("BinaryIO", file)))
    except IngestError as error:
        return Source(name=name, error=error)


def check_address(text: str) -> Source:
    """Check an address without a request; a problem becomes the error of the source."""
    try:
        where = parse_object_address(text)
        if where is not None and not where.endpoint:
            return Source(name=where.name, address=text.strip())
        address = address_guard.check_address(text, settings.INTERNAL_HOSTS)
    except IngestError as error:
        return Source(name=_shown_address(text), error=error)
    return Source(name=address.name, address=address.url)


def _shown_address(text: str) -> str:
    """The address as a name, without the parts that may be secret: password and query."""
    return re.sub(r"//.*@", "//", text.partition("?")[0]).strip()
