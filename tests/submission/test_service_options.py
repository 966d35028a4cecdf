"""What may be set for a service, typed or given as JSON, for all services of the catalogue."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ocrportal.catalogue.spec import Option, Service, services
from ocrportal.engines import options_of
from ocrportal.submission.service_options import (
    OptionsForm,
    clean_options,
    option_fields,
)

ENGINE = "huawei"
ALL_SERVICES = pytest.mark.parametrize("key", services())
INVOICE = {"code": "", "number": "12345678", "issue_date": "2024-09-23"}


def values_of(option: Option) -> st.SearchStrategy[Any]:
    """JSON values that the service takes for an option."""
    if option.type == "boolean":
        return st.booleans()
    if option.type == "integer":
        return st.integers(min_value=1, max_value=999)
    if option.type == "object":
        return st.dictionaries(st.sampled_from(["id_card", "passport"]), st.just({}), min_size=1)
    if option.type == "array<string>":
        return st.lists(st.sampled_from(option.allowed or ()), min_size=1)
    if option.allowed:
        return st.sampled_from(option.allowed)
    return st.from_regex(r"[A-Za-z0-9.-]+", fullmatch=True)


@st.composite
def wishes(draw: st.DrawFn) -> tuple[Service, dict[str, Any]]:
    """A service with values for all that it needs and some that it takes."""
    service = draw(st.sampled_from(list(services().values())))
    options = options_of(service, ENGINE)
    chosen = [option for option in options if option.required or draw(st.booleans())]
    return service, {option.name: draw(values_of(option)) for option in chosen}


def typed(value: Any) -> str:
    """A JSON value as one types it on a command line."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ",".join(value)
    return json.dumps(value)


def messages(service: str, values: dict[str, Any], *, from_text: bool = False) -> dict[str, Any]:
    with pytest.raises(ValidationError) as caught:
        clean_options(ENGINE, services()[service], values, from_text=from_text)
    return caught.value.message_dict


@given(wishes())
def test_typed_values_and_json_values_come_to_the_same(wish):
    service, values = wish
    texts = {name: typed(value) for name, value in values.items()}
    assert clean_options(ENGINE, service, texts, from_text=True) == clean_options(
        ENGINE, service, values, from_text=False
    )


@given(wishes())
def test_clean_values_stay_as_they_are_when_cleaned_again(wish):
    service, values = wish
    once = clean_options(ENGINE, service, values, from_text=False)
    assert clean_options(ENGINE, service, once, from_text=False) == once


@given(wishes())
def test_the_cloud_gets_the_users_word_or_does_the_same_without_it(wish):
    service, values = wish
    sent = clean_options(ENGINE, service, values, from_text=False)
    for option in options_of(service, ENGINE):
        if option.name in values:
            wanted, got = values[option.name], sent.get(option.name, option.default)
            assert set(got) == set(wanted) if isinstance(wanted, list) else got == wanted
        else:
            assert sent.get(option.name) == option.portal_default


@given(wishes(), st.data())
def test_a_value_of_another_type_is_refused(wish, data):
    service, values = wish
    if not values:
        return
    name = data.draw(st.sampled_from(sorted(values)))
    kind = next(option.type for option in options_of(service, ENGINE) if option.name == name)
    wrong = {"boolean": "true", "string": 5, "integer": True, "array<string>": [7], "object": []}
    with pytest.raises(ValidationError) as caught:
        clean_options(ENGINE, service, {**values, name: wrong[kind]}, from_text=False)
    assert list(caught.value.message_dict) == [name]


@ALL_SERVICES
def test_each_service_has_a_form_whose_empty_post_means_what_silence_means(key):
    service = services()[key]
    needed = {option.name for option in service.options if option.required}
    form = OptionsForm(ENGINE, service, {f"option-{name}": "1" for name in needed})
    assert form.is_valid(), form.errors
    silence = dict.fromkeys(needed, "1")
    assert form.options == clean_options(ENGINE, service, silence, from_text=True)


@ALL_SERVICES
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_each_field_is_labelled_in_the_language_of_the_reader(key, language):
    with translation.override(language):
        fields = option_fields(ENGINE, services()[key])
        for option in options_of(services()[key], ENGINE):
            field = fields[option.name]
            assert field.label == option.labels[language]
            assert field.help_text == option.hints[language]


def test_pages_lie_any_way_up_so_the_portal_asks_for_their_direction():
    assert clean_options(ENGINE, services()["handwriting"], {}, from_text=False) == {
        "detect_direction": True
    }
    off = {"detect_direction": False}
    assert clean_options(ENGINE, services()["handwriting"], off, from_text=False) == off


