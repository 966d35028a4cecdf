"""The cloud engine: the contract, what it sends, and what it does with each refusal."""

import base64
import dataclasses
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from ocrportal.catalogue.spec import services
from ocrportal.engines import cloud_engine_for, services_of
from ocrportal.engines.base import Engine, Origin
from ocrportal.engines.cloud import CallReport, Cloud, CloudAccess
from ocrportal.engines.huawei.engine import HuaweiEngine
from ocrportal.engines.local.engine import LocalEngine
from ocrportal.errors.engine import CloudRefused, CredentialRefused, EngineError, PictureUnfit
from ocrportal.results import PageResult
from tests.engines.contract import PAGE_EN, SERVICE, EngineContract, texts
from tests.engines.huawei.scripted import READ, Canned, MemoryTokens, ScriptedCloud, error
from tests.fakes.cloud import FakeCloud

TEXT = services()["general-text"]
TABLE = services()["general-table"]
RECEIPT = services()["bank-receipt"]
SHRINK = error("AIS.0103", "The image size does not meet the requirements.")
ADDRESS = "https://www.example.com/scan.png"


def access_to(cloud: FakeCloud) -> CloudAccess:
    return CloudAccess(
        kind="aksk",
        region="cn-north-4",
        secret=cloud.user.secret_key,
        access_key=cloud.user.access_key,
        project_id=cloud.account.projects["cn-north-4"],
        ocr_endpoint=cloud.url,
        iam_endpoint=cloud.url,
    )


class TestHuaweiEngine(EngineContract):
    @pytest.fixture(scope="class")
    @staticmethod
    def fake(local_engine: LocalEngine) -> Iterator[FakeCloud]:
        with FakeCloud(engine=local_engine) as cloud:
            yield cloud

    @pytest.fixture
    def engine(self, fake: FakeCloud) -> Engine:
        cloud = Cloud(access_to(fake), MemoryTokens(), lambda call: None)
        return cloud_engine_for("huawei", cloud)

    def read(self, engine: Engine, image: Image.Image) -> PageResult:
        """As the portal asks, which has a file of each page picture, but for odd pictures."""
        plain = image.format is None and image.mode in ("L", "RGB")
        origin = Origin(data=as_file(image, "PNG") if plain else b"")
        options = {"detect_direction": True, "character_mode": True}
        return engine.recognise(image, SERVICE, options, origin)


@pytest.fixture
def engine(by_token: CloudAccess, tokens: MemoryTokens, reports: list[CallReport]) -> HuaweiEngine:
    return HuaweiEngine(by_token, tokens, reports.append)


@pytest.fixture
def page() -> Image.Image:
    return Image.effect_noise((900, 600), 60)


def as_file(picture: Image.Image, kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def one_line(*box: int) -> Canned:
    """An answer with one line in the box of these sent pixels: left, top, right, bottom."""
    left, top, right, bottom = box
    location = [[left, top], [right, top], [right, bottom], [left, bottom]]
    block = {"words": "line", "location": location, "confidence": 0.9}
    result = {"direction": 0.0, "words_block_count": 1, "words_block_list": [block]}
    return Canned(200, {"result": result}, {"X-Request-Id": "request-1"})


def picture_in(question: dict[str, Any], name: str = "image") -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(question[name])))


def pdf_origin(number: int = 2, dpi: float = 300.0, size: int = 0) -> Origin:
    return Origin(data=b"", read_pdf=lambda: b"%PDF-1.7" + b"0" * size, pdf_page=number, dpi=dpi)


def test_sends_the_pictures_own_file_and_the_options(
    cloud: ScriptedCloud, engine: HuaweiEngine, page: Image.Image
):
    data = as_file(page)
    engine.recognise(page, TEXT, {"language": "en", "read_pdf": True}, Origin(data=data))
    (asked,) = cloud.asked
    assert asked.json == {"language": "en", "image": base64.b64encode(data).decode()}


def test_details_contain_service_region_and_request_id(
    cloud: ScriptedCloud, engine: HuaweiEngine, page: Image.Image
):
    result = engine.recognise(page, TEXT, {})
    assert result.engine == "huawei"
    assert result.seconds > 0
    assert result.raw == READ
    assert result.details == {
        "service": "general-text",
        "region": "cn-north-4",
        "request_id": "request-1",
        "sent": "picture",
    }


