"""The vendor's SDK works with the test cloud.

The test cloud accepts the requests of the SDK, and the SDK parses every response and error. This
shows that the test cloud follows the published protocol.
"""

import base64
import io
import json
from decimal import Decimal
from importlib.resources import files
from typing import Any

import huaweicloudsdkocr.v1 as sdk
import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import (
    ClientRequestException,
    SdkException,
    ServerResponseException,
    ServiceResponseException,
)
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkcore.utils.http_utils import sanitize_for_serialization
from PIL import Image
from requests.exceptions import ChunkedEncodingError

from ocrportal.catalogue.spec import KnownError, known_errors
from tests.conftest import SAMPLES
from tests.fakes.cloud import FakeCloud
from tests.fakes.cloud.throttle import MESSAGE

# The SDK calls a function that newer Python versions deprecate.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")

_CATALOGUE = json.loads(files("ocrportal.catalogue").joinpath("services.json").read_text("utf-8"))
SERVICES = {entry["key"]: entry for entry in _CATALOGUE["services"]}
REGION = "cn-north-4"
PARTNER = "a-partners-region"
MODELS = {name.lower(): model for name, model in vars(sdk).items()}
VERIFICATION = {"code": "", "number": "00000001", "issue_date": "2024-09-23"}
ANSWERED_BY_CLOUD = [
    entry
    for entry in known_errors()
    if not entry.code.startswith("portal:") and entry.code != "AIS.0000"
]


def client_for(
    cloud: FakeCloud,
    *,
    region: str = REGION,
    access_key: str = "",
    secret_key: str = "",
    project_id: str = "",
) -> sdk.OcrClient:
    keys = BasicCredentials(
        access_key or cloud.user.access_key,
        secret_key or cloud.user.secret_key,
        project_id or cloud.account.projects[region],
    )
    builder = sdk.OcrClient.new_builder().with_credentials(keys)
    return builder.with_endpoints([cloud.url]).build()


def picture(side: int = 200) -> str:
    file = io.BytesIO()
    Image.new("RGB", (side, side), "white").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def ask(client: sdk.OcrClient, service: str, **body: Any) -> Any:
    """Call a service with the SDK; without ``body``, with the minimal request."""
    entry = SERVICES[service]
    method = entry["sdk_method"]
    request = MODELS[f"{method.replace('_', '')}request"]
    model = MODELS[request.openapi_types["body"].lower()]
    field = entry["image_field"]
    body = body or ({field: picture()} if field else VERIFICATION)
    return getattr(client, method)(request(body=model(**body)))


def differences(parsed: Any, recorded: Any, path: str = "") -> list[str]:
    """The differences between the response as the SDK parsed it and the recorded one."""
    if isinstance(parsed, dict):
        return [
            difference
            for name, value in parsed.items()
            for difference in differences(value, recorded.get(name), f"{path}/{name}")
        ]
    if isinstance(parsed, list) and isinstance(recorded, list) and len(parsed) == len(recorded):
        return [
            difference
            for place, pair in enumerate(zip(parsed, recorded, strict=True))
            for difference in differences(*pair, f"{path}/{place}")
        ]
    # Numbers of free-form objects arrive as exact decimals.
    parsed = float(parsed) if isinstance(parsed, Decimal) else parsed
    return [] if parsed == recorded else [f"{path}: {parsed!r} is not {recorded!r}"]


@pytest.mark.parametrize("service", SERVICES)
def test_the_sdk_parses_the_response_of_each_service(cloud: FakeCloud, service: str):
    cloud.account.projects[PARTNER] = "0" * 32
    answer = ask(client_for(cloud, region=PARTNER), service)

    recorded = json.loads((SAMPLES / "cloud" / f"{service}.json").read_text("utf-8"))
    assert answer.status_code == 200
    assert answer.result
    assert differences(sanitize_for_serialization(answer.result), recorded["result"]) == []
    assert cloud.ledger.units >= 1


