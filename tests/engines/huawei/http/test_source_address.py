"""Which addresses the cloud is given instead of a picture."""

import pytest

from ocrportal.engines.cloud import CloudAccess
from ocrportal.engines.huawei.http.source_address import can_fetch, encoded

ACCESS = CloudAccess(kind="aksk", region="cn-north-4", secret="SK")
OWN_CLOUD = CloudAccess(
    kind="aksk", region="cn-north-4", secret="SK", ocr_endpoint="https://ocr.office.example"
)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.com/scan.png",
        "http://example.com:8080/扫描 1.png?x=1",
        "https://93.184.216.34/scan.png",
        "https://archive.obs.cn-north-4.myhuaweicloud.com/scans/1.png",
        "https://archive.obs.cn-north-4.myhuaweicloud.com/1.png?AccessKeyId=A&Expires=1&Signature=x",
    ],
)
def test_public_files_and_those_of_the_same_region_are_fetched(address: str):
    assert can_fetch(ACCESS, address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "scan.png",
        "ftp://example.com/scan.png",
        "obs://archive/scan.png",
        "https://clerk:word@example.com/scan.png",
        "https://archive.obs.cn-east-3.myhuaweicloud.com/1.png",
        "https://obs.cn-north-4.myhuaweicloud.com/archive/1.png",
        "https://图片.example/scan.png",
        "http://localhost/scan.png",
        "http://scanner/scan.png",
        "http://scanner.local/scan.png",
        "http://127.0.0.1/scan.png",
        "http://10.0.0.7/scan.png",
        "http://[::1]/scan.png",
        "http://169.254.169.254/latest",
    ],
)
def test_other_files_are_sent_as_bytes(address: str):
    assert not can_fetch(ACCESS, address)


def test_a_cloud_of_ones_own_may_reach_what_is_not_public():
    assert can_fetch(OWN_CLOUD, "http://10.0.0.7/scan.png")
    assert not can_fetch(OWN_CLOUD, "ftp://10.0.0.7/scan.png")


def test_chinese_and_blanks_are_percent_encoded_and_what_is_encoded_stays():
    address = "https://example.com/扫描 1%20a.png?name=值&x=%2F#part"
    assert encoded(address) == (
        "https://example.com/%E6%89%AB%E6%8F%8F%201%20a.png?name=%E5%80%BC&x=%2F"
    )
