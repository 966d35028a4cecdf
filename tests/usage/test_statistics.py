"""Figures of successes and failures, from a fixed number of queries."""

import datetime as dt
from statistics import median

import pytest
from django.utils.translation import override

from ocrportal.accounts.models import Credential
from ocrportal.catalogue.spec import find_error, services
from ocrportal.usage.models import Call
from ocrportal.usage.periods import Period
from ocrportal.usage.statistics import (
    Failure,
    Grouping,
    Outcomes,
    calls_in,
    failures,
    figures_by,
    outcomes_by_day,
    totals,
)
from tests.usage.calls import make_call

MONDAY, TUESDAY, SUNDAY = dt.date(2026, 3, 2), dt.date(2026, 3, 3), dt.date(2026, 3, 8)


def labels(grouping: Grouping) -> list[tuple[str, str]]:
    return [(row.label, row.note) for row in figures_by(Call.objects.all(), grouping)]


def test_the_totals_separate_successes_from_failures(alice):
    make_call(alice, milliseconds=100, bytes_sent=10)
    make_call(alice, milliseconds=200, bytes_sent=20, units=4)
    make_call(alice, milliseconds=3000, bytes_sent=30, code="ModelArts.0203")
    figures = totals(Call.objects.all())
    assert (figures.calls, figures.succeeded, figures.failed) == (3, 2, 1)
    assert (figures.units, figures.bytes_sent) == (5, 60)
    assert (figures.mean_seconds, figures.median_seconds) == (1.1, 0.2)


def test_without_calls_all_figures_are_nought(db):
    figures = totals(Call.objects.all())
    assert (figures.calls, figures.units, figures.mean_seconds, figures.median_seconds) == (
        (0, 0, 0.0, 0.0)
    )
    assert figures_by(Call.objects.all(), Grouping.USER) == []


@pytest.mark.parametrize("times", [[5], [5, 9], [9, 5, 1], [8, 1, 9, 2], [7, 7, 7, 1, 50_000]])
def test_the_median_is_that_of_each_group(alice, times):
    for milliseconds in times:
        make_call(alice, milliseconds=milliseconds)
        make_call(alice, milliseconds=milliseconds * 10, service="id-card")
    rows = figures_by(Call.objects.all(), Grouping.SERVICE)
    found = {row.label: row.figures.median_milliseconds for row in rows}
    assert sorted(found.values()) == [median(times), median(times) * 10]


def test_services_have_the_catalogues_names_and_the_busiest_comes_first(alice):
    make_call(alice, service="id-card")
    make_call(alice, service="removed-service")
    make_call(alice, service="id-card", code="AIS.0104")
    with override("zh-hans"):
        assert labels(Grouping.SERVICE) == [
            (services()["id-card"].names["zh-hans"], ""),
            ("removed-service", ""),
        ]


def test_days_come_latest_first(alice):
    make_call(alice, day=MONDAY)
    make_call(alice, day=MONDAY)
    make_call(alice, day=TUESDAY)
    assert labels(Grouping.DAY) == [("2026-03-03", ""), ("2026-03-02", "")]


def test_credentials_of_the_same_name_are_distinguished_by_their_owners(alice, bob, credential):
    namesake = Credential.objects.create(
        owner=bob, name=credential.name, kind="aksk", region="cn-north-4"
    )
    make_call(alice, credential)
    make_call(alice, credential)
    make_call(alice, namesake)
    make_call(alice, None)
    assert sorted(labels(Grouping.CREDENTIAL)) == [
        ("office", "deleted"),
        ("office", "of alice"),
        ("office", "of bob"),
    ]


def test_a_deleted_user_is_still_counted(alice, bob):
    make_call(alice)
    make_call(alice)
    make_call(bob)
    alice.delete()
    assert labels(Grouping.USER) == [("alice", "deleted"), ("bob", "")]


def test_a_period_takes_in_both_its_days(alice):
    for day in (MONDAY, TUESDAY, SUNDAY):
        make_call(alice, day=day)
    within = calls_in(Call.objects.all(), Period(MONDAY, TUESDAY))
    assert sorted(call.day for call in within) == [MONDAY, TUESDAY]


def test_each_day_has_its_successes_and_failures(alice):
    make_call(alice, day=MONDAY)
    make_call(alice, day=MONDAY, code="AIS.0104")
    make_call(alice, day=SUNDAY, code="AIS.0104")
    assert outcomes_by_day(Call.objects.all()) == {MONDAY: Outcomes(1, 1), SUNDAY: Outcomes(0, 1)}


def test_failures_are_counted_by_code_and_status(alice):
    make_call(alice)
    make_call(alice, code="ModelArts.0203")
    for _ in range(2):
        make_call(alice, code="APIG.0308", status=429)
    make_call(alice, code="cloud-timeout", status=None)
    assert failures(Call.objects.all()) == [
        Failure("APIG.0308", 429, 2),
        Failure("ModelArts.0203", 400, 1),
        Failure("cloud-timeout", None, 1),
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_failure_has_the_catalogues_texts_in_the_readers_language(language):
    known = find_error("AIS.0103")
    failure = Failure("AIS.0103", 400, 1)
    with override(language):
        assert failure.cause == known.causes[language]
        assert failure.remedy == known.remedies[language]


@pytest.mark.parametrize(
    ("failure", "cause"),
    [
        (Failure("cloud-timeout", None, 1), "Huawei Cloud did not respond in time"),
        (Failure("cloud-unreachable", None, 1), "Huawei Cloud cannot be reached"),
        (Failure("cloud-answer-unreadable", 502, 1), "HTTP 502"),
        (Failure("certificate-refused", None, 1), "The certificate of Huawei Cloud"),
        (Failure("Strange.9999", 500, 1), "does not know this code"),
    ],
)
def test_a_failure_that_is_not_in_the_catalogue_has_a_cause(failure, cause):
    assert cause in failure.cause
    assert failure.remedy == ""


@pytest.mark.parametrize("grouping", Grouping)
def test_the_number_of_queries_does_not_grow(
    alice, bob, credential, grouping, django_assert_num_queries
):
    def ask() -> int:
        calls = Call.objects.all()
        totals(calls)
        outcomes_by_day(calls)
        failures(calls)
        return len(figures_by(calls, grouping))

    make_call(alice, credential)
    with django_assert_num_queries(6):
        assert ask() == 1
    make_call(bob, None, day=MONDAY, service="id-card", code="AIS.0103")
    make_call(bob, None, day=TUESDAY, service="vin", code="AIS.0104")
    with django_assert_num_queries(6):
        assert ask() >= 2
