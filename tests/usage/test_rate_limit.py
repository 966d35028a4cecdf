"""Rate limits with a simulated clock, against a cloud that counts its minutes strictly."""

import datetime as dt
import random

import pytest
from django.utils import timezone

from ocrportal.accounts.models import Credential, Suspension, User
from ocrportal.errors.engine import CallCapReached
from ocrportal.usage import rate_limit
from ocrportal.usage.models import Call, CallSlot
from ocrportal.usage.rate_limit import (
    Wait,
    acquire_slot,
    end_call,
    limiting_rate,
    record_throttle,
    release,
)


class Clock:
    """A clock that the test advances."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)

    def pass_seconds(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    random.seed(1)
    return clock


def ask(credential: Credential, service: str = "general-text", **changes) -> CallSlot | Wait:
    arguments = {"user": credential.owner, "lasts_seconds": 60.0, **changes}
    return acquire_slot(credential=credential, service=service, **arguments)


def ask_and_end(credential: Credential, service: str = "general-text") -> CallSlot:
    slot = ask(credential, service)
    assert isinstance(slot, CallSlot)
    end_call(slot)
    return slot


def test_concurrent_calls_are_limited_per_service(clock, credential):
    slots = [ask(credential) for _ in range(credential.calls_at_once)]
    assert all(isinstance(slot, CallSlot) for slot in slots)
    assert isinstance(ask(credential), Wait)
    assert isinstance(ask(credential, "id-card"), CallSlot)  # each service is counted for itself

    end_call(slots[0])
    assert isinstance(ask(credential), CallSlot)
    assert isinstance(ask(credential), Wait)


def test_a_suspension_that_starts_while_slots_are_counted_applies(clock, credential, monkeypatch):
    def refused_meanwhile(*facts: object) -> float:
        Suspension.objects.create(credential=credential, error_code="credential-refused")
        return 0.0

    monkeypatch.setattr(rate_limit, "_wait", refused_meanwhile)
    assert ask(credential) == Wait(float("inf"))


def test_an_unverified_credential_makes_one_call_at_a_time(clock, credential):
    Credential.objects.update(verified_at=None)
    first = ask(credential)
    assert isinstance(ask(credential), Wait)
    assert isinstance(ask(credential, "id-card"), Wait)
    end_call(first)
    assert isinstance(ask(credential, "id-card"), CallSlot)


def test_a_suspended_credential_waits_without_end(clock, credential):
    Suspension.objects.create(credential=credential, error_code="credential-refused")
    assert ask(credential).seconds == float("inf")


def test_the_slot_of_a_killed_process_expires(clock, credential):
    Credential.objects.update(verified_at=None)
    ask(credential, lasts_seconds=30.0)
    clock.pass_seconds(29)
    assert isinstance(ask(credential), Wait)
    clock.pass_seconds(2)
    assert isinstance(ask(credential), CallSlot)


def test_a_released_slot_does_not_count(clock, credential):
    credential.calls_per_minute = 1
    slot = ask(credential)
    release(slot)
    assert isinstance(ask(credential), CallSlot)


def test_no_minute_has_more_calls_than_configured(clock, credential):
    credential.calls_per_minute = 10
    started: list[dt.datetime] = []
    ends = clock.now + dt.timedelta(minutes=5)
    while clock.now < ends:
        slot = ask(credential)
        if isinstance(slot, Wait):
            assert slot.seconds > 0
            clock.pass_seconds(slot.seconds)
        else:
            end_call(slot)
            started.append(clock.now)
    for first in started:
        within = [at for at in started if first <= at < first + dt.timedelta(minutes=1)]
        assert len(within) <= 10
    assert len(started) >= 5 * 9


def test_half_of_the_rate_may_start_at_once_and_the_rest_is_spaced(clock, credential):
    credential.calls_per_minute = 60
    at_once = 0
    while isinstance(slot := ask(credential), CallSlot):
        end_call(slot)
        at_once += 1
    assert at_once == 30
    assert slot.seconds == pytest.approx(0.9)


def test_the_limiting_rate_is_returned_once_calls_wait_for_it(clock, credential):
    credential.calls_per_minute = 60
    ask_and_end(credential)
    assert limiting_rate(credential, "general-text", 29) is None
    assert limiting_rate(credential, "general-text", 30) == 60
    assert limiting_rate(credential, "id-card", 30) is None  # it was never asked
    clock.pass_seconds(61)
    assert limiting_rate(credential, "general-text", 30) is None


def test_after_a_throttle_no_call_starts_for_two_to_five_seconds(clock, credential):
    slot = ask_and_end(credential)
    record_throttle(slot, calls_per_minute=0)
    wait = ask(credential)
    assert isinstance(wait, Wait)
    assert 2.0 <= wait.seconds <= 5.0
    assert isinstance(ask(credential, "id-card"), CallSlot)
    clock.pass_seconds(wait.seconds)
    assert isinstance(ask(credential), CallSlot)


def test_a_stated_rate_applies_for_an_hour(clock, credential):
    record_throttle(ask_and_end(credential), calls_per_minute=2)
    clock.pass_seconds(30)
    assert isinstance(ask(credential), Wait)
    clock.pass_seconds(3600)
    for _ in range(5):
        ask_and_end(credential)


def test_the_lower_rate_applies(clock, credential):
    credential.calls_per_minute = 1
    slot = ask_and_end(credential)
    record_throttle(slot, calls_per_minute=100)
    clock.pass_seconds(6)
    assert isinstance(ask(credential), Wait)


def test_without_calls_left_this_month_no_slot_is_acquired(clock, credential):
    owner: User = credential.owner
    owner.calls_per_month = 2
    owner.save()
    Call.objects.create(
        user=owner, service="id-card", milliseconds=1, bytes_sent=1, units=1, at=clock.now
    )
    last = ask(credential)
    assert isinstance(last, CallSlot)
    with pytest.raises(CallCapReached):  # the running call counts
        ask(credential)
    release(last)
    assert isinstance(ask(credential), CallSlot)


class StrictCloud:
    """Refuses each call beyond ``limit`` within any sixty seconds."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.answered: list[dt.datetime] = []
        self.refused = 0

    def call(self, now: dt.datetime) -> bool:
        recent = [at for at in self.answered if at > now - rate_limit.MINUTE]
        if len(recent) >= self.limit:
            self.refused += 1
            return False
        self.answered.append(now)
        return True


def test_two_hundred_calls_use_nearly_all_of_what_an_unknown_cloud_allows(clock, credential):
    """What workers do, one call after the other: most of the allowance, few refusals."""
    cloud = StrictCloud(limit=60)
    begun = clock.now
    while len(cloud.answered) < 200:
        slot = ask(credential)
        if isinstance(slot, Wait):
            clock.pass_seconds(slot.seconds + 0.05)  # workers wake with a delay
            continue
        clock.pass_seconds(0.1)  # duration of the call
        if not cloud.call(clock.now):
            record_throttle(slot, cloud.limit)
        end_call(slot)

    after_first_minute = [at for at in cloud.answered if at > begun + rate_limit.MINUTE]
    lasted = (after_first_minute[-1] - begun - rate_limit.MINUTE) / rate_limit.MINUTE
    assert len(after_first_minute) / (lasted * cloud.limit) >= 0.95
    assert cloud.refused / (cloud.refused + 200) <= 0.03
