"""Administrators look single calls up; the ledger cannot be edited."""

import pytest
from django.test import Client
from django.urls import reverse

from ocrportal.usage.models import Call
from tests.usage.calls import make_call


@pytest.fixture
def as_admin(admin) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def test_the_calls_of_a_page_are_found(as_admin, alice):
    make_call(alice, page_id=41, code="ModelArts.0203")
    make_call(alice, page_id=42)
    page = as_admin.get(reverse("admin:usage_call_changelist"), {"q": "41"})
    assert [call.page_id for call in page.context["cl"].result_list] == [41]


@pytest.mark.parametrize("action", ["add", "change", "delete"])
def test_the_ledger_cannot_be_changed(as_admin, alice, action):
    call = make_call(alice)
    arguments = [] if action == "add" else [call.pk]
    answer = as_admin.post(reverse(f"admin:usage_call_{action}", args=arguments), {"units": 0})
    assert answer.status_code == 403
    assert Call.objects.get().units == 1


def test_the_list_takes_as_many_queries_for_three_calls_as_for_one(
    as_admin, alice, bob, credential, django_assert_max_num_queries
):
    make_call(alice, credential)
    address = reverse("admin:usage_call_changelist")
    as_admin.get(address)  # what Django asks once
    with django_assert_max_num_queries(12) as one:
        as_admin.get(address)
    make_call(bob)
    make_call(alice, credential)
    with django_assert_max_num_queries(len(one)):
        as_admin.get(address)
