"""The check of a credential against a cloud, and what is remembered of it."""

import pytest
from cryptography.fernet import Fernet

from ocrportal.accounts.checking import check_credential
from ocrportal.accounts.credential_changes import change_credential
from ocrportal.accounts.models import Credential, Suspension
from ocrportal.accounts.suspensions import suspend
from ocrportal.errors import CredentialRefused, ServiceRefused
from tests.workers.cloud_jobs import add_keys


def held_services() -> list[str]:
    return list(Suspension.objects.order_by("service").values_list("service", flat=True))


@pytest.mark.parametrize("kind", ["aksk", "token"])
def test_a_credential_that_works_is_proven_and_nothing_is_billed(cloud, alice, kind):
    credential = add_keys(cloud, alice, kind=kind)
    diagnosis = check_credential(user=alice, credential=credential)
    assert (diagnosis.usable, diagnosis.service) == (True, "general-text")
    assert Credential.objects.get().verified_at is not None
    assert cloud.ledger.units == 0


@pytest.mark.parametrize("kind", ["aksk", "token"])
def test_wrong_keys_are_tried_once_and_held_until_they_are_mended(cloud, alice, kind):
    credential = add_keys(cloud, alice, kind=kind)
    right = cloud.user.password if kind == "token" else cloud.user.secret_key
    credential = change_credential(user=alice, credential=credential, values={"secret": "wrong"})
    diagnosis = check_credential(user=alice, credential=credential)
    assert diagnosis.problem.code == ("password-refused" if kind == "token" else "key-refused")
    assert len(cloud.ledger.failed_sign_ins) + len(cloud.ledger.refused_signatures) == 1
    assert held_services() == [""]

    mended = change_credential(user=alice, credential=credential, values={"secret": right})
    assert held_services() == []
    assert check_credential(user=alice, credential=mended).usable


def test_a_hold_does_not_keep_the_check_from_trying_and_ends_when_it_works(cloud, alice):
    credential = add_keys(cloud, alice, kind="token")
    suspend(credential, CredentialRefused(cloud_code="IAM:account-locked"), "")
    assert check_credential(user=alice, credential=credential).usable
    assert held_services() == []


def test_a_service_that_is_not_switched_on_is_held_alone(cloud, alice):
    cloud.account.not_subscribed.add("id-card")
    credential = add_keys(cloud, alice)
    diagnosis = check_credential(user=alice, credential=credential, service="id-card")
    assert diagnosis.problem.code == "not-subscribed"
    assert held_services() == ["id-card"]
    assert check_credential(user=alice, credential=credential, service="general-text").usable
    assert held_services() == ["id-card"]


def test_by_itself_the_check_asks_for_the_service_that_is_held(cloud, alice):
    credential = add_keys(cloud, alice)
    suspend(credential, ServiceRefused(cloud_code="ModelArts.4204"), "id-card")
    assert check_credential(user=alice, credential=credential).service == "id-card"
    assert held_services() == []


def test_trouble_that_passes_by_itself_holds_nothing(cloud, alice):
    credential = add_keys(cloud, alice)
    cloud.faults.misbehave("html", times=10)
    assert not check_credential(user=alice, credential=credential).usable
    assert held_services() == []
    assert Credential.objects.get().verified_at is None


def test_what_no_longer_decrypts_is_told_and_held(cloud, alice, settings):
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


def test_a_proxy_that_leads_inside_by_now_is_told_and_not_asked(cloud, alice, settings):
    credential = add_keys(cloud, alice, proxy=cloud.url.replace("://", "://me:pw@"))
    settings.INTERNAL_HOSTS = []
    diagnosis = check_credential(user=alice, credential=credential)
    assert diagnosis.problem.code == "proxy-unreachable"
    assert "The proxy 127.0.0.1 cannot be reached" in diagnosis.problem.sentence
    assert cloud.ledger.requests == []
