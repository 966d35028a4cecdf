"""The smart document recogniser's parts, in one entry or spread over several."""

from .test_response import answer_of, read, values


def spread(answer: dict) -> dict:
    return {
        "result": [{part: value} for entry in answer["result"] for part, value in entry.items()]
    }


def test_parts_are_read_alike_in_one_entry_or_in_several():
    answer = answer_of("smart-document-recognizer.one-entry")
    together, apart = (read("smart-document-recognizer", a) for a in (answer, spread(answer)))
    assert together.to_dict() == apart.to_dict()
    assert [line.text for line in together.lines] == ["姓名", "小明"]


def test_a_key_and_its_value_are_a_field_with_the_place_of_both():
    page = read("smart-document-recognizer.one-entry")
    assert values(page) == {("姓名",): "小明"}
    assert page.fields[0].box == ((40, 40), (180, 40), (180, 70), (40, 70))


def test_tables_and_forms_are_tables_with_their_workbooks():
    page = read("smart-document-recognizer")
    table, form = page.tables
    assert [cell.text for cell in table.cells][1] == "Specifications and model"
    assert form.cells[0].column_span == 3
    assert [entry.pointer for entry in page.attachments] == [
        "/result/3/table_result/table_list/0/excel",
        "/result/2/form_result/form_list/0/excel",
    ]


def test_areas_of_the_layout_and_formulas_are_blocks():
    page = read("smart-document-recognizer")
    assert [block.kind for block in page.blocks] == ["title", "form", "table", "formula"]
    assert page.blocks[0].text == "VAT Special Invoice"
    assert page.blocks[-1].text.startswith("\\int _ { L }")


def test_a_formula_is_listed_once_even_if_the_layout_contains_it():
    answer = answer_of("smart-document-recognizer")
    area = {"type": "formula", "text": "x", "location": [[1, 1], [9, 9]], "formula_id": 0}
    answer["result"][1]["layout_result"]["layout_block_list"].append(area)
    kinds = [block.kind for block in read("smart-document-recognizer", answer).blocks]
    assert kinds.count("formula") == 1
