import pytest

from ocrportal.layout.laid_out_page import paper_size
from tests.exporters.pages import page_of


@pytest.mark.parametrize(
    ("pixels", "dpi", "points"),
    [
        ((1654, 2339), 200.0, (595, 842)),
        ((595, 842), 72.0, (595, 842)),
        ((9933, 14043), 300.0, (2384, 3370)),
        ((1654, 2339), None, (595, 842)),
        ((4000, 3000), 72.0, (842, 632)),
        ((3000, 2000), 96.0, (842, 561)),
        ((4000, 3000), 1.0, (842, 632)),
        ((30, 20), 4800.0, (842, 561)),
    ],
    ids=["scan", "screen", "poster", "unknown", "camera's 72", "window's 96", "absurd", "tiny"],
)
def test_the_paper_size_follows_from_a_plausible_resolution(pixels, dpi, points):
    width, height = paper_size(page_of([], *pixels), dpi)
    assert (round(width), round(height)) == points


def test_a_rotated_page_is_measured_upright():
    page = page_of([], 2339, 1654)
    turned = type(page)(page.width, page.height, (), rotation=90)
    assert [round(side) for side in paper_size(turned.upright(), 200.0)] == [595, 842]
