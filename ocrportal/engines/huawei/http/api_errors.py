"""What the cloud says when it does not do what it was asked, as one of our errors.

The gateway, IAM and the OCR services each say it in a shape of their own. What follows from
a code, the catalogue knows; a code it does not know is judged by the HTTP status.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from ocrportal.catalogue.spec import KnownError, Next, find_error, known_errors
from ocrportal.engines.huawei.http.transport import Answer
from ocrportal.errors import (
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
    """An error as the cloud puts it."""

    code: str
    """``HTTP`` and the status where it gave no code."""
    message: str


def parse_error(body: Any) -> ApiError | None:
    """Code and message from wherever they stand in an answer's JSON; None if there are none."""
    for part in _objects(body):
        for code, message in _PAIRS:
            if isinstance(part.get(code), str | int) and isinstance(part.get(message), str):
                return ApiError(storable(_code(part[code])), storable(part[message]).strip())
    return None


def refusal(
    answer: Answer, host: str, *, by_token: bool = False, secrets: Collection[str] = ()
) -> EngineError:
    """The error for an answer that is not the one hoped for.

    ``by_token`` says that the request showed a token; ``secrets`` are blotted out should
    the cloud repeat them.
    """
    said = _told_by(answer)
    if said is None:
        return CloudAnswerUnreadable(host=host, status=answer.status)
    known = _known(said)
    if known is None and by_token and answer.status == HTTPStatus.UNAUTHORIZED:
        known = find_error(UNAUTHORISED)
    code = said.code if known is None else known.code
    step = _by_status(answer.status) if known is None else known.next
    return _error_for(step, code, _without(secrets, said.message))


def api_error_of(error: CloudApiError) -> ApiError:
    """What the cloud said that was made into this error."""
    return ApiError(str(error.params["cloud_code"]), str(error.params["cloud_message"]))


def next_step(error: CloudApiError) -> Next:
    """What the catalogue says is to be done after this error; ``fail`` if it does not know."""
    said = api_error_of(error)
    known = find_error(said.code, said.message)
    return "fail" if known is None else known.next


def _told_by(answer: Answer) -> ApiError | None:
    """What an answer says; None for one that nobody can make sense of.

    Where a proxy or a gateway answers with a page of HTML, the status says enough if it
    is one of those after which calling again would be wrong.
    """
    try:
        said = parse_error(answer.json())
    except ValueError:
        said = None
    if said is not None:
        return said
    match answer.status:
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return ApiError("APIG.0201", _TOO_LARGE)
        case 401 | 403 | 407 | 429:
            text = _plain_text(answer) or HTTPStatus(answer.status).phrase
            return ApiError(f"HTTP {answer.status}", text)
    return None


def _plain_text(answer: Answer) -> str:
    """A body of one sentence; empty for a page of HTML and whatever else it may be."""
    text = answer.content[:_MAX_SENTENCE].decode(errors="replace").strip()
    return text if text.isprintable() and "<" not in text else ""


def _known(said: ApiError) -> KnownError | None:
    """The catalogue's entry by code or, for what came without a known one, by message."""
    found = find_error(said.code, said.message)
    if found is None:
        same = (entry for entry in known_errors() if _tells(entry, said.message))
        found = next(same, None)
    return None if found is None or found.next == "none" else found


def _tells(entry: KnownError, message: str) -> bool:
    """True if the message holds the words of the entry; "blocked" does not hold "locked"."""
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
        # Whoever can sign in anew does so before this is final.
        case "suspend-credential" | "renew-token":
            return CredentialRefused(cloud_code=code, cloud_message=message)
        # Likewise for whoever can send something else instead.
        case "fail" | "send-bytes" | "shrink" | "none":
            return CloudRefused(cloud_code=code, cloud_message=message)


def _objects(body: Any) -> Iterator[dict[str, Any]]:
    """The body and the objects right within it: nothing that a service read on a page."""
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
