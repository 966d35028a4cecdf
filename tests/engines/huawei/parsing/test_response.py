"""Answers of the cloud become results: every service, and whatever else may come."""

import base64
import copy
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocrportal.catalogue.spec import services
from ocrportal.engines.huawei.parsing.response import MalformedResponse, parse_response
from ocrportal.results import Attachment, Block, PageResult

ANSWERS = Path(__file__).parents[3] / "samples" / "cloud"
NAMES = sorted(path.stem for path in ANSWERS.glob("*.json"))


def answer_of(name: str) -> dict:
    return json.loads((ANSWERS / f"{name}.json").read_text("utf-8"))


def read(name: str, answer: dict | None = None, size: int = 4000, scale: float = 1.0) -> PageResult:
    service = services()[name.split(".")[0]]
    return parse_response(
        service,
        answer_of(name) if answer is None else answer,
        width=size,
        height=size,
        scale_x=scale,
        scale_y=scale,
    )


def values(page: PageResult) -> dict[tuple[str, ...], str]:
    return {field.path: field.value for field in page.fields}


def pointed_at(answer: object, attachment: Attachment) -> bytes:
    node = answer
    for name in attachment.pointer.split("/")[1:]:
        node = node[int(name)] if isinstance(node, list) else node[name]
    return base64.b64decode(node, validate=True)


def test_every_service_has_an_answer_to_learn_from():
    assert {name for name in NAMES if "." not in name} == set(services())


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_is_read_into_the_shape_its_service_promises(name):
    page = read(name)
    kind = services()[name.split(".")[0]].kind
    if kind in ("text_blocks", "fields_and_text_blocks"):
        assert page.lines or name == "general-text.empty"
    if kind in ("table_regions", "smart_document"):
        assert page.tables
    if kind in ("fields", "fields_and_text_blocks", "document_list", "dynamic"):
        assert page.fields
    assert page.raw == answer_of(name)
    assert PageResult.from_dict(json.loads(json.dumps(page.to_dict()))).to_dict() == page.to_dict()


@pytest.mark.parametrize("name", NAMES)
def test_every_file_within_an_answer_is_found_by_its_pointer(name):
    text = json.dumps(answer_of(name))
    page = read(name)
    files = text.count('_image": "') + text.count('"excel": "')
    assert len(page.attachments) == files
    assert len({entry.name for entry in page.attachments}) == files
    for entry in page.attachments:
        data = pointed_at(page.raw, entry)
        if entry.name.endswith(".xlsx"):
            assert data.startswith(b"PK")
        else:
            assert (entry.media_type, data[:2]) == ("image/jpeg", b"\xff\xd8")
    assert not [value for value in values(page).values() if len(value) > 200]


@pytest.mark.parametrize("name", NAMES)
def test_no_plain_value_of_a_card_or_bill_is_lost(name):
    if services()[name.split(".")[0]].kind not in ("fields", "dynamic"):
        return
    by_path = set(values(read(name)).values())

    def check(node, key=""):
        if isinstance(node, dict):
            for inner, value in node.items():
                if inner not in ("confidence", "text_location"):
                    check(value, inner)
        elif isinstance(node, list):
            for value in node:
                check(value, key)
        elif isinstance(node, str) and node.strip() and not key.endswith("_image"):
            assert node.strip() in by_path

    check(answer_of(name)["result"])


def test_boxes_are_in_pixels_of_the_page_picture():
    (line,) = read("general-text.upright", size=100, scale=2.5).lines
    assert line.box == ((37.5, 37.5), (75, 37.5), (75, 75), (37.5, 75))


def test_places_beyond_the_page_end_at_its_edge():
    (line,) = read("general-text.upright", size=20).lines
    assert line.box[2] == (20, 20)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ([["1", "2"], ["5", "2"], ["5", "4"], ["1", "4"]], ((1, 2), (5, 2), (5, 4), (1, 4))),
        ([[1, 2], [5, 4]], ((1, 2), (5, 2), (5, 4), (1, 4))),
        ([[1, 2], [5, 2], [6, 3], [5, 4], [1, 4]], ((1, 2), (6, 2), (6, 4), (1, 4))),
    ],
)
def test_places_are_read_however_they_are_written(location, expected):
    answer = {"result": {"words_block_list": [{"words": "中文", "location": location}]}}
    (line,) = read("general-text", answer).lines
    assert line.box == expected


@pytest.mark.parametrize(
    "location", [None, "x", [], [1, 2, 3, 4], [[1, 1]] * 4, [[1], [2]], [[1, None]] * 4]
)
def test_text_without_a_usable_place_is_kept_as_a_block(location):
    answer = {"result": {"words_block_list": [{"words": "中文", "location": location}]}}
    page = read("general-text", answer)
    assert (page.lines, page.blocks) == ((), (Block("text", "中文"),))


