"""Passwords of uploaded files, stored encrypted until the file is opened."""

from __future__ import annotations

from ocrportal.accounts.encryption import SecretUnreadable, decrypt, encrypt
from ocrportal.errors.ingest import PasswordNeeded


def seal(password: str) -> str:
    """The encrypted password, for storage; an empty one stays empty."""
    return encrypt(password)


def unseal(stored: str) -> str | None:
    """The password that :func:`seal` encrypted; None if it is empty.

    Raises PasswordNeeded if no key decrypts it; its owner has to enter it again.
    """
    try:
        return decrypt(stored) or None
    except SecretUnreadable as error:
        raise PasswordNeeded from error
