"""The check of a credential against a cloud, and its stored outcome."""

import pytest
from cryptography.fernet import Fernet

from ocrportal.accounts.checking import check_credential
from ocrportal.accounts.credential_changes import change_credential
from ocrportal.accounts.models import Credential, Suspension
from ocrportal.accounts.suspensions import suspend
from ocrportal.errors.engine import CredentialRefused, ServiceRefused
from tests.workers.cloud_jobs import add_keys


def held_services() -> list[str]:
    return list(Suspension.objects.order_by("service").values_list("service", flat=True))


@pytest.mark.parametrize("kind", ["aksk", "token"])
def test_a_working_credential_is_verified_and_nothing_is_billed(cloud, alice, kind):
    credential = add_keys(cloud, alice, kind=kind)
    diagnosis = check_credential(user=alice, credential=credential)
    assert (diagnosis.usable, diagnosis.service) == (True, "general-text")
    assert Credential.objects.get().verified_at is not None
    assert cloud.ledger.units == 0


@pytest.mark.parametrize("kind", ["aksk", "token"])
def test_wrong_keys_are_tried_once_and_suspended_until_fixed(cloud, alice, kind):
    credential = add_keys(cloud, alice, kind=kind)
    right = cloud.user.password if kind == "token" else cloud.user.secret_key
    credential = change_credential(user=alice, credential=credential, values={"secret": "wrong"})
    diagnosis = check_credential(user=alice, credential=credential)
    assert diagnosis.problem.code == ("password-refused" if kind == "token" else "key-refused")
    assert len(cloud.ledger.failed_sign_ins) + len(cloud.ledger.refused_signatures) == 1
    assert held_services() == [""]

    fixed = change_credential(user=alice, credential=credential, values={"secret": right})
    assert held_services() == []
    assert check_credential(user=alice, credential=fixed).usable


def test_a_check_ignores_a_suspension_and_ends_it_on_success(cloud, alice):
    credential = add_keys(cloud, alice, kind="token")
    suspend(credential, CredentialRefused(cloud_code="IAM:account-locked"), "")
    assert check_credential(user=alice, credential=credential).usable
    assert held_services() == []


def test_a_service_that_is_not_enabled_is_suspended_alone(cloud, alice):
    cloud.account.not_subscribed.add("id-card")
    credential = add_keys(cloud, alice)
    diagnosis = check_credential(user=alice, credential=credential, service="id-card")
    assert diagnosis.problem.code == "not-subscribed"
    assert held_services() == ["id-card"]
    assert check_credential(user=alice, credential=credential, service="general-text").usable
    assert held_services() == ["id-card"]


def test_by_default_the_check_calls_the_suspended_service(cloud, alice):
    credential = add_keys(cloud, alice)
    suspend(credential, ServiceRefused(cloud_code="ModelArts.4204"), "id-card")
    assert check_credential(user=alice, credential=credential).service == "id-card"
    assert held_services() == []


def test_a_transient_error_suspends_nothing(cloud, alice):
    credential = add_keys(cloud, alice)
    cloud.faults.misbehave("html", times=10)
    assert not check_credential(user=alice, credential=credential).usable
    assert held_services() == []
    assert Credential.objects.get().verified_at is None


def test_a_credential_that_does_not_decrypt_is_reported_and_suspended(cloud, alice, settings):
    credential = add_keys(cloud, alice)
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    diagnosis = check_credential(user=alice, credential=credential)
    assert "Enter the password or key again" in diagnosis.problem.sentence
    assert [step.state for step in diagnosis.steps][:2] == ["failed", "untried"]
    assert held_services() == [""]
    assert cloud.ledger.requests == []


def test_a_check_of_what_was_changed_meanwhile_proves_nothing(cloud, alice):
    former = add_keys(cloud, alice)
    changed = change_credential(user=alice, credential=former, values={"secret": "wrong"})
    suspend(changed, CredentialRefused(cloud_code="APIG.0301"), "")
    assert check_credential(user=alice, credential=former).usable
    assert Credential.objects.get().verified_at is None
    assert held_services() == [""]


def test_a_proxy_that_has_become_internal_is_reported_and_not_used(cloud, alice, settings):
    credential = add_keys(cloud, alice, proxy=cloud.url.replace("://", "://me:pw@"))
    settings.INTERNAL_HOSTS = []
    diagnosis = check_credential(user=alice, credential=credential)
    assert diagnosis.problem.code == "proxy-unreachable"
    assert "The proxy 127.0.0.1 cannot be reached" in diagnosis.problem.sentence
    assert cloud.ledger.requests == []
