import numpy as np
import pytest

from ocrportal.engines.local.punctuation import with_punctuation
from ocrportal.engines.local.recognition import Reading, TextRegion
from ocrportal.results import Char

ROW = np.array([[0, 0], [200, 0], [200, 30], [0, 30]], np.float32)
COLUMN = np.array([[30, 0], [30, 200], [0, 200], [0, 0]], np.float32)


def read(text: str, corners: np.ndarray = ROW) -> str:
    chars = tuple(Char(letter, 0.0, 1.0, 1.0) for letter in text)
    reading = with_punctuation(TextRegion(corners, Reading(text, 1.0, chars))).reading
    assert reading.text == "".join(char.text for char in reading.chars)
    return reading.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("单位:", "单位："),
        ("备注:无", "备注：无"),
        ("婚否:■已婚□未婚", "婚否：■已婚□未婚"),
        ("你好,是吗?好!行;", "你好，是吗？好！行；"),
        ("(二)附件", "（二）附件"),
        ("甲方(以下称A)的", "甲方（以下称A）的"),
    ],
)
def test_punctuation_between_chinese_characters_is_full_width(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "时间10:30",
        "比例1:2",
        "共1,000元",
        "http://例.cn",
        "用Python,然后",
        "E-mail:",
        "结果(test)如下",
        "姓名: 张三",
        "f(中)",
        ":)",
    ],
)
def test_other_punctuation_stays(text: str) -> None:
    assert read(text) == text


def test_a_comma_of_vertical_text_is_read_at_the_top_of_its_strip() -> None:
    assert read("开放时间’尤其", COLUMN) == "开放时间，尤其"
    assert read("开放时间’尤其", ROW) == "开放时间’尤其"
