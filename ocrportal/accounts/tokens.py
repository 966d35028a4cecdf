"""API tokens: random strings that authenticate a user."""

from __future__ import annotations

import hashlib
import secrets

from ocrportal.accounts.models import ApiToken, User

BYTES = 32


def make_api_token(user: User) -> str:
    """Create a token for this user. Only its digest is stored, so it is shown only once."""
    token = secrets.token_urlsafe(BYTES)
    ApiToken.objects.create(user=user, digest=_digest(token))
    return token


def user_of_token(token: str) -> User | None:
    """The active user with this token, if any."""
    row = ApiToken.objects.select_related("user").filter(digest=_digest(token)).first()
    return row.user if row and row.user.is_active else None


def _digest(token: str) -> str:
    # No salt and no slow hash: unlike a password the token is random and long.
    return hashlib.sha256(token.encode()).hexdigest()
