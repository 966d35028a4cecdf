"""Sources of a submission: files and addresses, with what a first look shows to be wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files import File

from ocrportal.errors import FileTooLarge, IngestError
from ocrportal.ingest.fetch import address_guard
from ocrportal.ingest.fetch.bucket_address import parse_object_address
from ocrportal.ingest.sniff.file_type import Format, sniff


@dataclass(frozen=True, slots=True)
class Source:
    """One thing handed in: a file with its format, an address, or the error that it is."""

    name: str
    """What the user calls it."""
    address: str = ""
    """Where a worker is to fetch the file from."""
    file: File[bytes] | None = None
    format: Format | None = None
    error: IngestError | None = None


def check_source(name: str, file: File[bytes]) -> Source:
    """Look at a file's size and first bytes; what is wrong becomes the source's error."""
    limit = settings.MAX_FILE_MB
    try:
        if file.size > limit * 1024 * 1024:
            raise FileTooLarge(limit_mb=limit)
        return Source(name=name, file=file, format=sniff(cast("BinaryIO", file)))
    except IngestError as error:
        return Source(name=name, error=error)


def check_address(text: str) -> Source:
    """Look at an address without asking for anything; what is wrong becomes its error."""
    try:
        where = parse_object_address(text)
        if where is not None and not where.endpoint:
            return Source(name=where.name, address=text.strip())
        address = address_guard.check_address(text, settings.INTERNAL_HOSTS)
    except IngestError as error:
        return Source(name=_shown_address(text), error=error)
    return Source(name=address.name, address=address.url)


def _shown_address(text: str) -> str:
    """The address as a name, without what may be secret in it: password and query."""
    return re.sub(r"//.*@", "//", text.partition("?")[0]).strip()
