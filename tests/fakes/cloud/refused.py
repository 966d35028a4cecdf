"""The error responses of the cloud: code and message, in the format of IAM or the gateway."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ocrportal.catalogue.spec import KnownError, find_error, known_errors

_UNSTATED = {"AIS.0002": 403, "IAM:user-info": 401, "ModelArts.4401": 429}
"""HTTP statuses of codes for which the reference has none; the default is 400."""


class Refused(Exception):
    """Ends the processing of a request; the server makes the response of it."""

    def __init__(
        self, code: str, message: str = "", status: int | None = None, *, why: str = ""
    ) -> None:
        """Message and status are the catalogue's if left out; ``why`` is for the ledger only."""
        known = _entry(code, message)
        self.code = code
        self.message = message or (known.message if known else code)
        self.status = status or (known and known.status) or _UNSTATED.get(code, 400)
        self.why = why
        super().__init__(f"{code} {self.message} {why}".strip())

    def body(self, request_id: str) -> dict[str, Any]:
        """The answer's JSON."""
        if self.code.startswith("IAM:"):
            title = HTTPStatus(self.status).phrase
            return {"error": {"code": self.status, "message": self.message, "title": title}}
        body = {"error_msg": self.message, "error_code": self.code}
        return body | ({"request_id": request_id} if self.code.startswith("APIG") else {})


def _entry(code: str, message: str) -> KnownError | None:
    if message:
        return find_error(code, message)
    return next((entry for entry in known_errors() if entry.code == code), None)