def test_keeps_what_the_reader_found_beside(cloud: ScriptedCloud, engine: HuaweiEngine, samples):
    body = json.loads((samples / "cloud" / "auto-classification.json").read_text())
    cloud.answers = [Canned(200, body)]
    result = engine.recognise(Image.new("L", (200, 200)), services()["auto-classification"], {})
    assert result.details["failed_items"]
    assert result.details["sent"] == "picture"


def test_each_service_gets_its_picture_in_the_field_it_reads(
    cloud: ScriptedCloud, engine: HuaweiEngine, page: Image.Image
):
    cloud.answers = [Canned(200, {"result": []})]
    engine.recognise(page, RECEIPT, {})
    assert cloud.asked[0].path.endswith("/ocr/bank-receipt")
    assert list(cloud.asked[0].json) == ["data"]


def test_a_service_that_takes_no_picture_gets_the_options_alone(
    cloud: ScriptedCloud, engine: HuaweiEngine, page: Image.Image
):
    options = {"code": "1", "number": "2", "issue_date": "2024-01-01"}
    cloud.answers = [Canned(200, {"result": {"result_code": "1000"}})]
    result = engine.recognise(page, services()["invoice-verification"], options)
    assert cloud.asked[0].json == options
    assert result.details["sent"] == "options"


@pytest.mark.parametrize(
    "refusal",
    [
        SHRINK,
        error("ModelArts.4104", "Invalid Request Content Length."),
        Canned(413, b"<html>"),
    ],
)
def test_an_oversized_picture_is_sent_again_with_half_the_pixels(
    cloud: ScriptedCloud, engine: HuaweiEngine, page: Image.Image, refusal: Canned
):
    cloud.answers = [refusal, one_line(70, 70, 140, 105)]
    result = engine.recognise(page, TEXT, {})
    first, second = (picture_in(asked.json).size for asked in cloud.asked)
    assert first == (900, 600)
    assert second == (630, 420)
    assert result.lines[0].box[0] == pytest.approx((100, 100), abs=0.5)
    assert result.lines[0].box[2] == pytest.approx((200, 150), abs=0.5)


def test_what_is_too_large_twice_fails(
    cloud: ScriptedCloud, engine: HuaweiEngine, page: Image.Image
):
    cloud.answers = [SHRINK]
    with pytest.raises(CloudRefused):
        engine.recognise(page, TEXT, {})
    assert len(cloud.asked) == 2


def test_other_refusals_of_a_picture_are_final(
    cloud: ScriptedCloud, engine: HuaweiEngine, page: Image.Image
):
    cloud.answers = [error("AIS.0104", "The image is not supported.")]
    with pytest.raises(CloudRefused):
        engine.recognise(page, TEXT, {})
    assert len(cloud.asked) == 1


def test_keeps_no_pixels_in_memory_while_it_waits_for_answers(
    cloud: ScriptedCloud, engine: HuaweiEngine
):
    cloud.answers = [SHRINK, one_line(10, 10, 20, 20)]
    file = io.BytesIO()
    Image.effect_noise((3000, 2400), 80).save(file, "PNG")  # too many bytes to go as they are
    with Image.open(file) as page:
        engine.recognise(page, TEXT, {}, Origin(file.getvalue()))
        assert page.tile  # what Pillow has still to decode: all of it


def test_passes_the_address_of_a_public_picture(
    cloud: ScriptedCloud, engine: HuaweiEngine, page: Image.Image
):
    cloud.answers = [one_line(10, 10, 20, 20)]
    result = engine.recognise(page, TEXT, {"language": "en"}, Origin(b"", ADDRESS))
    (asked,) = cloud.asked
    assert asked.json == {"language": "en", "url": ADDRESS}
    assert result.details["sent"] == "address"
    assert result.lines[0].box[0] == (10, 10)


