"""What the upload page promises of the embedded engine is in the alphabet of its model."""

import pytest

from ocrportal.engines.local.models import Network


@pytest.fixture(scope="module")
def alphabet() -> set[str]:
    network = Network(
        "rapidocr", "models/PP-OCRv6_rec_small.onnx", mean=(0,) * 3, scale=(1,) * 3, threads=1
    )
    return set(network.metadata("character").splitlines())


@pytest.mark.parametrize(
    "letters",
    [
        "简体中文识别",
        "繁體中文辨識臺灣",
        "ひらがなカタカナ漢字",
        "äöüßàâæçéèêëîïôœùûÿáíóúñãõìò",
        "ąćęłńóśźżáčďéěíňřšťúůýžçğıİşåæøőűăâîșț",
    ],
)
def test_the_languages_named_on_the_upload_page_are_in_the_alphabet(alphabet, letters):
    assert set(letters) <= alphabet


@pytest.mark.parametrize("letters", ["한국어", "русский", "عربي"])
def test_the_scripts_named_as_not_read_are_not_in_the_alphabet(alphabet, letters):
    assert not set(letters) & alphabet
