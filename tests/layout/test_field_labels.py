from django.utils.translation import override

from ocrportal.catalogue.spec import services
from ocrportal.layout.field_labels import label_of, shown_value

VAT_INVOICE = services()["vat-invoice"]


def test_a_label_is_the_catalogues_whatever_the_item():
    expected = VAT_INVOICE.label_of("item_list", "tax")
    assert label_of(VAT_INVOICE, ("item_list", "2", "tax")) == expected


def test_a_label_is_in_the_active_language():
    with override("zh-hans"):
        assert label_of(VAT_INVOICE, ("number",)) == "发票号码"


def test_a_name_of_another_level_is_known_all_the_same():
    service = services()["auto-id-doc-classification"]
    expected = service.label_of("alarm_result", "detect_blur_result")
    assert label_of(service, ("alarm_confidence", "detect_blur_result")) == expected


def test_a_service_without_names_of_its_own_uses_those_of_its_relatives():
    verification = services()["invoice-verification"]
    assert label_of(verification, ("seller_name",)) == VAT_INVOICE.label_of("seller_name")


def test_an_item_that_is_a_bare_value_is_called_what_it_is():
    several = services()["auto-classification"]
    assert label_of(several, ("1", "content"), "vat_invoice")
    assert label_of(several, ("1", "remark"), "vat_invoice")


def test_values_are_left_as_they_are_printed():
    assert shown_value(VAT_INVOICE, ("number",), "1003") == "1003"
    assert shown_value(services()["auto-classification"], ("1", "type"), "new_kind") == "new_kind"
