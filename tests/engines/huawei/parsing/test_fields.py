"""Cards, bills and forms: named values with their place and confidence."""

import pytest

from ocrportal.results import Field

from .test_response import read, values


def field(page, *path: str) -> Field:
    (found,) = [entry for entry in page.fields if entry.path == path]
    return found


def test_a_card_is_its_values_by_name():
    assert values(read("bankcard")) == {
        ("bank_name",): "XX银行",
        ("card_number",): "XXXX XXXX XXXX XXXX",
        ("issue_date",): "12/10",
        ("expiry_date",): "12/20",
    }


def test_an_empty_value_is_not_a_field():
    assert ("type",) not in values(read("bankcard"))


def test_each_value_has_the_confidence_of_its_name():
    page = read("bankcard")
    assert field(page, "card_number").confidence == 0.8562
    assert page.confidence == pytest.approx(0.89, abs=0.01)


def test_values_without_a_confidence_are_read_all_the_same():
    assert field(read("id-card"), "number") == Field(("number",), "610XXXXXXXXXXXXXXX")


def test_a_confidence_above_one_is_ignored():
    answer = {"result": {"number": "1", "confidence": {"number": 1.9856}}}
    assert field(read("vat-invoice", answer), "number").confidence is None


def test_items_of_a_bill_are_counted_from_one():
    page = read("vat-invoice")
    assert field(page, "item_list", "1", "name") == Field(
        ("item_list", "1", "name"), "食品A", 0.9779
    )
    assert field(page, "seller_seal", "2").value == "91440300736259277E"
    assert field(page, "seller_seal", "2").confidence == 0.9914


def test_yes_and_no_are_values():
    page = read("id-card.full")
    assert field(page, "verification_result", "valid_number").value == "true"
    assert field(page, "detect_copy_result").value == "false"
    assert field(page, "score_info", "blur_score").value == "83"


def test_both_sides_of_a_card_stay_apart():
    by_path = values(read("id-card.double"))
    assert by_path["front", "name"] == "张三"
    assert by_path["back", "valid_to"] == "2034-08-26"


def test_places_beside_the_values_are_theirs_and_make_them_lines():
    page = read("vat-invoice.located")
    name = field(page, "item_list", "1", "name")
    assert name.box == ((100, 2000), (260, 2000), (260, 2040), (100, 2040))
    assert ("食品A", name.box) in [(line.text, line.box) for line in page.lines]
    assert len(page.lines) == len([entry for entry in page.fields if entry.box])


def test_values_that_come_with_their_place_are_read():
    page = read("insurance-policy")
    assert field(page, "insurance_list", "2", "payment_amount").value == "1450元"
    assert all(entry.box for entry in page.fields)


def test_portraits_are_outlined_not_listed():
    page = read("id-card.full")
    assert [block.kind for block in page.blocks] == ["portrait"]
    assert not [path for path in values(page) if "location" in path[-1]]


def test_unknown_values_are_fields_under_their_own_names():
    assert values(read("passport.foreign"))["machine_code2",].startswith("EP435XXXX7ETF")
    assert values(read("passport"))["extra_info", "local_language", "name"] == "张三"


def test_what_a_nested_value_shares_with_another_is_its_name_and_not_its_confidence():
    page = read("passport")
    assert field(page, "sex").confidence == 0.9897
    assert field(page, "extra_info", "local_language", "sex").confidence is None


def test_the_outcome_of_a_verification_is_a_field():
    by_path = values(read("invoice-verification.mismatch"))
    assert by_path["result_code",] == "1003"
    assert "inconsistent" in by_path["result_message",]


def test_a_template_of_ones_own_gives_its_own_names():
    page = read("custom-template")
    assert values(page) == {
        ("invoice_title",): "出库单",
        ("order_number",): "CK-2024-0017",
        ("operator",): "李四",
    }
    assert field(page, "operator").box is not None


def test_health_codes_have_values_and_lines():
    page = read("health-code")
    assert field(page, "reached_city", "2").value == "广州市"
    assert [line.text for line in page.lines][:2] == ["健康码", "张*"]
