"""What was asked of the cloud: one's own calls for users, everybody's for admins."""

import csv
import datetime as dt
import io

import pytest
from django.test import Client
from django.utils import timezone

from ocrportal.usage.periods import last_month, this_month
from ocrportal.usage.statistics import Grouping
from tests.usage.calls import make_call

TODAY = timezone.localdate


@pytest.fixture
def as_admin(admin) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def calls(response) -> int:
    return response.context["totals"].calls


def labels(response) -> set[str]:
    return {row.label for row in response.context["rows"]}


def lines(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_successes_and_failures_of_this_month_are_shown(as_alice, alice):
    make_call(alice, service="id-card")
    make_call(alice, service="id-card", code="AIS.0103")
    make_call(alice, day=last_month().last)
    response = as_alice.get("/usage/")
    totals = response.context["totals"]
    assert (totals.calls, totals.succeeded, totals.failed, totals.units) == (2, 1, 1, 1)
    page = response.content.decode()
    assert "bills successful calls only" in page
    assert "<code>AIS.0103</code>" in page
    assert f"{TODAY():%Y-%m-%d}: 1 succeeded, 1 failed" in page


def test_a_user_sees_only_own_calls(as_bob, alice, bob):
    make_call(alice, service="id-card", code="AIS.0103")
    page = as_bob.get(f"/usage/?user={alice.pk}&by=user")
    assert calls(page) == 0
    assert "alice" not in page.content.decode()
    assert lines(as_bob.get(f"/usage/calls.csv?user={alice.pk}")) == []


def test_an_admin_sees_all_and_can_look_at_one_user(as_admin, alice, bob):
    make_call(alice)
    make_call(bob)
    assert labels(as_admin.get("/usage/?by=user")) == {"alice", "bob"}
    chosen = as_admin.get(f"/usage/?by=user&user={alice.pk}")
    assert labels(chosen) == {"alice"}
    assert f'<option value="{alice.pk}" selected>' in chosen.content.decode()


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("", {"this month"}),
        ("period=last-month", {"last month"}),
        ("period=custom&since={last}&until={last}", {"last month"}),
        ("period=custom&since={last}&until={this}", {"this month", "last month"}),
    ],
)
def test_a_period_is_chosen(as_alice, alice, query, days):
    made_on = {"this month": this_month().first, "last month": last_month().last}
    for day in made_on.values():
        make_call(alice, day=day)
    query = query.format(this=made_on["this month"], last=made_on["last month"])
    response = as_alice.get(f"/usage/?by=day&{query}")
    assert labels(response) == {made_on[name].isoformat() for name in days}


def test_the_last_thirty_days_end_today(as_alice, alice):
    for days_ago in (0, 29, 30):
        make_call(alice, day=TODAY() - dt.timedelta(days=days_ago))
    assert calls(as_alice.get("/usage/?period=30-days")) == 2


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("period=custom", "Choose a start date and an end date."),
        ("period=custom&since=2026-03-01", "Choose a start date and an end date."),
        (
            "period=custom&since=2026-03-02&until=2026-03-01",
            "The end date must not be before the start date.",
        ),
        (
            "period=custom&since=0001-01-01&until=9999-12-31",
            "Choose a period of at most three years.",
        ),
        ("period=custom&since=yesterday&until=2026-03-01", "Enter a valid date."),
        ("period=odd", "odd is not one of the available choices"),
        ("by=odd", "odd is not one of the available choices"),
    ],
)
def test_an_invalid_period_shows_an_error_and_this_month(as_alice, alice, query, shown):
    make_call(alice)
    response = as_alice.get(f"/usage/?{query}")
    assert shown in response.content.decode()
    assert calls(response) == 1


@pytest.mark.parametrize("span", [("0001-01-01", "0001-02-01"), ("9999-12-01", "9999-12-31")])
def test_the_first_and_last_day_of_the_calendar_are_accepted(as_alice, alice, span):
    make_call(alice)
    query = "period=custom&since={}&until={}".format(*span)
    assert calls(as_alice.get(f"/usage/?{query}")) == 0
    assert lines(as_alice.get(f"/usage/calls.csv?{query}")) == []


def test_users_do_not_sum_up_by_user(as_alice, as_admin):
    def groupings(client: Client) -> list[str]:
        return [value for value, _ in client.get("/usage/").context["form"].fields["by"].choices]

    assert groupings(as_admin) == Grouping.values
    assert groupings(as_alice) == ["service", "day", "credential"]


def test_the_limit_and_how_much_of_it_is_used_are_shown(as_alice, alice):
    make_call(alice, units=1200)
    assert "billed units</span>" not in as_alice.get("/usage/").content.decode()
    alice.calls_per_month = 5000
    alice.save()
    page = as_alice.get("/usage/").content.decode()
    assert "1,200 of 5,000 billed units" in page
    assert "The limit is reached" not in page
    alice.calls_per_month = 1200
    alice.save()
    assert "The limit is reached" in as_alice.get("/usage/").content.decode()


def test_an_admin_sees_the_limit_of_the_user_looked_at(as_admin, alice):
    alice.calls_per_month = 7
    alice.save()
    make_call(alice)
    assert "1 of 7 billed units" in as_admin.get(f"/usage/?user={alice.pk}").content.decode()


def test_all_calls_that_are_shown_can_be_downloaded(as_alice, alice):
    make_call(alice, service="id-card")
    make_call(alice, day=last_month().first, service="vin")
    page = as_alice.get("/usage/?period=last-month&by=day").content.decode()
    assert 'href="/usage/calls.csv?period=last-month&amp;by=day"' in page
    response = as_alice.get("/usage/calls.csv?period=last-month&by=day")
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    month = last_month()
    assert f'filename="usage_{month.first}_{month.last}.csv"' in response["Content-Disposition"]
    assert [line["Key of the service"] for line in lines(response)] == ["vin"]


def test_the_page_without_calls_shows_a_message(as_alice):
    page = as_alice.get("/usage/").content.decode()
    assert "No calls in this period." in page
    assert "<svg" in page
    assert "calls.csv" not in page


def test_the_menu_leads_here(as_alice):
    assert 'href="/usage/" aria-current="page"' in as_alice.get("/usage/").content.decode()


@pytest.mark.parametrize("client_name", ["as_alice", "as_admin"])
def test_the_page_takes_as_many_queries_for_many_calls_as_for_one(
    request, client_name, alice, bob, django_assert_num_queries
):
    client = request.getfixturevalue(client_name)
    # session, user, totals and their median, days, rows and their medians, failures, limit;
    # for an admin the users to choose from
    expected = 9 if client_name == "as_alice" else 10
    make_call(alice)
    with django_assert_num_queries(expected):
        client.get("/usage/")
    make_call(alice, service="id-card", code="AIS.0103")
    make_call(alice, service="vin", code="AIS.0104")
    make_call(bob, service="vin", code="AIS.0105")
    with django_assert_num_queries(expected):
        client.get("/usage/")


@pytest.mark.parametrize("address", ["/usage/", "/usage/calls.csv"])
def test_without_signing_in_there_is_only_the_sign_in_page(client, db, address):
    assert client.get(address).url == f"/login/?next={address}"


@pytest.mark.parametrize("address", ["/usage/", "/usage/calls.csv"])
def test_nothing_is_changed_here(as_alice, address):
    assert as_alice.post(address).status_code == 405
