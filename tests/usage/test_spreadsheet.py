"""The CSV file opens in a spreadsheet, and nothing in it is computed there."""

import csv
import io

import pytest
from django.utils.translation import override

from ocrportal.catalogue.spec import services
from ocrportal.usage.models import Call
from ocrportal.usage.spreadsheet import csv_lines
from tests.usage.calls import make_call


def read(calls) -> list[dict[str, str]]:
    """As Excel reads it: the byte order mark indicates UTF-8."""
    text = "".join(csv_lines(calls)).encode().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_each_call_is_a_line_of_its_own(alice, credential):
    make_call(alice, credential, service="id-card", page_id=7, milliseconds=843)
    make_call(alice, credential, code="cloud-timeout", status=None)
    first, second = read(Call.objects.order_by("pk"))
    assert first == {
        "Time": first["Time"],
        "User": "alice",
        "Credential": "office",
        "Service": services()["id-card"].names["en"],
        "Key of the service": "id-card",
        "Region": "cn-north-4",
        "Page": "7",
        "HTTP status": "200",
        "Error code": "",
        "Milliseconds": "843",
        "Bytes sent": "1000",
        "Billed units": "1",
    }
    assert (second["HTTP status"], second["Error code"], second["Billed units"]) == (
        ("", "cloud-timeout", "0")
    )


def test_times_are_those_of_the_portals_time_zone(alice):
    Call.objects.filter(pk=make_call(alice).pk).update(at="2026-02-28T16:30:05Z")
    assert read(Call.objects.all())[0]["Time"] == "2026-03-01 00:30:05"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "\t", "\r", "\n"])
def test_a_name_is_never_taken_for_a_formula(alice, start):
    call = make_call(alice)
    Call.objects.filter(pk=call.pk).update(credential_name=f"{start}1+1")
    assert read(Call.objects.all())[0]["Credential"] == f"'{start}1+1"


def test_it_is_in_the_language_active_at_the_call(alice):
    make_call(alice, service="id-card")
    with override("zh-hans"):
        lines = csv_lines(Call.objects.all())
    with override("en"):
        _heading, line = lines
    assert services()["id-card"].names["zh-hans"] in line


def test_it_is_one_query_for_any_number_of_calls(alice, django_assert_num_queries):
    for _ in range(3):
        make_call(alice)
    with django_assert_num_queries(1):
        assert len(read(Call.objects.all())) == 3


def test_the_file_begins_with_a_byte_order_mark(db):
    assert next(csv_lines(Call.objects.all())).encode().startswith(b"\xef\xbb\xbf")


def test_without_calls_it_is_a_heading(db):
    assert len(list(csv_lines(Call.objects.all()))) == 1
