from dataclasses import replace

from ocrportal.catalogue.spec import services
from ocrportal.exporters.unplaced import unplaced_rows
from ocrportal.results import Field

from .pages import answered, line, page_of


def test_fields_without_a_place_are_told_with_their_labels():
    label = services()["vin"].label_of("vin")
    assert list(unplaced_rows(answered("vin"), services()["vin"])) == [
        f"{label}: JN8BYXXXXXXXX7207"
    ]


def test_what_a_line_tells_already_is_not_told_again():
    page = replace(page_of([line("姓名：小 明", 0, 0, 90, 20)]), fields=(Field(("姓名",), "小明"),))
    assert list(unplaced_rows(page, None)) == []
    assert list(unplaced_rows(answered("insurance-policy"), services()["insurance-policy"])) == []


def test_tables_and_text_without_a_place_are_told_row_by_row():
    assert list(unplaced_rows(answered("general-table"), services()["general-table"])) == [
        "文字区域识别文字块1",
        "表格区域识别文字块1 表格区域识别文字块2",
    ]
