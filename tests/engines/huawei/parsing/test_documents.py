"""Pictures that hold several documents, seals or plates."""

from .test_response import read, values


def test_each_document_is_outlined_and_counted():
    page = read("auto-classification.mixed")
    assert [(block.kind, block.text) for block in page.blocks] == [
        ("document", "vat_invoice"),
        ("document", "taxi_invoice"),
    ]
    by_path = values(page)
    assert by_path["1", "content", "item_list", "1", "amount"] == "8400.00"
    assert by_path["2", "content", "total"] == "￥29.00"
    assert not [path for path in by_path if "status" in path]


def test_a_failed_document_has_its_reason_and_the_rest_is_kept():
    page = read("auto-classification")
    assert page.details["failed_items"] == [
        {
            "item": 3,
            "type": "quota_invoice",
            "code": "AIS.0104",
            "message": "The image is not supported or the image quality is poor.",
        }
    ]
    by_path = values(page)
    assert by_path["3", "status", "error_code"] == "AIS.0104"
    assert by_path["2", "content", "amount"] == "￥100.00"
    assert len(page.blocks) == 3


def test_a_register_has_a_confidence_for_what_is_in_its_pages():
    (found,) = [
        entry
        for entry in read("household-register").fields
        if entry.path == ("1", "content", "household_type")
    ]
    assert (found.value, found.confidence) == ("非农业家庭户", 0.9987)


def test_a_plate_is_printed_where_its_outline_is():
    page = read("license-plate.two")
    assert [(line.text, line.confidence) for line in page.lines] == [
        ("京AXXXX1", 0.9911),
        ("沪ADXXXX2", 0.9544),
    ]
    assert [block.kind for block in page.blocks] == ["plate", "plate"]
    assert values(page)["2", "plate_color"] == "green"


def test_seals_have_a_kind_their_texts_and_their_picture():
    page = read("seal")
    by_path = values(page)
    assert by_path["seal_list", "1", "type"] == "circle"
    assert by_path["seal_list", "1", "words", "2"] == "合同专用章"
    assert [entry.name for entry in page.attachments] == [
        "seal_list-1-seal_image.jpg",
        "erased_seal_image.jpg",
    ]
    assert [line.text for line in page.lines] == ["示例科技有限公司", "合同专用章", "张三"]
    assert [block.kind for block in page.blocks] == ["seal", "seal"]


def test_receipts_keep_the_keys_printed_on_them():
    by_path = values(read("bank-receipt"))
    assert by_path["bank_receipt_list", "2", "收款人户名"] == "李四"


def test_a_picture_without_documents_is_an_empty_page():
    page = read("license-plate", {"result": []})
    assert (page.fields, page.blocks, page.details) == ((), (), {})
