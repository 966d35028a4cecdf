"""Files within a result, such as portraits, seals and workbooks."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from ocrportal.jobs.models import Result

SAFE_TYPES = frozenset(
    {
        "image/jpeg",
        "image/png",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
"""Media types that are sent as such; every other file is sent as bytes."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """One attachment, decoded."""

    name: str
    media_type: str
    data: bytes


def attached_file(result: Result, number: int) -> AttachedFile | None:
    """The attachment with this number, from 1; None without one, or without a file in it."""
    attachments = result.page_result.attachments
    if not 1 <= number <= len(attachments):
        return None
    attachment = attachments[number - 1]
    try:
        text = _value_at(result.raw, attachment.pointer)
        text = text.partition(",")[2] if text.startswith("data:") else text
        data = base64.b64decode("".join(text.split()), validate=True)
    except (LookupError, TypeError, ValueError, AttributeError, binascii.Error):
        return None
    safe = attachment.media_type in SAFE_TYPES
    media_type = attachment.media_type if safe else "application/octet-stream"
    return AttachedFile(attachment.name, media_type, data)


def _value_at(answer: Any, pointer: str) -> Any:
    """The value at a JSON pointer (RFC 6901); raises LookupError, TypeError or ValueError."""
    value = answer
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value
