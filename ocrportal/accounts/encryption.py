"""Encryption of stored secrets with the keys of ``CREDENTIAL_KEYS``.

Fernet: AES in CBC mode with HMAC-SHA256, both from one key of 32 random bytes. The first
key of the setting encrypts; all of them decrypt, so that a key can be replaced without
losing secrets encrypted with the earlier one.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SecretUnreadable(Exception):
    """None of the keys decrypts a stored secret."""


def encrypt(secret: str) -> str:
    """The encrypted secret, for storage; an empty one stays empty."""
    return _keys().encrypt(secret.encode()).decode("ascii") if secret else ""


def decrypt(stored: str) -> str:
    """The secret that :func:`encrypt` encrypted. Raises SecretUnreadable."""
    try:
        return _keys().decrypt(stored).decode() if stored else ""
    except InvalidToken as error:
        raise SecretUnreadable from error


def rotate(stored: str) -> str:
    """The same secret, encrypted with the first key. Raises SecretUnreadable."""
    try:
        return _keys().rotate(stored).decode("ascii") if stored else ""
    except InvalidToken as error:
        raise SecretUnreadable from error


def check_keys() -> None:
    """Raises ImproperlyConfigured if the setting contains an invalid key."""
    _keys()


def _keys() -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in settings.CREDENTIAL_KEYS])
    except ValueError as error:
        # Without the library's own error, which may quote the key.
        raise ImproperlyConfigured(
            "CREDENTIAL_KEYS contains an invalid Fernet key. Create one with: python -c "
            '"from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
        ) from error
