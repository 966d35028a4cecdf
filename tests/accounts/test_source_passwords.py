"""Passwords of files lie encrypted in the database."""

import pytest
from cryptography.fernet import Fernet

from ocrportal.accounts.source_passwords import seal, unseal
from ocrportal.errors.ingest import PasswordNeeded


def test_a_password_comes_back_and_is_not_readable_in_between():
    sealed = seal("密码 abc")
    assert "abc" not in sealed
    assert unseal(sealed) == "密码 abc"


def test_no_password_stays_none():
    assert seal("") == ""
    assert unseal("") is None


def test_a_password_whose_key_is_lost_is_asked_for_again(settings):
    sealed = seal("abc")
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(PasswordNeeded):
        unseal(sealed)
