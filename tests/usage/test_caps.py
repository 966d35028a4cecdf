"""The monthly limit on billed calls."""

import pytest

from ocrportal.usage.caps import calls_this_month, cap_reached
from ocrportal.usage.periods import last_month, this_month
from tests.usage.calls import make_call


def test_what_is_billed_counts_and_nothing_else(alice, bob):
    make_call(alice)
    make_call(alice, service="auto-classification", units=3)
    make_call(alice, code="ModelArts.0203")
    make_call(bob)
    assert calls_this_month(alice) == 4


def test_the_count_restarts_each_month(alice):
    make_call(alice, day=last_month().last)
    assert calls_this_month(alice) == 0
    make_call(alice, day=this_month().first)
    assert calls_this_month(alice) == 1


@pytest.mark.parametrize(
    ("cap", "running", "reached"),
    [(None, 100, False), (3, 0, False), (3, 1, True), (2, 0, True), (1, 0, True), (0, 0, True)],
)
def test_running_calls_count_as_billed(alice, cap, running, reached):
    make_call(alice)
    make_call(alice)
    alice.calls_per_month = cap
    assert cap_reached(alice, running) is reached


def test_no_limit_needs_no_query(alice, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not cap_reached(alice)


def test_a_months_calls_are_added_up_in_one_query(alice, django_assert_num_queries):
    for _ in range(3):
        make_call(alice)
    with django_assert_num_queries(1):
        assert calls_this_month(alice) == 3
