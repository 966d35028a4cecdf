import json
from typing import Any

import pytest

from ocrportal.results import (
    Attachment,
    Block,
    Cell,
    Char,
    Field,
    Line,
    PageResult,
    Table,
    Type,
    TypeRun,
    storable,
)

BOX = ((0.0, 0.0), (10.0, 0.0), (10.0, 4.0), (0.0, 4.0))
NUMBERS = [0.0, 0.0, 10.0, 0.0, 10.0, 4.0, 0.0, 4.0]
STORED = {
    "width": 100,
    "height": 50,
    "rotation": 90,
    "skew": -1.25,
    "engine": "local",
    "seconds": 0.5,
    "details": {"model": "m"},
    "lines": [
        {
            "text": "ab",
            "box": NUMBERS,
            "confidence": 0.9,
            "chars": [["a", 0.0, 0.5, 0.9], ["b", 0.5, 1.0, 0.9]],
            "runs": [[0.0, 1.0, 20.5, True, False, False, "#d9000d", "serif"]],
        }
    ],
    "tables": [
        {
            "rows": 1,
            "columns": 2,
            "box": NUMBERS,
            "cells": [["c", 0, 0, 1, 2, 0.8, None]],
            "doubts": [],
            "head_rows": 0,
            "ruled_edges": None,
        },
    ],
    "fields": [[["front", "name"], "张三", None, NUMBERS]],
    "blocks": [["title", "d", None]],
    "attachments": [["e.jpg", "image/jpeg", "/result/e"]],
}
RESULT = PageResult(
    100,
    50,
    lines=(
        Line(
            "ab",
            BOX,
            0.9,
            (Char("a", 0.0, 0.5, 0.9), Char("b", 0.5, 1.0, 0.9)),
            (TypeRun(0.0, 1.0, Type(20.5, bold=True, colour="#d9000d", font="serif")),),
        ),
    ),
    tables=(Table(1, 2, (Cell("c", 0, 0, 1, 2, 0.8),), box=BOX),),
    fields=(Field(("front", "name"), "张三", box=BOX),),
    blocks=(Block("title", "d"),),
    attachments=(Attachment("e.jpg", "image/jpeg", "/result/e"),),
    rotation=90,
    skew=-1.25,
    engine="local",
    seconds=0.5,
    details={"model": "m"},
)


def test_a_result_is_stored_as_compact_json_in_a_fixed_order():
    assert json.dumps(RESULT.to_dict()) == json.dumps(STORED)


def test_a_stored_result_is_read_back():
    assert PageResult.from_dict(STORED) == RESULT


def test_numbers_are_rounded_when_stored():
    box = tuple((x + 0.04, y + 0.01) for x, y in BOX)
    line = Line("a", box, 0.900_04, (Char("a", 0.000_04, 1.0, 0.5),))
    stored = PageResult(9, 9, (line,), skew=1.004, seconds=0.000_4).to_dict()
    assert (stored["skew"], stored["seconds"]) == (1.0, 0.0)
    assert stored["lines"] == [
        {
            "text": "a",
            "box": NUMBERS,
            "confidence": 0.9,
            "chars": [["a", 0.0, 1.0, 0.5]],
            "runs": [],
        }
    ]


def test_the_raw_response_is_stored_separately():
    assert "raw" not in PageResult(9, 9, (), raw={"a": 1}).to_dict()


def test_a_result_stored_before_tables_existed_is_read():
    old = {name: STORED[name] for name in list(STORED)[:8]}
    read = PageResult.from_dict(old)
    assert read.lines == RESULT.lines
    assert (read.tables, read.fields, read.blocks, read.attachments) == ((), (), (), ())


def test_a_table_stored_before_its_head_was_known_is_read():
    (table,) = STORED["tables"]
    old = {name: value for name, value in table.items() if name not in ("doubts", "head_rows")}
    assert PageResult.from_dict(STORED | {"tables": [old]}) == RESULT


@pytest.mark.parametrize("missing", ["width", "lines"])
def test_an_incomplete_stored_result_is_rejected(missing):
    data: dict[str, Any] = {name: value for name, value in STORED.items() if name != missing}
    with pytest.raises(ValueError, match=missing):
        PageResult.from_dict(data)


@pytest.mark.parametrize("damage", [{"box": None}, {"box": 1}, {"chars": None}, {"chars": [["a"]]}])
def test_a_damaged_stored_line_is_rejected(damage):
    (line,) = STORED["lines"]
    with pytest.raises(ValueError, match=next(iter(damage))):
        PageResult.from_dict(STORED | {"lines": [line | damage]})


def test_every_box_of_an_upright_result_is_rotated():
    upright = RESULT.upright()
    assert (upright.width, upright.height, upright.rotation) == (50, 100, 0)
    turned = ((50.0, 0.0), (50.0, 10.0), (46.0, 10.0), (46.0, 0.0))
    boxes = [*upright.lines, *upright.tables, *upright.fields]
    assert [part.box for part in boxes] == [turned] * 3
    assert upright.blocks == RESULT.blocks


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("张\0三", "张三"),
        ("half \ud83d and \ude00", "half ? and ?"),
        ("\U0001f600 \x01\t\ufffe", "\U0001f600 \x01\t\ufffe"),
        ({"na\0me": ["\0", {"x": "\udfff"}]}, {"name": ["", {"x": "?"}]}),
        ([1, 2.5, True, None, float("nan"), float("-inf")], [1, 2.5, True, None, None, None]),
    ],
)
def test_values_that_databases_reject_are_removed(value, stored):
    assert storable(value) == stored


def test_values_nested_too_deeply_are_rejected():
    endless: list = []
    endless.append(endless)
    with pytest.raises(ValueError, match="nested too deeply"):
        storable(endless)


WRONG_TYPES = [["x", False, False, False, "", ""], [9, 0, 0, 0, "", "odd"], [9]]


@pytest.mark.parametrize("wrong", WRONG_TYPES)
def test_an_unknown_type_is_refused(wrong):
    stored = json.loads(json.dumps(STORED))
    stored["lines"][0]["runs"] = [[0, 1, *wrong]]
    with pytest.raises(ValueError, match="not a list of type runs"):
        PageResult.from_dict(stored)
