"""How the cloud says no: a code and a message, in the shape of whoever says it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ocrportal.catalogue.spec import KnownError, find_error, known_errors

_UNSTATED = {"AIS.0002": 403, "IAM:user-info": 401, "ModelArts.4401": 429}
"""HTTP statuses where the reference gives none; 400 for all the others."""


class Refused(Exception):
    """Ends the work on a request; the server turns it into the answer."""

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
        said = {"error_msg": self.message, "error_code": self.code}
        return said | ({"request_id": request_id} if self.code.startswith("APIG") else {})


def _entry(code: str, message: str) -> KnownError | None:
    if message:
        return find_error(code, message)
    return next((entry for entry in known_errors() if entry.code == code), None)
