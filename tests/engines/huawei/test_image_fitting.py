"""What is sent to the cloud: the page's own file where it fits, else no less than legible."""

import io

import numpy as np
import pytest
from PIL import Image

from ocrportal.catalogue.spec import Limits, services
from ocrportal.engines.huawei.image_fitting import (
    CARD_BYTES,
    PAGE_BYTES,
    FittedPicture,
    fit,
    smaller,
    target_bytes,
)
from ocrportal.errors.engine import PictureUnfit

LIMITS = Limits(("JPEG", "JPG", "PNG"), 15, 4096, None, 10 * 1024 * 1024)


def file_of(image: Image.Image, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def noise(width: int, height: int) -> Image.Image:
    """A picture that no format makes small."""
    values = np.random.default_rng(0).integers(0, 256, (height, width), dtype=np.uint8)
    return Image.fromarray(values)


def opened(fitted: FittedPicture) -> Image.Image:
    return Image.open(io.BytesIO(fitted.data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_file_that_fits_is_sent_untouched(kind):
    image = Image.new("RGB", (800, 600), "white")
    data = file_of(image, kind)
    assert fit(image, data, LIMITS, CARD_BYTES) == FittedPicture(data, 800, 600, 1.0, 1.0)


def test_a_format_the_service_does_not_take_becomes_a_jpeg():
    image = Image.new("RGB", (800, 600), "white")
    fitted = fit(image, file_of(image, "PNG"), Limits(("JPG",), 15, 4096, None, 10**7), CARD_BYTES)
    assert opened(fitted).format == "JPEG"
    assert (fitted.width, fitted.height, fitted.scale_x, fitted.scale_y) == (800, 600, 1.0, 1.0)


def test_a_picture_without_a_file_of_its_own_is_encoded():
    assert opened(fit(Image.new("L", (80, 60)), b"", LIMITS, CARD_BYTES)).size == (80, 60)


def test_sides_and_pixels_are_brought_within_the_limits():
    image = Image.new("L", (6000, 3000), 255)
    fitted = fit(image, file_of(image), LIMITS, PAGE_BYTES)
    assert opened(fitted).size == (fitted.width, fitted.height) == (4096, 2048)
    few = Limits(("JPG",), 15, 30000, 2_000_000, 10**7)
    fitted = fit(image, file_of(image), few, PAGE_BYTES)
    assert 1_900_000 < fitted.width * fitted.height <= 2_000_000


def test_a_point_of_the_sent_picture_is_found_again_on_the_page():
    image = Image.new("L", (5000, 3000), 255)
    image.paste(0, (2500, 1200, 2600, 1300))
    fitted = fit(image, b"", LIMITS, PAGE_BYTES)
    left, top, right, bottom = opened(fitted).point(lambda value: 255 * (value < 128)).getbbox()
    box = (
        left * fitted.scale_x,
        top * fitted.scale_y,
        right * fitted.scale_x,
        bottom * fitted.scale_y,
    )
    assert box == pytest.approx((2500, 1200, 2600, 1300), abs=2)


def test_a_picture_too_small_gets_white_at_the_right_and_below():
    image = Image.new("L", (60, 40), 0)
    fitted = fit(image, file_of(image), Limits(("JPG",), 100, 4096, None, 10**7), CARD_BYTES)
    sent = opened(fitted)
    assert (sent.size, fitted.scale_x, fitted.scale_y) == ((100, 100), 1.0, 1.0)
    assert sent.getpixel((10, 10)) < 20
    assert sent.getpixel((90, 90)) > 235


def test_a_large_file_is_made_lighter_before_it_is_made_smaller():
    image = noise(1100, 1100)
    fitted = fit(image, file_of(image, "PNG"), LIMITS, CARD_BYTES)
    assert (fitted.width, fitted.height) == (1100, 1100)
    assert len(fitted.data) <= CARD_BYTES


@pytest.mark.parametrize(("target", "floor"), [(CARD_BYTES, 1024), (PAGE_BYTES, 2000)])
def test_shrinking_ends_where_print_would_become_illegible(target, floor):
    image = noise(4000, 3000)
    fitted = fit(image, b"", LIMITS, target)
    assert floor <= max(fitted.width, fitted.height) < 4000
    assert len(fitted.data) <= LIMITS.max_base64_bytes * 3 / 4


def test_the_limit_of_bytes_is_kept_even_below_that():
    strict = Limits(("JPG",), 15, 4096, None, 100_000)
    assert len(fit(noise(3000, 2000), b"", strict, PAGE_BYTES).data) <= 75_000


def test_a_strip_that_no_shrinking_leaves_legible_is_unfit():
    with pytest.raises(PictureUnfit) as caught:
        fit(Image.new("L", (60_000, 40)), b"", LIMITS, PAGE_BYTES)
    assert caught.value.params == {"width": 60_000, "height": 40}


def test_a_picture_found_too_large_is_halved_each_time_it_is_asked():
    image = noise(1000, 800)
    first = fit(image, b"", LIMITS, PAGE_BYTES)
    second = smaller(image, first, LIMITS)
    third = smaller(image, second, LIMITS)
    assert [opened(entry).size for entry in (first, second, third)] == [
        (1000, 800),
        (700, 560),
        (490, 392),
    ]
    assert second.scale_x == pytest.approx(1000 / 700)
    assert len(third.data) < len(second.data) < len(first.data)


def test_a_picture_too_small_to_halve_is_unfit():
    image = Image.new("L", (400, 10))
    with pytest.raises(PictureUnfit):
        smaller(image, fit(image, b"", LIMITS, PAGE_BYTES), LIMITS)


@pytest.mark.parametrize(
    ("mode", "value", "expected"),
    [
        ("1", 1, 255),
        ("P", 0, 0),
        ("LA", (0, 0), 255),
        ("RGBA", (10, 20, 30, 0), 255),
        ("CMYK", (0, 0, 0, 255), 0),
        ("I;16", 0, 0),
    ],
)
def test_every_mode_becomes_ink_on_white_paper(mode, value, expected):
    fitted = fit(Image.new(mode, (200, 200), value), b"", LIMITS, CARD_BYTES)
    assert opened(fitted).convert("L").getpixel((100, 100)) == pytest.approx(expected, abs=3)


def test_sixteen_bits_keep_their_shades():
    values = np.full((200, 200), 60_000, dtype=np.uint16)
    values[:, :100] = 20_000
    sent = opened(fit(Image.fromarray(values), b"", LIMITS, CARD_BYTES))
    assert sent.getpixel((50, 100)) == pytest.approx(85, abs=3)
    assert sent.getpixel((150, 100)) == pytest.approx(255, abs=3)


def test_a_transparent_png_is_not_sent_as_it_is():
    image = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    assert opened(fit(image, file_of(image, "PNG"), LIMITS, CARD_BYTES)).format == "JPEG"


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("general-text", PAGE_BYTES),
        ("smart-document-recognizer", PAGE_BYTES),
        ("financial-statement", PAGE_BYTES),
        ("id-card", CARD_BYTES),
        ("vat-invoice", CARD_BYTES),
    ],
)
def test_dense_pages_may_be_larger_than_cards_and_bills(service, expected):
    assert target_bytes(services()[service]) == expected


def test_every_service_that_takes_pictures_takes_what_is_sent():
    for service in services().values():
        if service.limits is not None and service.image_field is not None:
            fitted = fit(Image.new("L", (50, 50), 255), b"", service.limits, target_bytes(service))
            assert min(fitted.width, fitted.height) >= service.limits.min_side
            assert "JPG" in service.limits.formats
