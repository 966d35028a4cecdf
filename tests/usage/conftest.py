"""A credential of Alice's that needs no cloud."""

import pytest
from django.utils import timezone

from ocrportal.accounts.models import Credential, User


@pytest.fixture
def credential(alice: User) -> Credential:
    return Credential.objects.create(
        owner=alice, name="office", kind="aksk", region="cn-north-4", verified_at=timezone.now()
    )
