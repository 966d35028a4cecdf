import pytest

from ocrportal.exporters.language import language_of


@pytest.mark.parametrize(
    ("texts", "tag"),
    [
        (["这是中文。"], "zh-CN"),
        (["安装 Python 和 LibreOffice"], "zh-CN"),
        (["An English text that mentions 中文 once."], "en-US"),
        (["english", "中文中文中文"], "zh-CN"),
        (["123"], "en-US"),
        ([], "en-US"),
    ],
)
def test_the_script_of_most_of_the_text_decides(texts, tag):
    assert language_of(texts) == tag
