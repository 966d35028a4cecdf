from django.utils.translation import override

from ocrportal.catalogue.spec import services
from ocrportal.layout.field_labels import label_of, shown_value

VAT_INVOICE = services()["vat-invoice"]


def test_the_label_of_an_items_value_is_that_of_the_catalogue():
    expected = VAT_INVOICE.label_of("item_list", "tax")
    assert label_of(VAT_INVOICE, ("item_list", "2", "tax")) == expected


def test_a_label_is_in_the_active_language():
    with override("zh-hans"):
        assert label_of(VAT_INVOICE, ("number",)) == "发票号码"


def test_a_name_is_found_at_another_level_of_the_catalogue():
    service = services()["auto-id-doc-classification"]
    expected = service.label_of("alarm_result", "detect_blur_result")
    assert label_of(service, ("alarm_confidence", "detect_blur_result")) == expected


def test_a_service_without_fields_uses_the_labels_of_related_services():
    verification = services()["invoice-verification"]
    assert label_of(verification, ("seller_name",)) == VAT_INVOICE.label_of("seller_name")


def test_an_item_that_is_a_single_value_has_a_label():
    several = services()["auto-classification"]
    assert label_of(several, ("1", "content"), "vat_invoice")
    assert label_of(several, ("1", "remark"), "vat_invoice")


def test_values_of_other_fields_are_unchanged():
    assert shown_value(VAT_INVOICE, ("number",), "1003") == "1003"
    assert shown_value(services()["auto-classification"], ("1", "type"), "new_kind") == "new_kind"
