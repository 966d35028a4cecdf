"""Adding, changing and removing credentials."""

import logging

import pytest
from django.utils import timezone

from ocrportal.accounts.credential_changes import change_credential, remove_credential
from ocrportal.accounts.credentials import access_of, shown_proxy
from ocrportal.accounts.models import Credential, Suspension
from ocrportal.accounts.suspensions import suspend
from ocrportal.errors.engine import CredentialRefused
from tests.accounts.conftest import SECRET


@pytest.fixture
def held(make_credential) -> Credential:
    """One that worked, has a token, and is held by now."""
    credential = make_credential(security_token="STS", proxy="http://a:b@93.184.215.14")
    suspend(credential, CredentialRefused(cloud_code="IAM:bad-credentials"), "id-card")
    Credential.objects.update(
        verified_at=timezone.now(),
        token="x",
        token_expires_at=timezone.now(),
        signing_in_until=timezone.now(),
        sign_in_failure={"at": "2026-01-01"},
    )
    credential.refresh_from_db()
    return credential


@pytest.mark.parametrize(
    "change",
    [
        {"secret": "another"},
        {"region": "cn-east-3"},
        {"project_id": "p2"},
        {"ca_bundle": "-----"},
        {"proxy": ""},
    ],
)
def test_a_relevant_change_makes_the_credential_unverified(held, alice, change):
    change_credential(user=alice, credential=held, values=change)
    row = Credential.objects.get()
    assert not Suspension.objects.exists()
    assert (row.version, row.verified_at) == (held.version + 1, None)
    assert (row.token, row.token_expires_at, row.signing_in_until) == ("", None, None)
    assert row.sign_in_failure == {}


@pytest.mark.parametrize(
    "change", [{"name": "Other"}, {"calls_per_minute": 30}, {"secret": ""}, {"proxy": None}, {}]
)
def test_an_irrelevant_change_keeps_the_state(held, alice, change):
    change_credential(user=alice, credential=held, values=change)
    row = Credential.objects.get()
    assert Suspension.objects.count() == 1
    assert (row.version, row.verified_at, row.token) == (held.version, held.verified_at, "x")


def test_a_secret_left_empty_stays(held, alice):
    row = change_credential(user=alice, credential=held, values={"name": "n", "secret": ""})
    assert (access_of(row).secret, access_of(row).security_token) == (SECRET, "STS")
    assert shown_proxy(row) == "http://a:•••@93.184.215.14"


def test_a_security_token_goes_with_the_key_it_belonged_to(held, alice):
    row = change_credential(user=alice, credential=held, values={"secret": "permanent"})
    assert (access_of(row).secret, access_of(row).security_token) == ("permanent", "")


def test_a_removed_credential_takes_its_holds_along(held, alice):
    remove_credential(user=alice, credential=held)
    assert not Credential.objects.exists()
    assert not Suspension.objects.exists()


def test_the_log_has_user_and_changed_fields_but_no_value(make_credential, alice, admin, caplog):
    caplog.set_level(logging.INFO, logger="ocrportal")
    credential = make_credential()
    values = {"secret": "brand-new", "name": "Renamed", "proxy": "http://a:pw@93.184.215.14"}
    change_credential(user=admin, credential=credential, values=values)
    remove_credential(user=alice, credential=Credential.objects.get())
    reported = "\n".join(record.getMessage() for record in caplog.records)
    assert f"credential {credential.pk} of alice was added by alice" in reported
    assert f"credential {credential.pk} was changed by admin: name, proxy, secret" in reported
    assert f"credential {credential.pk} of alice was removed by alice" in reported
    assert [text for text in (SECRET, "brand-new", "pw@") if text in reported] == []
