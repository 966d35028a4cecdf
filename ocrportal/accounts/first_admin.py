"""Creates the first administrator of a new portal, who can then create other users."""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from ocrportal.accounts.models import User

NAME = "admin"


@transaction.atomic
def create_first_admin(password: str = "") -> str | None:
    """Create the user ``admin`` unless an administrator exists, and return the password.

    An empty ``password`` is replaced by a generated one. None if an administrator exists. Raises
    django.core.exceptions.ValidationError for a password that the validators refuse.
    """
    if User.objects.filter(is_superuser=True).exists():
        return None
    if password:
        validate_password(password)
    password = password or secrets.token_urlsafe(12)
    User.objects.create_superuser(NAME, password=password)
    return password
