"""API tokens: random words that stand for a user."""

from __future__ import annotations

import hashlib
import secrets

from ocrportal.accounts.models import ApiToken, User

BYTES = 32


def make_api_token(user: User) -> str:
    """A new token of this user. It is shown this once: only its digest is kept."""
    token = secrets.token_urlsafe(BYTES)
    ApiToken.objects.create(user=user, digest=_digest(token))
    return token


def user_of_token(token: str) -> User | None:
    """The active user whose token this is, if it is anybody's."""
    row = ApiToken.objects.select_related("user").filter(digest=_digest(token)).first()
    return row.user if row and row.user.is_active else None


def _digest(token: str) -> str:
    # No salt and no slow hash: unlike a password the token is random and long.
    return hashlib.sha256(token.encode()).hexdigest()
