"""The command that makes a token for a script."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from ocrportal.accounts.models import ApiToken

pytestmark = pytest.mark.django_db


def test_the_command_prints_a_token_that_works_and_keeps_only_its_digest(alice, capsys):
    call_command("api_token", user="alice")
    token = capsys.readouterr().out.strip()
    client = Client(headers={"Authorization": f"Bearer {token}"})
    assert client.get("/api/v1/jobs").status_code == 200
    assert token not in ApiToken.objects.get().digest
    with pytest.raises(CommandError, match="There is no user “carol”"):
        call_command("api_token", user="carol")
