"""The catalogue's data, counted and spot-checked against the vendor's reference."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, get_args

import pytest
from django.utils import translation

from ocrportal.catalogue import spec
from ocrportal.catalogue.spec import (
    ResultField,
    Service,
    Texts,
    categories,
    find_error,
    in_active_language,
    known_errors,
    regions,
    regions_of,
    services,
    services_elsewhere,
    services_in,
)

HAN = re.compile(r"[\u4e00-\u9fff]")
SERVICES = pytest.mark.parametrize("key", services())
ERRORS = pytest.mark.parametrize("entry", known_errors(), ids=lambda entry: entry.code)


def texts_of(data: Any) -> Iterator[Texts]:
    """Every text with its translation, anywhere in a file of the catalogue."""
    if isinstance(data, dict):
        if "en" in data:
            yield data
        else:
            for value in data.values():
                yield from texts_of(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts_of(value)


def all_fields(fields: tuple[ResultField, ...]) -> Iterator[ResultField]:
    for field in fields:
        yield field
        yield from all_fields(field.fields)


def test_the_catalogue_has_52_services():
    assert len(services()) == 52
    status = [service.status for service in services().values()]
    assert {name: status.count(name) for name in set(status)} == {
        "listed": 43,
        "unlisted": 5,
        "sale-stopped": 2,
        "withdrawn": 2,
    }


@pytest.mark.parametrize(
    ("region", "number"),
    [
        ("cn-north-4", 31),
        ("cn-north-1", 0),
        ("cn-east-3", 16),
        ("cn-south-1", 3),
        ("cn-southwest-2", 0),
        ("ap-southeast-1", 6),
        ("ap-southeast-2", 6),
        ("ap-southeast-3", 3),
        ("la-south-2", 2),
        ("la-north-2", 1),
        ("af-south-1", 0),
    ],
)
def test_each_region_lists_its_services_and_where_the_rest_is_offered(region, number):
    offered, elsewhere = services_in(region), services_elsewhere(region)
    assert len(offered) == number
    # All but the two that have been withdrawn, each in one place.
    assert len(offered) + len(elsewhere) == 50
    assert not set(offered) & set(elsewhere)
    assert regions()[region] not in [place for places in elsewhere.values() for place in places]


def test_all_regions_have_their_hosts():
    assert len(regions()) == 11
    for region in regions().values():
        assert region.ocr_host == f"ocr.{region.id}.myhuaweicloud.com"
        assert region.iam_host == f"iam.{region.id}.myhuaweicloud.com"
        assert region.obs_host == f"obs.{region.id}.myhuaweicloud.com"


def test_a_region_names_only_services_that_are_on_sale_and_each_of_these_has_one():
    named = {key for region in regions().values() for key in region.services}
    assert named == {key for key, entry in services().items() if entry.status == "listed"}


def test_bangkok_has_no_general_text_but_its_neighbours_do():
    assert "general-text" not in services_in("ap-southeast-2")
    places = services_elsewhere("ap-southeast-2")["general-text"]
    assert [place.id for place in places] == ["cn-north-4", "cn-east-3", "ap-southeast-1"]
    assert places == regions_of("general-text")


def test_only_a_service_without_region_has_a_note():
    for key, places in services_elsewhere("cn-north-4").items():
        assert bool(services()[key].note) == (not places)


def test_a_private_cloud_may_have_everything_that_was_not_withdrawn():
    offered = services_in("eu-de")
    assert len(offered) == 50
    assert not {"custom-template", "waybill-electronic"} & set(offered)
    assert services_elsewhere("eu-de") == {}


def test_general_text_is_offered_first_and_services_of_a_category_stand_together():
    assert next(iter(services())) == "general-text"
    order = [service.category for service in services().values()]
    assert list(dict.fromkeys(order)) == list(categories())
    assert order == sorted(order, key=list(categories()).index)


@pytest.mark.parametrize("name", ["services.json", "regions.json", "errors.json"])
def test_every_text_exists_in_both_languages(name):
    data = json.loads(files("ocrportal.catalogue").joinpath(name).read_text("utf-8"))
    for texts in texts_of(data):
        assert set(texts) == {"en", "zh-hans"}
        assert texts["en"].strip(), texts
        assert not HAN.search(texts["en"]), texts
        assert texts["zh-hans"].strip(), texts


@SERVICES
def test_each_service_has_a_hint_of_one_line(key):
    for hint in services()[key].hints.values():
        assert 4 <= len(hint) <= 90
        assert not hint.endswith((".", "。"))


@SERVICES
def test_options_are_typed_and_their_values_have_words(key):
    python_types = {"boolean": bool, "string": str, "integer": int}
    for option in services()[key].options:
        assert option.type in get_args(spec.OptionType)
        if option.default is not None:
            assert isinstance(option.default, python_types[option.type])
            assert option.allowed is None or option.default in option.allowed
        if option.portal_default is not None:
            assert type(option.portal_default) is type(option.default)
            assert option.portal_default != option.default
        assert option.type != "array<string>" or option.allowed
        assert set(option.allowed or ()) <= set(option.value_labels)
        for text in option.hints.values():
            assert text.endswith((".", "。"))


@SERVICES
def test_a_service_that_takes_a_picture_has_limits_for_it(key):
    service = services()[key]
    assert (service.image_field is None) == (service.limits is None)
    assert service.path.startswith("/v2/{project_id}/ocr/")
    assert (service.pdf is not None) == (
        service.limits is not None and "PDF" in service.limits.formats
    )
    if service.pdf and service.pdf.page_option:
        option = service.option(service.pdf.page_option)
        assert option is not None
        assert (option.type, option.default) == ("integer", 1)


def test_one_service_takes_no_picture():
    assert [key for key, entry in services().items() if entry.image_field is None] == [
        "invoice-verification"
    ]


def test_nine_services_read_pdf_in_three_ways():
    ways = {
        key: (entry.pdf.page_option, entry.pdf.all_pages)
        for key, entry in services().items()
        if entry.pdf
    }
    assert ways == {
        "general-text": ("pdf_page_number", False),
        "smart-document-recognizer": ("pdf_page_number", False),
        "seal": ("pdf_page_number", False),
        "auto-classification": ("pdf_page_number", False),
        "vat-invoice": ("page_num", False),
        "bank-receipt": ("page_num", False),
        "mvs-invoice": (None, False),
        "business-license": (None, False),
        "peru-id-card": (None, True),
    }


@pytest.mark.parametrize(
    ("key", "sides", "pixels"),
    [
        ("general-text", (15, 30000), 160_000_000),
        ("handwriting", (8, 8192), None),
        ("driver-license", (100, 8192), None),
        ("mvs-invoice", (100, 8000), None),
        ("taxi-invoice", (15, 4096), None),
    ],
)
def test_the_limits_of_pictures_are_the_documented_ones(key, sides, pixels):
    limits = services()[key].limits
    assert limits is not None
    assert (limits.min_side, limits.max_side) == sides
    assert limits.max_pixels == pixels
    assert limits.max_base64_bytes == 10 * 1024 * 1024


def test_the_portal_asks_for_the_direction_wherever_a_service_can_find_it():
    changed = {
        option.name: option.portal_default
        for service in services().values()
        for option in service.options
        if option.portal_default is not None
    }
    assert changed == {
        "detect_direction": True,
        "return_text_location": True,
        "return_confidence": True,
    }


def test_fields_are_labelled_by_their_path():
    card = services()["id-card"]
    assert card.label_of("front", "issue") == "issue"
    assert card.label_of("back", "issue") == "Issuing authority"
    with translation.override("zh-hans"):
        assert card.label_of("front", "name") == "姓名"
        assert services()["passport"].label_of("machine_code") == "machine_code"


@SERVICES
def test_no_field_is_labelled_with_its_raw_name(key):
    for field in all_fields(services()[key].fields):
        assert "_" not in field.label
        assert field.labels["zh-hans"] != field.name


def test_the_result_codes_of_an_invoice_check_have_a_meaning():
    codes = services()["invoice-verification"].result_codes
    assert list(codes) == [str(code) for code in range(1000, 1014)]
    assert in_active_language(codes["1002"]) == "The tax authority has no such invoice."
    assert not services()["vat-invoice"].result_codes


@ERRORS
def test_each_error_states_cause_and_remedy(entry):
    assert entry.next in get_args(spec.Next)
    for text in (*entry.causes.values(), *entry.remedies.values()):
        assert text.endswith((".", "。"))
        assert len(text) >= 5


@ERRORS
def test_each_error_is_found_by_its_message(entry):
    assert find_error(entry.code, entry.message) is entry


def test_the_reference_names_102_errors_and_7_conditions_and_we_know_more():
    codes = [entry.code for entry in known_errors()]
    assert codes.count("APIG.0201") == 7
    assert codes.count("APIG.0301") >= 5
    assert len(codes) >= 109


def test_an_error_code_with_another_text_is_still_found_and_an_unknown_one_is_not():
    entry = find_error("ModelArts.4204", "Access api error! Not subscribe this api.")
    assert entry is not None
    assert entry.next == "suspend-service"
    assert find_error("AIS.9999") is None


@pytest.mark.parametrize(
    ("code", "message", "step"),
    [
        ("AIS.0103", "", "shrink"),
        ("AIS.0104", "", "fail"),
        ("ModelArts.4603", "", "send-bytes"),
        ("ModelArts.4704", "", "send-bytes"),
        ("APIG.0308", "", "throttle"),
        ("ModelArts.4401", "", "throttle"),
        ("APIG.0201", "Backend timeout.,", "retry"),
        ("APIG.0201", "Request entity too large", "shrink"),
        ("APIG.0301", "token expires, expires_at: 2024", "renew-token"),
        ("APIG.0301", "verify aksk signature fail", "suspend-credential"),
        ("APIG.0301", "calc ak sk signature fail:signature expired", "suspend-credential"),
        ("APIG.0307", "", "renew-token"),
        ("AIS.0002", "The authentication token is abnormal.", "renew-token"),
        ("IAM:bad-credentials", "", "suspend-credential"),
        ("ModelArts.4202", "", "suspend-service"),
    ],
)
def test_what_the_portal_does_next_is_what_the_vendor_advises(code, message, step):
    entry = find_error(code, message)
    assert entry is not None
    assert entry.next == step


def test_texts_follow_the_language_of_the_reader():
    service: Service = services()["id-card"]
    option = service.option("side")
    assert option is not None
    with translation.override("zh-hans"):
        assert (service.name, categories()["bill"].name) == ("身份证识别", "发票与票据")
        assert option.label_of("front") == "正面或主页"
        assert regions()["cn-north-4"].name == "华北-北京四"
    with translation.override("fr"):
        assert (service.name, option.label) == ("ID Card (mainland China)", "Side")
        assert option.label_of("unheard-of") == "unheard-of"
