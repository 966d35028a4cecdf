"""Converts error responses of the cloud into the portal's errors.

The gateway, IAM and the OCR services each have their own response format. The catalogue
defines how to proceed after an error code; for unknown codes the HTTP status decides.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from ocrportal.catalogue.spec import KnownError, Next, find_error, known_errors
from ocrportal.engines.huawei.http.transport import Response
from ocrportal.errors.engine import (
    CloudAnswerUnreadable,
    CloudApiError,
    CloudRefused,
    CloudThrottled,
    CredentialRefused,
    EngineError,
    ServerError,
    ServiceRefused,
)
from ocrportal.results import storable

UNAUTHORISED = "portal:http-401-with-token"
SUCCEEDED = "AIS.0000"
_PAIRS = (("error_code", "error_msg"), ("errorCode", "errorMsg"), ("code", "message"))
"""Names of code and message: gateway, platform, OCR and coded IAM; older ones; IAM tokens."""
_CALLS_A_MINUTE = re.compile(r"limit:\s*(\d+)\s*,\s*time:\s*1\s*minute")
_MAX_SENTENCE = 200
_TOO_LARGE = "Request entity too large"


@dataclass(frozen=True, slots=True)
class ApiError:
    """The error code and message of a response."""

    code: str
    """``HTTP`` and the status if the response has no code."""
    message: str


def parse_error(body: Any) -> ApiError | None:
    """The code and message in the JSON of a response; None if it has none."""
    for part in _objects(body):
        for code, message in _PAIRS:
            if isinstance(part.get(code), str | int) and isinstance(part.get(message), str):
                return ApiError(storable(_code(part[code])), storable(part[message]).strip())
    return None


def error_from(
    response: Response, host: str, *, by_token: bool = False, secrets: Collection[str] = ()
) -> EngineError:
    """The exception for a response that is not a success.

    ``by_token``: the request sent a token. ``secrets`` are masked in the message.
    """
    api_error = _error_in(response)
    if api_error is None:
        return CloudAnswerUnreadable(host=host, status=response.status)
    known = _known(api_error)
    if known is None and by_token and response.status == HTTPStatus.UNAUTHORIZED:
        known = find_error(UNAUTHORISED)
    code = api_error.code if known is None else known.code
    step = _by_status(response.status) if known is None else known.next
    return _error_for(step, code, _without(secrets, api_error.message))


def api_error_of(error: CloudApiError) -> ApiError:
    """The code and message that the exception was made from."""
    return ApiError(str(error.params["cloud_code"]), str(error.params["cloud_message"]))


def next_step(error: CloudApiError) -> Next:
    """How to proceed after this error according to the catalogue; ``fail`` if unknown."""
    api_error = api_error_of(error)
    known = find_error(api_error.code, api_error.message)
    return "fail" if known is None else known.next


def _error_in(response: Response) -> ApiError | None:
    """The error in a response; None if it cannot be interpreted.

    If a proxy or gateway returns an HTML page, the status is used, provided that it rules
    out a retry.
    """
    try:
        api_error = parse_error(response.json())
    except ValueError:
        api_error = None
    if api_error is not None:
        return api_error
    match response.status:
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return ApiError("APIG.0201", _TOO_LARGE)
        case 401 | 403 | 407 | 429:
            text = _plain_text(response) or HTTPStatus(response.status).phrase
            return ApiError(f"HTTP {response.status}", text)
    return None


def _plain_text(response: Response) -> str:
    """The body if it is a single plain sentence; else empty, such as for HTML."""
    text = response.content[:_MAX_SENTENCE].decode(errors="replace").strip()
    return text if text.isprintable() and "<" not in text else ""


def _known(api_error: ApiError) -> KnownError | None:
    """The catalogue's entry for the code or, if it is unknown, for the message."""
    found = find_error(api_error.code, api_error.message)
    if found is None:
        same = (entry for entry in known_errors() if _mentions(entry, api_error.message))
        found = next(same, None)
    return None if found is None or found.next == "none" else found


def _mentions(entry: KnownError, message: str) -> bool:
    """True if the message contains the words of the entry; "blocked" is not "locked"."""
    words = (entry.contains or entry.message).rstrip(".")
    return re.search(rf"(?<!\w){re.escape(words)}", message, re.IGNORECASE) is not None


def _by_status(status: int) -> Next:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "throttle"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "retry"
    return "suspend-credential" if status in (401, 403, 407) else "fail"


def _error_for(step: Next, code: str, message: str) -> CloudApiError:
    match step:
        case "throttle":
            found = _CALLS_A_MINUTE.search(message)
            return CloudThrottled(
                cloud_code=code,
                cloud_message=message,
                calls_per_minute=int(found[1]) if found else 0,
            )
        case "retry":
            return ServerError(cloud_code=code, cloud_message=message)
        case "suspend-service":
            return ServiceRefused(cloud_code=code, cloud_message=message)
        # The client signs in again first, if possible, before this is final.
        case "suspend-credential" | "renew-token":
            return CredentialRefused(cloud_code=code, cloud_message=message)
        # Likewise, the engine first sends other data, if possible.
        case "fail" | "send-bytes" | "shrink" | "none":
            return CloudRefused(cloud_code=code, cloud_message=message)


def _objects(body: Any) -> Iterator[dict[str, Any]]:
    """The body and its direct child objects, which exclude recognised content."""
    if isinstance(body, dict):
        yield body
        yield from (part for part in body.values() if isinstance(part, dict))


def _code(code: str | int) -> str:
    return f"HTTP {code}" if isinstance(code, int) else code


def _without(secrets: Collection[str], message: str) -> str:
    for secret in secrets:
        if secret:
            message = message.replace(secret, "…")
    return message