def test_what_the_service_does_anyway_is_not_kept():
    same = {"language": "zh", "quick_mode": False, "detect_direction": True, "read_pdf": False}
    assert clean_options(ENGINE, services()["general-text"], same, from_text=False) == {
        "detect_direction": True
    }


def test_chosen_values_are_kept_in_one_order_so_that_the_same_wish_looks_the_same():
    service = services()["auto-classification"]
    one = clean_options(ENGINE, service, {"type_list": "passport, bankcard"}, from_text=True)
    other = clean_options(ENGINE, service, {"type_list": ["bankcard", "passport"]}, from_text=False)
    assert one == other == {"type_list": ["passport", "bankcard"]}


def test_the_page_of_a_pdf_is_set_by_the_portal_alone():
    for service in services().values():
        assert not {"pdf_page_number", "page_num"} & set(option_fields(ENGINE, service))
    errors = messages("general-text", {"pdf_page_number": 2})["pdf_page_number"]
    assert errors[0].startswith(
        "“pdf_page_number” is not an option of “General Text”. Its options are: detect_direction, "
    )


def test_a_service_that_reads_pdf_has_the_option():
    able = [key for key, entry in services().items() if "read_pdf" in option_fields(ENGINE, entry)]
    assert able == [key for key, entry in services().items() if entry.pdf]
    assert clean_options(ENGINE, services()["seal"], {"read_pdf": "on"}, from_text=True) == {
        "read_pdf": True
    }


def test_an_option_of_a_service_without_options_is_rejected():
    assert messages("household-register", {"side": "front"}) == {
        "side": ["“side” is unknown: “Household Register” has no options."]
    }


@pytest.mark.parametrize(
    ("service", "name", "value", "message"),
    [
        ("id-card", "side", "left", "“left” is not a valid choice. Choose one of: front, back,"),
        ("id-card", "detect_blur", "maybe", "“maybe” is not valid. Enter true or false."),
        (
            "id-document",
            "id_type",
            "PP,XX",
            "“XX” is not a valid choice. Choose one of: PP, DL, ID.",
        ),
        ("auto-classification", "extended_parameters", "[1]", "This must be a JSON object"),
        ("auto-classification", "extended_parameters", "{", "Enter a valid JSON."),
        ("invoice-verification", "number", " ", "This field is required."),
    ],
)
def test_an_invalid_value_is_reported_at_its_option(service, name, value, message):
    needed = INVOICE if service == "invoice-verification" else {}
    errors = messages(service, {**needed, name: value}, from_text=True)
    assert list(errors) == [name]
    assert errors[name][0].startswith(message)


def test_all_invalid_options_are_reported_at_once():
    errors = messages("id-card", {"side": 1, "colour": True})
    assert errors["side"] == ["“1” is not of type string."]
    assert "colour" in errors


def test_an_invoice_is_checked_by_its_numbers_of_which_the_code_may_be_empty():
    service = services()["invoice-verification"]
    assert clean_options(ENGINE, service, INVOICE, from_text=True) == INVOICE
    assert set(messages("invoice-verification", {})) == set(INVOICE)
    posted = {f"option-{name}": value for name, value in INVOICE.items()}
    form = OptionsForm(ENGINE, service, posted)
    assert form.is_valid()
    assert form.options == INVOICE


def test_a_switch_that_is_on_by_default_can_be_ticked_off_in_a_browser():
    service = services()["handwriting"]
    page = str(OptionsForm(ENGINE, service)["detect_direction"])
    assert '<input type="hidden" name="option-detect_direction" value="false">' in page
    assert "checked" in page
    unticked = OptionsForm(ENGINE, service, QueryDict("option-detect_direction=false"))
    assert unticked.is_valid()
    assert unticked.options == {"detect_direction": False}
    ticked = QueryDict("option-detect_direction=false&option-detect_direction=on")
    form = OptionsForm(ENGINE, service, ticked)
    assert form.is_valid()
    assert form.options == {"detect_direction": True}
    assert "hidden" not in str(OptionsForm(ENGINE, service)["quick_mode"])


def test_a_number_may_be_typed_but_is_a_number_in_json():
    page = services()["general-text"].option("pdf_page_number")
    service = replace(services()["general-text"], options=(page,), pdf=None)
    assert clean_options(ENGINE, service, {page.name: "7"}, from_text=True) == {page.name: 7}
    assert clean_options(ENGINE, service, {page.name: 7}, from_text=False) == {page.name: 7}
    for wrong in ("7", True, 7.5):
        with pytest.raises(ValidationError):
            clean_options(ENGINE, service, {page.name: wrong}, from_text=False)