@pytest.mark.parametrize(
    "refusal",
    [
        error("ModelArts.4601", "The URL is not allowed."),
        error("ModelArts.4603", "Obtaining the file from the URL failed."),
        error("ModelArts.4704", "Obtaining the file from the OBS failed."),
        error("ModelArts.4705", "The file stored on the OBS is oversized."),
        error("AIS.0102", "The image format is not supported."),
        SHRINK,
    ],
)
def test_sends_the_bytes_where_the_address_is_of_no_use(
    cloud: ScriptedCloud, engine: HuaweiEngine, page: Image.Image, refusal: Canned
):
    cloud.answers = [refusal, Canned(200, READ)]
    result = engine.recognise(page, TEXT, {}, Origin(b"", ADDRESS))
    assert [list(asked.json) for asked in cloud.asked] == [["url"], ["image"]]
    assert result.details["sent"] == "picture"


def test_a_file_that_is_not_there_fails(
    cloud: ScriptedCloud, engine: HuaweiEngine, page: Image.Image
):
    cloud.answers = [error("ModelArts.4706", "The Obs file is not exist.")]
    with pytest.raises(CloudRefused):
        engine.recognise(page, TEXT, {}, Origin(b"", ADDRESS))
    assert len(cloud.asked) == 1


@pytest.mark.parametrize(
    ("address", "size"),
    [
        (ADDRESS, (9000, 600)),
        (ADDRESS, (600, 10)),
        ("https://archive.obs.cn-east-3.myhuaweicloud.com/1.png", (900, 600)),
        ("", (900, 600)),
    ],
)
def test_sends_bytes_where_the_service_would_refuse_the_address(
    cloud: ScriptedCloud, engine: HuaweiEngine, address: str, size: tuple[int, int]
):
    cloud.answers = [Canned(200, {"result": {"words_region_list": []}})]
    engine.recognise(Image.new("L", size, 255), TABLE, {}, Origin(b"", address))
    assert [list(asked.json) for asked in cloud.asked] == [["image"]]


@pytest.mark.parametrize(
    ("service", "page_option", "field", "dpi"),
    [("general-text", "pdf_page_number", "image", 144), ("bank-receipt", "page_num", "data", 200)],
)
def test_lets_the_service_draw_a_pdf_page_and_maps_its_pixels_back(
    cloud: ScriptedCloud,
    engine: HuaweiEngine,
    page: Image.Image,
    service: str,
    page_option: str,
    field: str,
    dpi: int,
):
    origin = pdf_origin(number=3, dpi=dpi * 2.0)
    cloud.answers = [
        one_line(10, 20, 30, 40) if service == "general-text" else Canned(200, {"result": []})
    ]
    result = engine.recognise(page, services()[service], {"read_pdf": True}, origin)
    (asked,) = cloud.asked
    assert asked.json == {field: base64.b64encode(b"%PDF-1.7").decode(), page_option: 3}
    assert result.details["sent"] == "pdf"
    for line in result.lines:
        assert line.box[0] == (20, 40)


def test_a_pdf_too_large_for_the_service_is_sent_as_a_picture_of_the_page(
    cloud: ScriptedCloud, engine: HuaweiEngine, page: Image.Image
):
    origin = pdf_origin(size=8 * 1024 * 1024)
    result = engine.recognise(page, TEXT, {"read_pdf": True}, origin)
    assert picture_in(cloud.asked[0].json).size == page.size
    assert "pdf_page_number" not in cloud.asked[0].json
    assert result.details["sent"] == "picture"


def test_a_pdf_whose_page_the_service_finds_too_large_is_sent_as_a_picture(
    cloud: ScriptedCloud, engine: HuaweiEngine, page: Image.Image
):
    cloud.answers = [SHRINK, Canned(200, READ)]
    result = engine.recognise(page, TEXT, {"read_pdf": True}, pdf_origin())
    assert result.details["sent"] == "picture"


def test_a_pdf_that_cannot_be_read_fails(
    cloud: ScriptedCloud, engine: HuaweiEngine, page: Image.Image
):
    cloud.answers = [error("AIS.0104", "The image is not supported.")]
    with pytest.raises(CloudRefused):
        engine.recognise(page, TEXT, {"read_pdf": True}, pdf_origin())
    assert len(cloud.asked) == 1


