"""Credentials in the administration: created for other users, shared, never shown."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.test import Client

from ocrportal.accounts.credentials import access_of, may_use
from ocrportal.accounts.models import Credential
from ocrportal.accounts.suspensions import suspend
from ocrportal.errors.engine import CredentialRefused
from ocrportal.usage.models import Call
from tests.accounts.conftest import SECRET
from tests.workers.cloud_jobs import add_keys

LIST = "/admin/accounts/credential/"


@pytest.fixture
def as_admin(admin) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def entered(**changes) -> dict[str, object]:
    usual = {
        "name": "Shared",
        "region": "cn-north-4",
        "access_key": "AKADMIN0123456789AB",
        "secret": "SK-of-the-admin",
        "verify_tls": "on",
        "connect_seconds": 10,
        "read_seconds": 60,
        "calls_at_once": 4,
    }
    return usual | changes


def test_an_admin_makes_one_and_shares_it(as_admin, admin, bob):
    group = Group.objects.create(name="accounting")
    values = entered(owner=admin.pk, shared_users=[bob.pk], shared_groups=[group.pk])
    assert as_admin.post(f"{LIST}add/", values).url == LIST
    credential = Credential.objects.get()
    assert (credential.owner, credential.kind) == (admin, "aksk")
    assert access_of(credential).secret == "SK-of-the-admin"
    assert may_use(bob, credential)
    assert list(credential.shared_groups.all()) == [group]


def test_both_kinds_can_be_made(as_admin, alice):
    page = as_admin.get(f"{LIST}add/?kind=token").content.decode()
    assert 'name="iam_user"' in page
    assert 'name="access_key"' not in page
    assert 'href="?kind=aksk"' in page
    values = entered(owner=alice.pk, iam_user="reader", domain="acme", secret="a password")
    as_admin.post(f"{LIST}add/?kind=token", values)
    assert Credential.objects.get().kind == "token"


def test_no_secret_is_in_the_pages_or_the_history(as_admin, make_credential):
    credential = make_credential(security_token="STS-9", proxy="http://me:pw@93.184.215.14")
    changed = entered(secret="SK-brand-new", proxy="http://me:•••@93.184.215.14")
    assert as_admin.post(f"{LIST}{credential.pk}/change/", changed).url == LIST
    assert access_of(Credential.objects.get()).secret == "SK-brand-new"
    pages = [
        as_admin.get(f"{LIST}{path}").content.decode()
        for path in ("", f"{credential.pk}/change/", f"{credential.pk}/history/")
    ]
    stored = Credential.objects.get()
    secrets = (SECRET, "SK-brand-new", "STS-9", "pw@", "AKADMIN", stored.secret)
    reported = [*pages, *LogEntry.objects.values_list("change_message", flat=True)]
    assert [secret for secret in secrets if any(secret in text for text in reported)] == []
    assert "AKADMIN" not in str(LogEntry.objects.values())


def test_who_may_only_look_is_shown_no_credential(bob, make_credential):
    bob.is_staff = True
    bob.save()
    bob.user_permissions.add(Permission.objects.get(codename="view_credential"))
    client = Client()
    client.force_login(bob)
    assert client.get(f"{LIST}{make_credential().pk}/change/").status_code == 403


def test_the_list_shows_the_state_in_one_word(as_admin, make_credential):
    credential = make_credential()
    suspend(credential, CredentialRefused(cloud_code="APIG.0301"), "")
    of_list = as_admin.get(LIST).content.decode()
    assert ">Paused<" in of_list
    assert "APIG.0301" not in of_list
    assert "APIG.0301" in as_admin.get(f"{LIST}{credential.pk}/change/").content.decode()


def test_a_change_counts_as_one(as_admin, make_credential):
    credential = make_credential()
    as_admin.post(f"{LIST}{credential.pk}/change/", entered())
    assert Credential.objects.get().version == credential.version + 1


def test_anothers_password_is_not_sent_elsewhere(as_admin, make_credential):
    credential = make_credential()
    changed = entered(secret="", access_key="", ocr_endpoint="https://93.184.215.14")
    page = as_admin.post(f"{LIST}{credential.pk}/change/", changed).content.decode()
    assert "enter its password or key again" in page
    assert Credential.objects.get().ocr_endpoint == ""


def test_errors_are_shown_beside_their_fields(as_admin, admin):
    values = entered(owner=admin.pk, access_key="", secret="")
    response = as_admin.post(f"{LIST}add/", values)
    assert set(response.context["adminform"].form.errors) == {"access_key", "secret"}
    without_owner = as_admin.post(f"{LIST}add/", entered())
    assert set(without_owner.context["adminform"].form.errors) == {"owner"}


def test_selected_ones_are_checked(as_admin, admin, cloud):
    credential = add_keys(cloud, admin)
    action = {"action": "check_selected", "_selected_action": [credential.pk]}
    page = as_admin.post(LIST, action, follow=True).content.decode()
    assert "“office”: works" in page
    cloud.account.not_subscribed.add("general-text")
    page = as_admin.post(LIST, action, follow=True).content.decode()
    assert "is not enabled for this account" in page


def test_they_are_removed(as_admin, make_credential):
    credential = make_credential()
    assert as_admin.post(f"{LIST}{credential.pk}/delete/", {"post": "yes"}).url == LIST
    other = make_credential()
    action = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    as_admin.post(LIST, action)
    assert not Credential.objects.exists()


def test_the_list_needs_the_same_number_of_queries_however_long(
    as_admin, make_credential, django_assert_max_num_queries
):
    as_admin.get(LIST)
    for number in range(3):
        make_credential(name=f"no {number}")
        with django_assert_max_num_queries(8):
            as_admin.get(LIST)


# The Chinese administration


@pytest.mark.parametrize("place", ["accounts/user/add/", "auth/group/add/"])
def test_permissions_are_listed_in_chinese(as_admin, admin, place):
    if "user" in place:
        place = f"accounts/user/{admin.pk}/change/"
    page = as_admin.get(f"/admin/{place}", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert "账号 | 凭据 | 可新增" in page
    assert "Can " not in page


def test_the_scripts_of_the_administration_speak_chinese(as_admin):
    script = as_admin.get("/admin/jsi18n/", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert '"Choose all %s": "\\u9009\\u62e9\\u5168\\u90e8%s"' in script


def test_the_labels_of_calls_are_chinese(as_admin):
    call = Call.objects.create(service="id-card", milliseconds=1, bytes_sent=1)
    address = f"/admin/usage/call/{call.pk}/change/"
    page = as_admin.get(address, headers={"Accept-Language": "zh-CN"}).content.decode()
    labels = re.findall(r"<label>([^<]+)</label>", page)
    assert len(labels) > 10
    assert [label for label in labels if not re.search("[\u4e00-\u9fff]", label)] == []
