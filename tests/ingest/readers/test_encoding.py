import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocrportal.ingest.base import PageImage
from ocrportal.ingest.readers.encoding import encode_page
from tests.ingest.sources import decoded, read_only_page, saved


def brightness(page: PageImage, x: int, y: int) -> int:
    return decoded(page).convert("L").getpixel((x, y))


def test_black_and_white_becomes_png_pixel_by_pixel() -> None:
    image = Image.new("1", (200, 100), 1)
    ImageDraw.Draw(image).text((10, 10), "OCR")
    page = encode_page(image)
    assert page.extension == "png"
    assert decoded(page).tobytes() == image.tobytes()


def test_a_grey_or_coloured_picture_of_only_black_and_white_is_stored_as_such() -> None:
    image = Image.new("RGB", (20, 10), "white")
    image.paste("black", (0, 0, 10, 10))
    assert decoded(encode_page(image)).mode == "1"


def test_a_photo_becomes_jpeg() -> None:
    image = Image.radial_gradient("L")
    assert (encode_page(image).extension, decoded(encode_page(image)).mode) == ("jpg", "L")


def test_rgb_without_colour_becomes_grey() -> None:
    grey = Image.radial_gradient("L")
    assert decoded(encode_page(grey.convert("RGB"))).mode == "L"


def test_one_coloured_stamp_keeps_the_page_in_colour() -> None:
    image = Image.radial_gradient("L").convert("RGB")
    image.paste((200, 30, 30), (100, 100, 110, 110))
    assert decoded(encode_page(image)).mode == "RGB"


def test_cmyk_is_shown_in_its_colours() -> None:
    image = decoded(encode_page(Image.new("CMYK", (40, 30), (0, 255, 255, 0))))
    red, green, blue = image.getpixel((20, 15))
    assert (red > 250, green < 5, blue < 5) == (True, True, True)


def test_a_cmyk_jpeg_can_be_read() -> None:
    page = read_only_page("cmyk.jpg")
    assert (decoded(page).mode, page.width, page.height) == ("RGB", 100, 100)


@pytest.mark.parametrize("brightest", [4095, 65535])
def test_deep_grey_of_any_depth_keeps_its_shades(brightest: int) -> None:
    ramp = np.linspace(0, brightest, 256).astype(np.uint16)
    page = read_only_page(saved(Image.fromarray(np.tile(ramp, (32, 1))), "PNG"))
    assert [round(brightness(page, x, 16) / 10) for x in (0, 64, 128, 255)] == [0, 6, 13, 26]


def test_a_floating_point_picture_is_scaled_from_zero_to_its_maximum() -> None:
    values = np.tile(np.linspace(-1, 2, 256, dtype=np.float32), (32, 1))
    page = encode_page(Image.fromarray(values))
    assert brightness(page, 40, 16) < 8
    assert brightness(page, 255, 16) > 247


def test_lab_is_shown_by_its_lightness() -> None:
    image = Image.merge("LAB", [Image.radial_gradient("L")] * 3)
    assert decoded(encode_page(image)).mode == "L"


def test_transparent_areas_become_white() -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (10, 10, 20, 20))
    page = encode_page(image)
    assert (brightness(page, 0, 0), brightness(page, 15, 15)) == (255, 0)


def test_light_ink_on_transparency_gets_a_black_background() -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((255, 255, 255, 255), (10, 10, 20, 20))
    page = encode_page(image)
    assert (brightness(page, 0, 0), brightness(page, 15, 15)) == (0, 255)


def test_a_light_picture_with_transparent_corners_gets_a_white_background() -> None:
    image = Image.new("RGBA", (40, 40), (255, 255, 255, 255))
    image.paste((0, 0, 0, 0), (0, 0, 4, 4))
    assert brightness(encode_page(image), 0, 0) == 255


def test_a_fully_transparent_picture_is_shown() -> None:
    image = Image.new("RGBA", (40, 40), (255, 255, 255, 0))
    image.paste((0, 0, 0, 0), (10, 10, 20, 20))
    page = encode_page(image)
    assert (brightness(page, 0, 0), brightness(page, 15, 15)) == (255, 0)


def test_a_transparent_colour_of_a_palette_becomes_white() -> None:
    image = Image.new("P", (40, 40), 0)
    image.putpalette([255, 0, 0, 0, 0, 0])
    image.paste(1, (10, 10, 20, 20))
    page = read_only_page(saved(image, "PNG", transparency=0))
    assert (brightness(page, 0, 0), brightness(page, 15, 15)) == (255, 0)


def test_a_fax_with_half_the_rows_gets_square_pixels() -> None:
    page = read_only_page(saved(Image.new("1", (1728, 1100), 1), "TIFF", dpi=(204, 98)))
    assert (page.width, page.height, page.dpi) == (1728, 2290, 204)


def test_an_absurd_pair_of_resolutions_is_ignored() -> None:
    page = read_only_page(saved(Image.new("1", (100, 100), 1), "TIFF", dpi=(1, 300)))
    assert (page.width, page.height) == (100, 100)


def test_a_picture_too_long_for_jpeg_becomes_png() -> None:
    image = Image.linear_gradient("L").resize((8, 66_000))
    assert (encode_page(image).extension, encode_page(image).height) == ("png", 66_000)