def test_confidences_are_kept_and_missing_ones_count_as_certain():
    assert [line.confidence for line in read("handwriting").lines] == [0.98, 0.99]
    assert read("general-text.upright").lines[0].confidence == 1.0


def test_characters_lie_along_their_line():
    first, second = read("general-text.characters").lines
    assert [(char.text, round(char.start, 3), round(char.end, 3)) for char in first.chars] == [
        ("会", 0, 0.25),
        ("议", 0.25, 0.5),
        ("纪", 0.5, 0.75),
        ("要", 0.75, 1),
    ]
    assert "".join(char.text for char in second.chars) == second.text == "Minutes 2024"


def test_blanks_that_the_characters_leave_out_are_filled_in():
    answer = answer_of("general-text.characters")
    block = answer["result"]["words_block_list"][1]
    block["char_list"] = [char for char in block["char_list"] if char["char"] != " "]
    chars = read("general-text", answer).lines[1].chars
    assert "".join(char.text for char in chars) == "Minutes 2024"
    assert chars[7].start == pytest.approx(7 / 12)
    assert chars[7].end == pytest.approx(8 / 12)


def test_characters_that_do_not_join_to_the_text_are_left_out():
    assert read("general-text").lines[0].chars == ()


@pytest.mark.parametrize(
    ("name", "rotation"),
    [("general-text", 270), ("general-text.sideways", 90), ("general-text.upright", 0)],
)
def test_the_page_is_turned_so_that_its_lines_can_be_read(name, rotation):
    page = read(name)
    assert page.rotation == rotation
    (ax, ay), (bx, by) = page.upright().lines[0].box[:2]
    assert abs(by - ay) < bx - ax


@pytest.mark.parametrize(("direction", "rotation"), [(90, 270), (268.9, 90), (-1, 0), (None, 0)])
def test_a_page_without_lines_is_rotated_by_its_direction(direction, rotation):
    answer = {"result": {"direction": direction, "words_block_list": []}}
    assert read("general-text", answer).rotation == rotation


def test_the_skew_of_a_page_comes_from_its_lines():
    location = [[0, 0], [1000, 35], [999, 75], [-1, 40]]
    answer = {"result": {"words_block_list": [{"words": "a long line", "location": location}]}}
    assert read("general-text", answer).skew == pytest.approx(-2.0, abs=0.01)


def test_a_column_of_text_reads_downwards_on_an_upright_page():
    location = [[100, 0], [140, 0], [140, 200], [100, 200]]
    answer = {"result": {"words_block_list": [{"words": "大江东去", "location": location}]}}
    page = read("handwriting", answer)
    assert page.rotation == 0
    assert page.lines[0].box[:2] == ((140, 0), (140, 200))


def test_text_that_the_cloud_joined_is_kept_beside_the_lines():
    assert read("general-text.markdown").blocks == (Block("markdown", "申请单\n部门\t财务部"),)


def test_extracted_values_of_a_screenshot_are_fields():
    by_path = values(read("web-image.extracted"))
    assert by_path["extracted_data", "contact_info", "phone"] == "13800000000"
    assert not [path for path in by_path if "image_size" in path]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"result": None},
        {"result": "text"},
        {"result": []},
        {"result": {}},
        {"result": {"words_block_list": {}}},
    ],
)
def test_an_answer_without_the_container_of_its_kind_is_malformed(answer):
    with pytest.raises(MalformedResponse):
        read("general-text", answer)


def test_what_no_database_keeps_is_taken_out():
    answer = {"result": {"name": "张\0三\ud800", "score_info": {"blur_score": float("nan")}}}
    page = read("id-card", answer)
    assert page.raw == {"result": {"name": "张三?", "score_info": {"blur_score": None}}}
    assert values(page) == {("name",): "张三?"}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["words", "location", "rows", "columns", "confidence", "key", "value", "x"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


def containers(node: object) -> list:
    """Every object and list within an answer, itself included."""
    if isinstance(node, dict):
        return [node, *(found for value in node.values() for found in containers(value))]
    if isinstance(node, list):
        return [node, *(found for value in node for found in containers(value))]
    return []


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_answer_however_broken_breaks_the_reader(data):
    name = data.draw(st.sampled_from(NAMES))
    answer = copy.deepcopy(answer_of(name))
    for _ in range(data.draw(st.integers(1, 4))):
        places = [node for node in containers(answer) if node]
        if not places:
            break
        node = data.draw(st.sampled_from(places))
        key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
        if data.draw(st.booleans()):
            node[key] = data.draw(anything)
        else:
            del node[key]
    try:
        page = read(name, answer)
    except MalformedResponse:
        return
    json.dumps(page.to_dict(), allow_nan=False)
    json.dumps(page.raw, allow_nan=False).encode()
    for line in page.lines:
        assert not line.chars or "".join(char.text for char in line.chars) == line.text
    for table in page.tables:
        taken = [
            (row, column)
            for cell in table.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        ]
        assert len(taken) == len(set(taken))
        assert max(taken) < (table.rows, table.columns)