@pytest.mark.parametrize(
    ("service", "number", "field"),
    [
        ("business-license", 1, "pdf"),
        ("business-license", 2, "picture"),
        ("peru-id-card", 1, "picture"),
        ("passport", 1, "picture"),
    ],
)
def test_a_pdf_is_sent_only_where_the_service_reads_just_this_page(
    cloud: ScriptedCloud,
    engine: HuaweiEngine,
    page: Image.Image,
    service: str,
    number: int,
    field: str,
):
    cloud.answers = [Canned(200, {"result": {"name": "X"}})]
    result = engine.recognise(page, services()[service], {"read_pdf": True}, pdf_origin(number))
    assert result.details["sent"] == field


def test_an_answer_of_another_kind_fails_the_page_for_good(
    cloud: ScriptedCloud, engine: HuaweiEngine, page: Image.Image, reports: list[CallReport]
):
    cloud.answers = [Canned(200, {"result": "nothing to read here"})]
    with pytest.raises(CloudRefused) as caught:
        engine.recognise(page, TEXT, {})
    assert caught.value.params["cloud_code"] == "portal:answer-malformed"
    assert [call.units for call in reports] == [1]


def test_a_picture_that_no_service_reads_is_not_sent(cloud: ScriptedCloud, engine: HuaweiEngine):
    with pytest.raises(PictureUnfit):
        engine.recognise(Image.new("L", (60_000, 20), 255), TABLE, {})
    assert cloud.asked == []


def test_a_damaged_picture_is_an_error_of_the_engine_whenever_it_is_decoded(
    cloud: ScriptedCloud, engine: HuaweiEngine, samples: Path
):
    cloud.answers = [SHRINK]
    data = (samples / "truncated.jpg").read_bytes()
    for origin in (Origin(), Origin(data=data)):
        with Image.open(io.BytesIO(data)) as picture, pytest.raises(EngineError) as caught:
            engine.recognise(picture, TEXT, {}, origin)
        assert type(caught.value) is EngineError


def test_keys_with_stray_blanks_are_an_error_of_the_engine(
    by_keys: CloudAccess, tokens: MemoryTokens, page: Image.Image
):
    access = dataclasses.replace(by_keys, access_key="THE KEY")
    with pytest.raises(CredentialRefused):
        HuaweiEngine(access, tokens, lambda call: None).recognise(page, TEXT, {})


CLOUD_SERVICES = list(services_of("huawei"))


@pytest.mark.parametrize("key", CLOUD_SERVICES)
def test_every_service_takes_what_is_sent_and_is_read(key: str):
    service = services()[key]
    required = {"code": "144031939110", "number": "46590020", "issue_date": "2024-01-01"}
    options = {option.name: required[option.name] for option in service.options if option.required}
    with FakeCloud() as fake:
        # A partner's region offers what no public one does any more.
        fake.account.projects["partner-1"] = "f" * 32
        access = dataclasses.replace(access_to(fake), region="partner-1", project_id="f" * 32)
        engine = HuaweiEngine(access, MemoryTokens(), lambda call: None)
        result = engine.recognise(Image.effect_noise((1200, 800), 60), service, options)
        (call,) = fake.ledger.calls
    assert (call.status, call.why) == (200, "")
    assert result.lines or result.fields or result.tables or result.blocks


def test_a_page_read_from_its_pdf_has_its_boxes_on_our_picture(
    local_engine: LocalEngine, samples: Path
):
    """The service's own reading of the file and that of our picture say the same places."""
    page = Image.open(samples / "page_en.tif").convert("L")
    file = io.BytesIO()
    page.save(file, "PDF", resolution=100)
    with pypdfium2.PdfDocument(file.getvalue()) as document:
        ours = document[0].render(scale=300 / 72).to_pil()
    with FakeCloud(engine=local_engine) as fake:
        engine = HuaweiEngine(access_to(fake), MemoryTokens(), lambda call: None)
        origin = Origin(read_pdf=file.getvalue, dpi=300.0)
        by_file = engine.recognise(ours, TEXT, {"read_pdf": True}, origin)
        by_picture = engine.recognise(ours, TEXT, {})
    assert texts(by_file) == texts(by_picture) == PAGE_EN
    for found, line in zip(by_file.lines, by_picture.lines, strict=True):
        for point, other in zip(found.box, line.box, strict=True):
            assert point == pytest.approx(other, abs=12)
