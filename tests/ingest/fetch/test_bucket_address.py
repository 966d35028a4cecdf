"""Addresses of objects in buckets."""

import pytest

from ocrportal.errors.ingest import BadObjectAddress
from ocrportal.ingest.fetch.bucket_address import (
    ObjectAddress,
    is_bucket_name,
    parse_object_address,
)

OBS = "https://scans-2026.obs.cn-north-4.myhuaweicloud.com"


@pytest.mark.parametrize("scheme", ["obs", "s3", "OBS"])
def test_bucket_and_key_are_literal(scheme):
    where = parse_object_address(f" {scheme}://scans-2026/2026/合同 50%.pdf ")
    assert where == ObjectAddress(bucket="scans-2026", key="2026/合同 50%.pdf")
    assert where.name == "合同 50%.pdf"


@pytest.mark.parametrize("zone", ["com", "cn"])
def test_a_web_address_of_obs_contains_the_region(zone):
    host = f"obs.ap-southeast-2.myhuaweicloud.{zone}"
    assert parse_object_address(
        f"https://b.ox.{host}/a%20b/%E5%90%88%E5%90%8C.pdf"
    ) == ObjectAddress(
        bucket="b.ox", key="a b/合同.pdf", region="ap-southeast-2", endpoint=f"https://{host}"
    )


@pytest.mark.parametrize(
    "query",
    [
        "AccessKeyId=AK&Expires=1&Signature=s",
        "AWSAccessKeyId=AK&Expires=1&Signature=s",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=s",
    ],
)
def test_a_signed_address_is_detected_by_its_parameters(query):
    where = parse_object_address(f"{OBS}/a.pdf?{query}")
    assert where is not None
    assert (where.is_presigned, where.region) == (True, "cn-north-4")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a.pdf",
        "https://example.org/a.pdf",
        "ftp://scans-2026/a.pdf",
        f"{OBS}/a.pdf?x-image-process=image/resize,w_100",
        f"{OBS}:8443/a.pdf",
        "https://obs.cn-north-4.myhuaweicloud.com/scans-2026/a.pdf",
        "https://user:pw@scans-2026.obs.cn-north-4.myhuaweicloud.com/a.pdf",
        "https://scans-2026.obs.cn-north-4.myhuaweicloud.com.example.org/a.pdf",
        "https://[::1",
    ],
)
def test_other_addresses_are_not_object_addresses(address):
    assert parse_object_address(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "obs://scans-2026",
        "obs://scans-2026/",
        "obs://scans-2026/folder/",
        "obs:///a.pdf",
        "obs://Scans/a.pdf",
        "obs://evil.example.org:80@x/a.pdf",
        "obs://scans-2026/a\tb.pdf",
        "obs://scans-2026/" + "纸" * 342,
        f"{OBS}/",
    ],
)
def test_an_address_without_an_object_is_rejected_with_an_example(address):
    with pytest.raises(BadObjectAddress, match=r"obs://bucket/folder/scan\.pdf"):
        parse_object_address(address)


def test_a_key_may_have_1024_bytes():
    key = "纸" * 341 + "x"
    assert parse_object_address(f"obs://scans-2026/{key}") == ObjectAddress("scans-2026", key)


@pytest.mark.parametrize(
    ("name", "fits"), [("abc", True), ("a.b-c", True), ("ab", False), ("a..b", False)]
)
def test_a_bucket_name_is_a_valid_host_name(name, fits):
    assert is_bucket_name(name) is fits
