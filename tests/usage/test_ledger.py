"""Every call is recorded, and kept when its user or credential is deleted."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from ocrportal.accounts.models import Credential
from ocrportal.engines.cloud import CallReport
from ocrportal.usage.ledger import calls_of, record_call
from ocrportal.usage.models import Call
from tests.usage.calls import make_call

SUCCESS = CallReport(
    service="id-card",
    region="cn-north-4",
    status=200,
    code="",
    seconds=0.8426,
    bytes_sent=123_456,
    units=1,
)
TIMEOUT = CallReport(
    service="id-card",
    region="cn-north-4",
    status=None,
    code="cloud-timeout",
    seconds=60.0,
    bytes_sent=123_456,
    units=0,
)


def test_a_call_is_recorded_even_if_its_credential_was_removed(alice, credential):
    Credential.objects.all().delete()
    record_call(user=alice, credential=credential, page_id=7, report=SUCCESS)
    call = Call.objects.get()
    assert (call.credential, call.credential_name) == (None, "office")


def test_a_call_is_recorded_with_all_reported_data(alice, credential):
    record_call(user=alice, credential=credential, page_id=7, report=SUCCESS)
    call = Call.objects.get()
    assert (call.user, call.credential, call.page_id) == (alice, credential, 7)
    assert (call.service, call.region) == ("id-card", "cn-north-4")
    assert (call.status, call.code, call.units) == (200, "", 1)
    assert (call.milliseconds, call.bytes_sent) == (843, 123_456)
    assert call.day == timezone.localdate(call.at)


def test_a_call_without_a_response_is_recorded(alice, credential):
    record_call(user=alice, credential=credential, page_id=7, report=TIMEOUT)
    call = Call.objects.get()
    assert (call.status, call.code, call.units) == (None, "cloud-timeout", 0)


def test_a_call_belongs_to_the_day_on_which_it_was_made_in_the_portals_time_zone(
    alice, credential, monkeypatch
):
    early_in_shanghai = dt.datetime(2026, 2, 28, 16, 30, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: early_in_shanghai)
    record_call(user=alice, credential=credential, page_id=7, report=SUCCESS)
    assert Call.objects.get().day.isoformat() == "2026-03-01"


def test_a_long_code_is_truncated(alice, credential):
    endless = replace(TIMEOUT, code="X" * 500)
    record_call(user=alice, credential=credential, page_id=7, report=endless)
    call = Call.objects.get()
    assert call.code == "X" * 60  # PostgreSQL refuses what is longer than the column


def test_the_ledger_outlives_credential_and_user(alice, credential):
    record_call(user=alice, credential=credential, page_id=7, report=SUCCESS)
    credential.delete()
    alice.delete()
    call = Call.objects.get()
    assert (call.user, call.user_name) == (None, "alice")
    assert (call.credential, call.credential_name) == (None, "office")


@pytest.mark.parametrize(("reader", "seen"), [("alice", {"alice"}), ("bob", {"bob"})])
def test_users_see_their_own_calls_only(alice, bob, reader, seen):
    make_call(alice)
    make_call(bob)
    someone = {"alice": alice, "bob": bob}[reader]
    assert {call.user_name for call in calls_of(someone)} == seen


def test_admins_see_all_calls(alice, bob, admin):
    make_call(alice)
    make_call(bob)
    assert calls_of(admin).count() == 2
