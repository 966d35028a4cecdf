import io

import pytest

from ocrportal.ingest.bounded_reader import BoundedReader, ReadLimitExceeded


def test_reads_are_limited_together() -> None:
    reader = BoundedReader(io.BytesIO(b"abcdef"), 4)
    assert reader.read(2) == b"ab"
    assert reader.read(2) == b"cd"
    with pytest.raises(ReadLimitExceeded):
        reader.read(1)


@pytest.mark.parametrize("size", [-1, 10**9])
def test_a_larger_request_reads_a_short_file_to_its_end(size: int) -> None:
    assert BoundedReader(io.BytesIO(b"abcd"), 4).read(size) == b"abcd"
    with pytest.raises(ReadLimitExceeded):
        BoundedReader(io.BytesIO(b"abcde"), 4).read(size)


def test_a_huge_request_reads_only_one_byte_over_the_limit() -> None:
    file = io.BytesIO(bytes(1000))
    with pytest.raises(ReadLimitExceeded):
        BoundedReader(file, 4).read(10**9)
    assert file.tell() == 5


def test_the_limit_can_be_removed() -> None:
    reader = BoundedReader(io.BytesIO(b"abcdef"), 2)
    reader.remove_limit()
    assert reader.read() == b"abcdef"