def test_the_sdk_looks_up_its_project_with_a_signed_request(cloud: FakeCloud):
    keys = BasicCredentials(cloud.user.access_key, cloud.user.secret_key)
    builder = sdk.OcrClient.new_builder().with_credentials(keys.with_iam_endpoint(cloud.url))
    ask(builder.with_region(Region(REGION, cloud.url)).build(), "id-card")

    asked = [(method, path) for method, path, _ in cloud.ledger.requests]
    project_id = cloud.account.projects[REGION]
    assert asked == [("GET", "/v3/projects"), ("POST", f"/v2/{project_id}/ocr/id-card")]
    assert cloud.ledger.refused_signatures == []


def test_temporary_keys_need_their_security_token(cloud: FakeCloud):
    cloud.user.security_token = "DUMMYSECURITYTOKEN=="
    with pytest.raises(ClientRequestException, match="verify aksk signature fail"):
        ask(client_for(cloud), "id-card")

    client = client_for(cloud)
    client.get_credentials().with_security_token(cloud.user.security_token)
    assert ask(client, "id-card").status_code == 200


@pytest.mark.parametrize(
    "known", ANSWERED_BY_CLOUD, ids=lambda known: f"{known.code} {known.message[:30]}"
)
def test_the_sdk_raises_each_error_with_code_message_and_status(
    cloud: FakeCloud, known: KnownError
):
    cloud.faults.fail(known.code, known.message, part="ocr")
    with pytest.raises(ServiceResponseException) as raised:
        ask(client_for(cloud), "id-card")

    error = raised.value
    kind = ServerResponseException if error.status_code >= 500 else ClientRequestException
    assert type(error) is kind
    assert error.error_msg == known.message
    assert known.status in (None, error.status_code)
    # The error code of IAM is the HTTP status.
    code = error.status_code if known.code.startswith("IAM:") else known.code
    assert error.error_code == code
    assert cloud.ledger.units == 0


@pytest.mark.parametrize("kind", ["reset", "truncate"])
def test_the_sdk_fails_after_a_network_fault(cloud: FakeCloud, kind: Any):
    cloud.faults.misbehave(kind)
    with pytest.raises((SdkException, ChunkedEncodingError)):
        ask(client_for(cloud), "id-card")


class TestAnInvalidRequest:
    def refusal(self, cloud: FakeCloud, service: str = "general-text", **body: Any) -> str:
        with pytest.raises(ServiceResponseException) as raised:
            ask(client_for(cloud), service, **body)
        assert cloud.ledger.units == 0
        return str(raised.value.error_code)

    def test_both_a_picture_and_an_address(self, cloud: FakeCloud):
        url = "https://example.com/a.png"
        assert self.refusal(cloud, image=picture(), url=url) == "AIS.0101"

    def test_neither_of_them(self, cloud: FakeCloud):
        assert self.refusal(cloud, detect_direction=True) == "AIS.0101"

    def test_a_picture_too_small(self, cloud: FakeCloud):
        assert self.refusal(cloud, image=picture(side=14)) == "AIS.0103"

    def test_a_picture_too_large_for_this_service_alone(self, cloud: FakeCloud):
        assert self.refusal(cloud, "taxi-invoice", image=picture(side=4097)) == "AIS.0103"
        assert ask(client_for(cloud), "id-card", image=picture(side=4097)).status_code == 200

    def test_a_prefix_before_the_picture(self, cloud: FakeCloud):
        assert self.refusal(cloud, image="data:image/png;base64," + picture()) == "AIS.0102"

    def test_data_that_is_not_an_image(self, cloud: FakeCloud):
        assert self.refusal(cloud, image=base64.b64encode(b"Hello").decode()) == "AIS.0102"

    def test_a_format_that_this_service_does_not_read(self, cloud: FakeCloud):
        pdf = base64.b64encode((SAMPLES / "rotated.pdf").read_bytes()).decode()
        assert self.refusal(cloud, "id-card", image=pdf) == "AIS.0102"
        assert ask(client_for(cloud), "general-text", image=pdf).status_code == 200

    def test_a_page_that_the_pdf_does_not_have(self, cloud: FakeCloud):
        pdf = base64.b64encode((SAMPLES / "rotated.pdf").read_bytes()).decode()
        assert self.refusal(cloud, image=pdf, pdf_page_number=999) == "AIS.0101"

    @pytest.mark.parametrize("value", ["true", 1])
    def test_an_option_of_the_wrong_type(self, cloud: FakeCloud, value: Any):
        assert self.refusal(cloud, image=picture(), detect_direction=value) == "AIS.0101"

    def test_a_value_that_an_option_does_not_know(self, cloud: FakeCloud):
        assert self.refusal(cloud, image=picture(), language="klingon") == "AIS.0101"

    def test_an_address_that_cannot_be_fetched(self, cloud: FakeCloud):
        url = "https://example.com/a.png"
        assert self.refusal(cloud, url=url) == "ModelArts.4603"
        cloud.internet[url] = (SAMPLES / "page_zh.png").read_bytes()
        assert ask(client_for(cloud), "general-text", url=url).status_code == 200

    def test_an_object_in_obs_that_cannot_be_read(self, cloud: FakeCloud):
        url = f"https://scans.obs.{REGION}.myhuaweicloud.com/a.png"
        assert self.refusal(cloud, url=url) == "ModelArts.4704"

    def test_more_than_the_gateway_lets_in(self, cloud: FakeCloud):
        assert self.refusal(cloud, image="A" * 12 * 1024 * 1024) == "APIG.0201"

    def test_a_service_that_the_region_does_not_offer(self, cloud: FakeCloud):
        assert self.refusal(cloud, "thailand-id-card") == "APIG.0101"

    def test_a_service_without_subscription(self, cloud: FakeCloud):
        cloud.account.not_subscribed.add("general-text")
        assert self.refusal(cloud) == "ModelArts.4204"

    def test_an_account_without_balance(self, cloud: FakeCloud):
        cloud.account.frozen = True
        assert self.refusal(cloud) == "APIG.0502"

    def test_one_call_too_many(self, cloud: FakeCloud):
        cloud.throttle.allow(2)
        for _ in range(2):
            ask(client_for(cloud), "id-card")
        with pytest.raises(ClientRequestException) as raised:
            ask(client_for(cloud), "id-card")
        assert (raised.value.status_code, raised.value.error_code) == (429, "APIG.0308")
        assert raised.value.error_msg == MESSAGE.format(limit=2)
        assert ask(client_for(cloud), "bankcard").status_code == 200

        cloud.clock.advance(60)
        assert ask(client_for(cloud), "id-card").status_code == 200


