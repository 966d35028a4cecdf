"""Suspensions affect exactly the calls they are for."""

from django.utils.translation import override

from ocrportal.accounts.models import Credential, Suspension
from ocrportal.accounts.suspensions import resume, suspend, suspension_of
from ocrportal.errors.engine import CredentialRefused, ServiceRefused

WRONG_PASSWORD = CredentialRefused(
    cloud_code="IAM:bad-credentials", cloud_message="The username or password is wrong."
)
NOT_SUBSCRIBED = ServiceRefused(cloud_code="ModelArts.4204", cloud_message="not subscribed")


def test_a_refused_credential_suspends_all_services(office):
    suspend(office, WRONG_PASSWORD, "general-text")
    assert suspension_of(office.pk, "general-text")
    assert suspension_of(office.pk, "id-card")


def test_a_service_that_is_not_subscribed_is_suspended_alone(office):
    suspend(office, NOT_SUBSCRIBED, "id-card")
    assert suspension_of(office.pk, "id-card")
    assert suspension_of(office.pk, "general-text") is None


def test_a_suspension_does_not_affect_other_credentials(office, bob):
    other = Credential.objects.create(owner=bob, name="other", kind="aksk", region="cn-north-4")
    suspend(office, WRONG_PASSWORD, "general-text")
    assert suspension_of(other.pk, "general-text") is None


def test_the_latest_reason_is_shown(office):
    suspend(office, WRONG_PASSWORD, "general-text")
    locked = CredentialRefused(
        cloud_code="IAM:account-locked", cloud_message="The account is locked."
    )
    suspend(office, locked, "general-text")
    assert Suspension.objects.count() == 1
    with override("en"):
        assert "15 minutes" in suspension_of(office.pk, "general-text").message
    with override("zh-hans"):
        assert "15" in suspension_of(office.pk, "general-text").message


def test_a_late_refusal_does_not_suspend_a_changed_credential(office):
    Credential.objects.filter(pk=office.pk).update(version=office.version + 1)
    suspend(office, WRONG_PASSWORD, "general-text")
    assert not Suspension.objects.exists()


def test_resume_ends_the_suspensions_of_a_service_or_all(office):
    suspend(office, WRONG_PASSWORD, "general-text")
    suspend(office, NOT_SUBSCRIBED, "id-card")
    resume(office, "general-text")
    assert suspension_of(office.pk, "general-text") is None
    assert suspension_of(office.pk, "id-card")
    resume(office)
    assert not Suspension.objects.exists()
