"""Passwords of files handed in, as they lie in the database until the file is opened."""

from __future__ import annotations

from ocrportal.accounts.encryption import SecretUnreadable, decrypt, encrypt
from ocrportal.errors import PasswordNeeded


def seal(password: str) -> str:
    """The password as it may be stored; an empty one stays empty."""
    return encrypt(password)


def unseal(stored: str) -> str | None:
    """What :func:`seal` was given; None where there is no password.

    Raises PasswordNeeded if the key that encrypted it is gone: its owner has to enter it anew.
    """
    try:
        return decrypt(stored) or None
    except SecretUnreadable as error:
        raise PasswordNeeded from error
