"""What a request shows: a token, or a signature over exactly what is sent."""

import re

import requests
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest

from ocrportal.engines.huawei.auth.authorization import AkSkAuth, TokenAuth
from tests.engines.huawei.scripted import Asked, ScriptedCloud


def sdk_signature(asked: Asked, *, access_key: str, secret_key: str) -> str:
    """The signature the official SDK gives to a request as the server saw it."""
    signed = re.search(r"SignedHeaders=([^,]+)", asked.headers["Authorization"])
    assert signed is not None
    path, _, query = asked.path.partition("?")
    pairs = [tuple(pair.split("=")) for pair in query.split("&") if pair]
    headers = {name: asked.headers[name] for name in signed[1].split(";")}
    theirs = SdkRequest(
        asked.method, "http", headers["host"], path, None, pairs, headers, asked.body
    )
    BasicCredentials(access_key, secret_key).sign_request(theirs)
    return theirs.header_params["Authorization"]


def test_a_token_goes_into_its_header_and_nothing_is_signed(cloud: ScriptedCloud):
    requests.post(f"{cloud.url}/v2/p/ocr/general-text", auth=TokenAuth("TOKEN"), timeout=5)
    (asked,) = cloud.asked
    assert asked.headers["X-Auth-Token"] == "TOKEN"
    assert "Authorization" not in asked.headers


def test_keys_sign_the_request_as_it_arrives(cloud: ScriptedCloud):
    requests.post(
        f"{cloud.url}/v2/p/ocr/general-text?a=1",
        data='{"image":"文字"}'.encode(),
        headers={"Content-Type": "application/json", "Enterprise-Project-Id": "0"},
        auth=AkSkAuth("AK", "SK"),
        timeout=5,
    )
    (asked,) = cloud.asked
    assert asked.headers["Authorization"] == sdk_signature(asked, access_key="AK", secret_key="SK")
    assert (
        "SignedHeaders=content-type;enterprise-project-id;host;x-sdk-date,"
        in (asked.headers["Authorization"])
    )
    assert "X-Security-Token" not in asked.headers


def test_temporary_keys_send_their_token_signed(cloud: ScriptedCloud):
    auth = AkSkAuth("AK", "SK", "SECURITY==")
    requests.get(f"{cloud.url}/v3/projects?name=cn-north-4", auth=auth, timeout=5)
    (asked,) = cloud.asked
    assert asked.headers["X-Security-Token"] == "SECURITY=="
    assert asked.headers["Authorization"] == sdk_signature(asked, access_key="AK", secret_key="SK")
    assert "SignedHeaders=host;x-sdk-date;x-security-token," in asked.headers["Authorization"]


def test_the_host_that_is_signed_leaves_out_a_login_in_the_address():
    request = requests.Request("GET", "http://name:word@example.com:8443/v3/projects")
    prepared = AkSkAuth("AK", "SK")(request.prepare())
    assert prepared.headers["Host"] == "example.com:8443"


def test_what_proxies_change_is_not_signed(cloud: ScriptedCloud):
    requests.post(f"{cloud.url}/v2/p", data=b"{}", auth=AkSkAuth("AK", "SK"), timeout=5)
    (asked,) = cloud.asked
    assert "SignedHeaders=host;x-sdk-date," in asked.headers["Authorization"]
    assert asked.headers["User-Agent"]
