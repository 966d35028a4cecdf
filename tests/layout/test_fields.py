from ocrportal.catalogue.spec import services
from ocrportal.layout.fields import Entry, FieldGroup, ItemTable, group_fields
from ocrportal.results import Field
from tests.exporters.pages import answered

ID_CARD = services()["id-card"]


def _grouped(name: str) -> list[FieldGroup | ItemTable]:
    return group_fields(answered(name).fields, services()[name.split(".")[0]])


def _rows(group: FieldGroup | ItemTable) -> list[tuple[str, str]]:
    assert isinstance(group, FieldGroup)
    return [(entry.label, entry.value) for entry in group.entries]


def test_the_values_of_a_card_are_one_group_without_a_title():
    field = Field(("name",), "张三", 0.9)
    (group,) = group_fields([field], ID_CARD)
    assert group == FieldGroup("", (Entry(ID_CARD.label_of("name"), "张三", (field,)),))


def test_each_side_of_a_card_is_a_group():
    front, back = _grouped("id-card.double")
    assert [group.title for group in (front, back)] == [
        ID_CARD.label_of("front"),
        ID_CARD.label_of("back"),
    ]
    assert _rows(back)[0] == (ID_CARD.label_of("back", "issue"), "XX省XX市XX区XX派出所")


def test_several_values_of_a_name_are_one_entry():
    service = services()["business-card"]
    (group, *_) = _grouped("business-card")
    phone = next(entry for entry in group.entries if entry.label == service.label_of("phone"))
    assert phone.value == "+XX XXX XXXX XXXX; XXXX XXXXXXXXX"
    assert len(phone.fields) == 2


def test_items_are_a_table_with_a_column_for_each_value():
    _, journeys = _grouped("flight-itinerary")
    assert isinstance(journeys, ItemTable)
    assert len(journeys.rows) == 2
    assert [entry.value for entry in journeys.rows[1]][:2] == ["广州", "上海虹桥"]
    assert all(len(row) == len(journeys.columns) for row in journeys.rows)


def test_a_missing_value_of_an_item_is_an_empty_cell():
    fields = [Field(("1", "plate_number"), "京A"), Field(("2", "plate_color"), "blue")]
    (plates,) = group_fields(fields, services()["license-plate"])
    assert isinstance(plates, ItemTable)
    assert [[entry.value for entry in row] for row in plates.rows] == [["京A", ""], ["", "blue"]]


def test_items_with_printed_keys_are_groups():
    first, second = _grouped("bank-receipt")
    assert [first.title[-1], second.title[-1]] == ["1", "2"]
    assert _rows(second)[1] == ("付款人户名", "示例贸易有限公司")


def test_a_key_printed_twice_is_two_entries():
    (group,) = group_fields([Field(("金额",), "1"), Field(("金额",), "2")], None)
    assert _rows(group) == [("金额", "1"), ("金额", "2")]


def test_each_document_on_an_image_is_a_group_with_the_labels_of_its_type():
    first, items, second = _grouped("auto-classification.mixed")
    vat, taxi = services()["vat-invoice"], services()["taxi-invoice"]
    assert (first.title, second.title) == ("Document 1", "Document 2")
    assert _rows(first)[0][1] == vat.name
    assert (vat.label_of("number"), "60543XXX") in _rows(first)
    assert (taxi.label_of("total"), "￥29.00") in _rows(second)
    assert isinstance(items, ItemTable)
    assert items.columns[0] == vat.label_of("item_list", "name")


def test_booleans_are_shown_as_yes_and_no():
    group = _grouped("id-card.full")[1]
    assert [value for _, value in _rows(group)] == ["yes", "yes", "yes", "no"]


def test_the_result_code_of_a_verification_has_a_description():
    (group,) = _grouped("invoice-verification.mismatch")
    assert "1003: differs from the tax authority's data" in [value for _, value in _rows(group)]


def test_names_not_in_the_catalogue_are_written_with_spaces():
    (group,) = group_fields([Field(("machine_code_line",), "P<ETF")], ID_CARD)
    assert _rows(group) == [("Machine code line", "P<ETF")]


def test_a_page_without_fields_has_no_groups():
    assert group_fields([], ID_CARD) == []
