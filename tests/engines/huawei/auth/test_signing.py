"""Signatures: the vectors of the reference, and equality with the official SDK."""

import copy
from urllib.parse import quote

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocrportal.engines.huawei.auth.signing import authorization, canonical_request

ACCESS_KEY = "EXAMPLEAK0123456789A"
SECRET_KEY = "ExampleSecretKey0123456789abcdefABCDEF01"
DATE = "20240923T081530Z"
PROJECT = "0123456789abcdef0123456789abcdef"
HOST = "ocr.cn-north-4.myhuaweicloud.com"


def sign(method: str, url: str, headers: dict[str, str], body: bytes) -> str:
    return authorization(method, url, headers, body, access_key=ACCESS_KEY, secret_key=SECRET_KEY)


VECTOR_A = (
    "POST",
    f"https://{HOST}/v2/{PROJECT}/ocr/general-text",
    {
        "Content-Type": "application/json",
        "Host": HOST,
        "X-Project-Id": PROJECT,
        "X-Sdk-Date": DATE,
    },
    b'{"image":"aGVsbG8=","detect_direction":false}',
)
VECTOR_B = (
    "POST",
    f"https://ocr.ap-southeast-2.myhuaweicloud.com/v2/{PROJECT}/ocr/web-image",
    {
        "Content-Type": "application/json",
        "Enterprise-Project-Id": "0",
        "Host": "ocr.ap-southeast-2.myhuaweicloud.com",
        "X-Project-Id": PROJECT,
        "X-Sdk-Date": DATE,
        "X-Security-Token": "DUMMYSECURITYTOKEN==",
    },
    b'{"url":"https://example-bucket.obs.ap-southeast-2.myhuaweicloud.com/scan%201.png"}',
)
VECTOR_C = (
    "GET",
    "https://iam.cn-north-4.myhuaweicloud.com/v3/projects?name=cn-north-4",
    {
        "Content-Type": "application/json",
        "Host": "iam.cn-north-4.myhuaweicloud.com",
        "X-Sdk-Date": DATE,
    },
    b"",
)


@pytest.mark.parametrize(
    ("request_parts", "signed", "signature"),
    [
        (
            VECTOR_A,
            "content-type;host;x-project-id;x-sdk-date",
            "4f8e3ec49e173b4a486f80f9d66d71357343bbedac553b6aa3f05d449e004f70",
        ),
        (
            VECTOR_B,
            "content-type;enterprise-project-id;host;x-project-id;x-sdk-date;x-security-token",
            "37530da62cd2f2dd18649a737123d0cf8d257bbeb05aea61816ddf1c834bcdf0",
        ),
        (
            VECTOR_C,
            "content-type;host;x-sdk-date",
            "9d81887b903aee7ead34268d1e8218929f4264a07179c87043a542d06b5b15a0",
        ),
    ],
    ids=["a picture", "temporary keys and enterprise project", "project look-up"],
)
def test_signatures_equal_the_reference_vectors(request_parts, signed, signature):
    assert sign(*request_parts) == (
        f"SDK-HMAC-SHA256 Access={ACCESS_KEY}, SignedHeaders={signed}, Signature={signature}"
    )


def test_the_canonical_request_is_the_published_one():
    method, url, headers, body = VECTOR_A
    assert canonical_request(
        method, url, {name.lower(): value for name, value in headers.items()}, body
    ) == (
        "POST\n"
        f"/v2/{PROJECT}/ocr/general-text/\n"
        "\n"
        "content-type:application/json\n"
        f"host:{HOST}\n"
        f"x-project-id:{PROJECT}\n"
        f"x-sdk-date:{DATE}\n"
        "\n"
        "content-type;host;x-project-id;x-sdk-date\n"
        "06f6acdb6c593e1b55fe370d128578ec827d5781cdae5ecfa6525ce50fb8d259"
    )


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12) | st.text(
    "文字识别 a+&=%/~?#", max_size=8
)
VALUE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


# A busy machine must not fail it: neither limit is about the code.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    method=st.sampled_from(["GET", "POST", "put", "DELETE"]),
    segments=st.lists(TEXT, max_size=5),
    query=st.lists(st.tuples(TEXT.filter(bool), TEXT), max_size=6),
    body=st.binary(max_size=60) | TEXT.map(str.encode),
    project=st.none() | VALUE,
    security_token=st.none() | VALUE,
    enterprise_project=st.none() | VALUE,
    keys=st.tuples(VALUE, VALUE),
)
def test_signs_whatever_request_as_the_official_sdk_does(
    method, segments, query, body, project, security_token, enterprise_project, keys
):
    access_key, secret_key = keys
    path = "/" + "/".join(quote(segment, safe="") for segment in segments)
    pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query)
    headers = {"Content-Type": "application/json", "X-Sdk-Date": DATE, "Host": HOST}
    if enterprise_project is not None:
        headers["Enterprise-Project-Id"] = enterprise_project

    theirs = SdkRequest(method, "https", HOST, path, None, list(query), copy.copy(headers), body)
    credentials = BasicCredentials(access_key, secret_key, project)
    credentials.security_token = security_token
    credentials.sign_request(theirs)

    if project is not None:
        headers["X-Project-Id"] = project
    if security_token is not None:
        headers["X-Security-Token"] = security_token
    ours = authorization(
        method,
        f"https://{HOST}{path}?{pairs}",
        headers,
        body,
        access_key=access_key,
        secret_key=secret_key,
    )
    assert ours == theirs.header_params["Authorization"]
