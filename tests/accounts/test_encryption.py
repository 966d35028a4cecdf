"""Secrets as they lie in the database."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from ocrportal.accounts.encryption import SecretUnreadable, check_keys, decrypt, encrypt, rotate

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def _keys(settings):
    settings.CREDENTIAL_KEYS = [OLD]


def test_what_is_encrypted_comes_back_and_cannot_be_read_meanwhile():
    stored = encrypt("密码 secret")
    assert "secret" not in stored
    assert decrypt(stored) == "密码 secret"


def test_the_same_secret_looks_different_each_time():
    assert encrypt("secret") != encrypt("secret")


def test_nothing_stays_nothing():
    assert encrypt("") == decrypt("") == rotate("") == ""


def test_the_first_key_encrypts_and_all_of_them_decrypt(settings):
    stored = encrypt("secret")
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    assert decrypt(stored) == "secret"
    settings.CREDENTIAL_KEYS = [NEW]
    with pytest.raises(SecretUnreadable):
        decrypt(stored)


def test_after_rotation_the_old_key_is_not_needed(settings):
    stored = encrypt("secret")
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    stored = rotate(stored)
    settings.CREDENTIAL_KEYS = [NEW]
    assert decrypt(stored) == "secret"


def test_what_was_changed_in_the_database_does_not_decrypt():
    stored = encrypt("secret")
    changed = stored[:-5] + ("A" if stored[-5] != "A" else "B") + stored[-4:]
    for attempt in (decrypt, rotate):
        with pytest.raises(SecretUnreadable):
            attempt(changed)


@pytest.mark.parametrize("key", ["too-short", "钥匙", ""])
def test_an_invalid_key_is_reported_without_repeating_it(settings, key):
    settings.CREDENTIAL_KEYS = [key]
    with pytest.raises(ImproperlyConfigured, match="CREDENTIAL_KEYS contains an invalid") as caught:
        check_keys()
    assert not key or key not in str(caught.value)