class TestASignature:
    def refusal(self, client: sdk.OcrClient) -> str:
        with pytest.raises(ClientRequestException) as raised:
            ask(client, "id-card")
        assert (raised.value.status_code, raised.value.error_code) == (401, "APIG.0301")
        return str(raised.value.error_msg).partition(": ")[2]

    def test_of_another_secret_key_is_refused(self, cloud: FakeCloud):
        client = client_for(cloud, secret_key=cloud.user.secret_key.lower())
        assert self.refusal(client) == "verify aksk signature fail"

    def test_of_an_unknown_access_key_is_refused(self, cloud: FakeCloud):
        client = client_for(cloud, access_key="EXAMPLEAK9876543210Z")
        assert self.refusal(client) == "verify aksk signature fail"

    @pytest.mark.parametrize("minutes", [-16, 16])
    def test_of_a_clock_that_is_wrong_is_refused(self, cloud: FakeCloud, minutes: int):
        cloud.skew_seconds = minutes * 60
        assert "signature expired" in self.refusal(client_for(cloud))

    def test_of_a_clock_that_is_slightly_wrong_is_taken(self, cloud: FakeCloud):
        cloud.skew_seconds = 14 * 60
        assert ask(client_for(cloud), "id-card").status_code == 200

    def test_that_was_wrong_six_times_locks_the_keys_for_five_minutes(self, cloud: FakeCloud):
        wrong = client_for(cloud, secret_key="wrong")
        for _ in range(5):
            self.refusal(wrong)
        assert ask(client_for(cloud), "id-card").status_code == 200

        for _ in range(6):
            self.refusal(wrong)
        assert self.refusal(client_for(cloud)) == "verify aksk signature fail"
        assert len(cloud.ledger.refused_signatures) == 12
        cloud.clock.advance(5 * 60)
        assert ask(client_for(cloud), "id-card").status_code == 200

    def test_is_refused_for_the_project_of_another_account(self, cloud: FakeCloud):
        with pytest.raises(ClientRequestException) as raised:
            ask(client_for(cloud, project_id="f" * 32), "id-card")
        assert raised.value.error_code == "APIG.0310"
