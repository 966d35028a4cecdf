"""`manage.py credential`: add, check, list, remove, with the secret from standard input."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from ocrportal.accounts.credentials import access_of
from ocrportal.accounts.models import Credential
from ocrportal.accounts.suspensions import suspend
from ocrportal.errors.engine import CredentialRefused
from tests.workers.cloud_jobs import add_keys

ADD = ("add", "--user", "alice", "--name", "office", "--region", "cn-north-4")
AKSK = (*ADD, "--kind", "aksk", "--ak", "AK0123456789")
TOKEN = (*ADD, "--kind", "token", "--iam-user", "reader", "--domain", "acme")
NAMED = ("--user", "alice", "--name", "office")


@pytest.fixture
def credential(monkeypatch, capsys):
    """Run the command with these lines on standard input; what it printed."""

    def credential(*arguments: str, lines: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        call_command("credential", *arguments)
        return capsys.readouterr().out

    return credential


def test_the_secret_key_comes_from_standard_input(credential, alice):
    credential(*AKSK, lines=" SK0123 \n")
    row = Credential.objects.get()
    assert (row.owner, row.name, row.kind, row.verify_tls) == (alice, "office", "aksk", True)
    assert access_of(row).secret == "SK0123"


def test_the_second_line_is_the_security_token(credential, alice):
    credential(*AKSK, lines="SK0123\nSTS==\n")
    assert access_of(Credential.objects.get()).security_token == "STS=="


def test_a_password_keeps_its_blanks_within(credential, alice, capsys):
    credential(*TOKEN, lines="pass word\n")
    assert access_of(Credential.objects.get()).secret == "pass word"


def test_whitespace_around_a_password_is_removed_with_a_notice(monkeypatch, alice, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(" pass word \n"))
    call_command("credential", *TOKEN)
    assert "Leading and trailing spaces were removed from the password." in capsys.readouterr().err
    assert access_of(Credential.objects.get()).secret == "pass word"


def test_addresses_of_a_private_cloud_may_be_given_if_permitted(credential, alice, settings):
    address = ("--ocr-endpoint", "http://127.0.0.1:9", "--iam-endpoint", "http://127.0.0.1:9")
    address += ("--obs-endpoint", "http://127.0.0.1:8")
    with pytest.raises(CommandError, match=r"--ocr-endpoint: 127.0.0.1 is not a public host"):
        credential(*AKSK, *address, lines="SK\n")
    settings.INTERNAL_HOSTS = ["127.0.0.1"]
    credential(*AKSK, *address, lines="SK\n")
    made = Credential.objects.get()
    assert (made.ocr_endpoint, made.obs_endpoint) == ("http://127.0.0.1:9", "http://127.0.0.1:8")


def test_a_missing_value_is_reported_with_its_option(credential, alice):
    with pytest.raises(CommandError) as refused:
        credential(*ADD, "--kind", "token", "--domain", "acme", lines="\n")
    assert "--iam-user: This field is required." in str(refused.value)
    assert "secret: This field is required." in str(refused.value)


def test_an_unknown_user_is_an_error(credential, db):
    with pytest.raises(CommandError, match="There is no user “alice”"):
        credential(*AKSK, lines="SK\n")


def test_the_list_shows_the_state_and_no_key(credential, alice, bob, cloud):
    row = add_keys(cloud, alice)
    row.shared_users.add(bob)
    assert credential("list", "--user", "bob").split("\t") == [
        "office  (alice)", "aksk", "cn-north-4", "not checked yet\n",
    ]  # fmt: skip
    suspend(row, CredentialRefused(cloud_code="IAM:account-locked"), "")
    reported = credential("list", "--user", "alice")
    assert "Wait 15 minutes" in reported
    assert row.access_key not in reported


def test_a_successful_check_is_reported(credential, alice, cloud):
    add_keys(cloud, alice)
    assert credential("check", *NAMED) == "The credential works.\n"


def test_a_failed_check_states_the_remedy_in_one_line(credential, alice, cloud):
    add_keys(cloud, alice, kind="token")
    cloud.iam.change_password(cloud.user, "Another-Horse-8")
    with pytest.raises(CommandError, match="password is wrong") as failed:
        credential("check", *NAMED)
    assert failed.value.returncode == 1
    assert "\n" not in str(failed.value)


def test_the_check_can_be_for_a_certain_service(credential, alice, cloud):
    add_keys(cloud, alice)
    cloud.account.not_subscribed.add("id-card")
    with pytest.raises(CommandError, match="not enabled"):
        credential("check", *NAMED, "--service", "id-card")
    with pytest.raises(CommandError, match="There is no service “tea-leaves”"):
        credential("check", *NAMED, "--service", "tea-leaves")


def test_only_ones_own_is_removed(credential, alice, bob, cloud):
    add_keys(cloud, alice).shared_users.add(bob)
    with pytest.raises(CommandError, match="belongs to alice"):
        credential("remove", "--user", "bob", "--name", "office")
    credential("remove", *NAMED)
    assert not Credential.objects.exists()
    with pytest.raises(CommandError, match="alice has no credential “office”"):
        credential("remove", *NAMED)
