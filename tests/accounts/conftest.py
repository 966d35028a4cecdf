"""Credentials of Alice's, made as the screens make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocrportal.accounts.credential_changes import add_credential
from ocrportal.accounts.models import Credential, User

MakeCredential = Callable[..., Credential]

SECRET = "correct-horse-SK-0123456789"
PASSWORD = "pass word with blanks"


@pytest.fixture
def make_credential(alice: User) -> MakeCredential:
    """Make a credential, by default Alice's access key in cn-north-4."""

    def make_credential(owner: User = alice, kind: str = "aksk", **values: Any) -> Credential:
        usual = {"name": "Beijing", "region": "cn-north-4"}
        keys = (
            {"access_key": "AKALICE0123456789ABC", "secret": SECRET}
            if kind == "aksk"
            else {"iam_user": "reader", "domain": "acme", "secret": PASSWORD}
        )
        return add_credential(
            user=owner, owner=owner, kind=kind, values={**usual, **keys, **values}
        )

    return make_credential
