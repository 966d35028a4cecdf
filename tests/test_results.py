import pytest

from ocrportal.results import storable


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("张\0三", "张三"),
        ("half \ud83d and \ude00", "half ? and ?"),
        ("\U0001f600 \x01\t\ufffe", "\U0001f600 \x01\t\ufffe"),
        ({"na\0me": ["\0", {"x": "\udfff"}]}, {"name": ["", {"x": "?"}]}),
        ([1, 2.5, True, None, float("nan"), float("-inf")], [1, 2.5, True, None, None, None]),
    ],
)
def test_what_no_database_keeps_is_left_out(given, kept):
    assert storable(given) == kept


def test_what_is_nested_without_end_is_refused():
    endless: list = []
    endless.append(endless)
    with pytest.raises(ValueError, match="nested too deeply"):
        storable(endless)
