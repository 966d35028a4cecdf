"""What is held waits; nothing else does."""

from django.utils.translation import override

from ocrportal.accounts.models import Credential
from ocrportal.errors import CredentialRefused, ServiceRefused
from ocrportal.usage.models import Hold
from ocrportal.usage.suspensions import hold, hold_on, release

WRONG_PASSWORD = CredentialRefused(
    cloud_code="IAM:bad-credentials", cloud_message="The username or password is wrong."
)
NOT_SUBSCRIBED = ServiceRefused(cloud_code="ModelArts.4204", cloud_message="not subscribed")


def test_a_refused_credential_holds_all_services(credential):
    hold(credential, WRONG_PASSWORD, "general-text")
    assert hold_on(credential.pk, "general-text")
    assert hold_on(credential.pk, "id-card")


def test_a_service_that_is_not_subscribed_holds_itself_alone(credential):
    hold(credential, NOT_SUBSCRIBED, "id-card")
    assert hold_on(credential.pk, "id-card")
    assert hold_on(credential.pk, "general-text") is None


def test_a_hold_does_not_concern_other_credentials(credential, bob):
    other = Credential.objects.create(owner=bob, name="other", kind="aksk", region="cn-north-4")
    hold(credential, WRONG_PASSWORD, "general-text")
    assert hold_on(other.pk, "general-text") is None


def test_the_latest_reason_is_the_one_that_is_told(credential):
    hold(credential, WRONG_PASSWORD, "general-text")
    locked = CredentialRefused(
        cloud_code="IAM:account-locked", cloud_message="The account is locked."
    )
    hold(credential, locked, "general-text")
    assert Hold.objects.count() == 1
    with override("en"):
        assert "15 minutes" in hold_on(credential.pk, "general-text").message
    with override("zh-hans"):
        assert "15" in hold_on(credential.pk, "general-text").message


def test_a_late_refusal_does_not_hold_a_credential_that_was_changed_meanwhile(credential):
    Credential.objects.filter(pk=credential.pk).update(version=credential.version + 1)
    hold(credential, WRONG_PASSWORD, "general-text")
    assert not Hold.objects.exists()


def test_release_ends_what_concerns_a_service_or_everything(credential):
    hold(credential, WRONG_PASSWORD, "general-text")
    hold(credential, NOT_SUBSCRIBED, "id-card")
    release(credential, "general-text")
    assert hold_on(credential.pk, "general-text") is None
    assert hold_on(credential.pk, "id-card")
    release(credential)
    assert not Hold.objects.exists()
