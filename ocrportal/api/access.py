"""Authentication, and the error responses that every call may return."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from ocrportal.accounts.models import User
from ocrportal.accounts.tokens import user_of_token
from ocrportal.api import schemas

REFUSALS = dict.fromkeys((400, 401, 404, 409, 413, 415, 422), schemas.Problem)


class TokenRequest(HttpRequest):
    """A request whose token was valid: ``auth`` is its user."""

    auth: User


class ApiTokenAuth(HttpBearer):
    """``Authorization: Bearer TOKEN``, made by ``manage.py api_token``."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return user_of_token(token)
