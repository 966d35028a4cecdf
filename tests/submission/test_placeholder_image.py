"""The slip of paper with the values of a request that holds no picture."""

from PIL import Image

from ocrportal.catalogue.spec import services
from ocrportal.submission.placeholder_image import make_placeholder_image

SERVICE = services()["invoice-verification"]
VALUES = {"code": "144031909110", "number": "01234567", "issue_date": "20201104"}


def test_a_slip_is_a_picture_named_after_service_and_values():
    slip = make_placeholder_image(SERVICE, VALUES)
    assert slip.name == "Invoice Verification 144031909110 01234567 20201104.png"
    assert (slip.format.key, slip.error) == ("png", None)
    picture = Image.open(slip.file)
    darkest, _lightest = picture.getextrema()
    assert darkest == 0
    assert picture.width == 1000


def test_equal_values_make_equal_images_and_different_values_different_ones():
    first, again = (
        make_placeholder_image(SERVICE, VALUES),
        make_placeholder_image(SERVICE, dict(VALUES)),
    )
    other = make_placeholder_image(SERVICE, VALUES | {"number": "01234568"})
    assert first.file.read() == again.file.read()
    assert first.file.open().read() != other.file.read()


def test_a_value_longer_than_the_slip_does_no_harm():
    slip = make_placeholder_image(SERVICE, VALUES | {"check_code": "7" * 5000})
    assert Image.open(slip.file).size == Image.open(slip.file.open()).size
    assert len(make_placeholder_image(SERVICE, VALUES | {"number": "7" * 5000}).name) <= 204
