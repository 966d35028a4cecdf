import pytest

from ocrportal.errors.ingest import DamagedFile, PictureTooLarge
from ocrportal.ingest.base import Limits, Preprocessing
from tests.ingest.sources import SAMPLES, decoded, opened, read_only_page


def test_a_picture_of_a_phone_is_a_page() -> None:
    page = read_only_page("page.heic")
    assert (page.width, page.height, page.extension) == (595, 842, "jpg")
    shown = decoded(page).convert("L")
    assert shown.getpixel((5, 5)) > 200
    assert sum(shown.histogram()[:80]) > 5000


def test_every_picture_of_a_file_is_a_page() -> None:
    with opened("two.heic") as pages:
        sizes = [decoded(pages.read_page(number)).size for number in (1, 2)]
        assert pages.page_count == 2
    assert sizes == [(120, 80), (90, 140)]


def test_only_the_primary_picture_can_be_chosen() -> None:
    with opened("two.heic", preprocessing=Preprocessing(all_frames=False)) as pages:
        assert pages.page_count == 1
        assert decoded(pages.read_page(1)).size == (90, 140)


def test_a_picture_over_the_limit_does_not_affect_the_other() -> None:
    limits = Limits(max_bytes=10**6, max_pixels=10_000, max_pages=10)
    with opened("two.heic", limits=limits) as pages:
        with pytest.raises(PictureTooLarge):
            pages.read_page(2)
        assert pages.read_page(1).width == 120


def test_a_single_picture_over_the_limit_is_rejected_on_opening() -> None:
    limits = Limits(max_bytes=10**6, max_pixels=10_000, max_pages=10)
    with pytest.raises(PictureTooLarge), opened("page.heic", limits=limits):
        pass


@pytest.mark.parametrize("kept", [100, 1000, 60_000])
def test_a_truncated_file_is_damaged(kept: int) -> None:
    data = (SAMPLES / "page.heic").read_bytes()[:kept]
    with pytest.raises(DamagedFile), opened(data) as pages:
        pages.read_page(1)
