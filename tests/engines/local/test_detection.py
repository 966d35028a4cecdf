"""Tiles of long images: they cover the whole image and fit the network."""

import numpy as np
import pytest

from ocrportal.engines.local.detection import (
    OVERLAP,
    STRIDE,
    TILE,
    _from_top_left,
    _tiles,
)


@pytest.mark.parametrize("length", [STRIDE, TILE, TILE + STRIDE, 3 * TILE, 30_016])
def test_tiles_cover_every_part_of_the_map_exactly_once(length: int) -> None:
    covered = []
    for _, _, first, last in _tiles(length):
        covered += range(first, last)
    assert covered == list(range(length))


@pytest.mark.parametrize("length", [TILE + STRIDE, 3 * TILE, 30_016])
def test_no_part_is_taken_from_the_edge_of_a_tile(length: int) -> None:
    """At the edge the network sees only half of a letter."""
    for start, end, first, last in _tiles(length):
        assert end - start == TILE
        assert start % STRIDE == 0
        assert start == 0 or first - start >= OVERLAP // 2 - STRIDE
        assert end == length or end - last >= OVERLAP // 2 - STRIDE


def test_an_image_of_the_default_size_is_one_tile() -> None:
    assert _tiles(1184) == [(0, 1184, 0, 1184)]


@pytest.mark.parametrize("lean", [-90, 0, 90])
def test_the_first_corner_of_a_leaning_column_is_at_its_top(lean: int) -> None:
    corners = np.array([[100, 4], [130, 0], [130 + lean, 900], [100 + lean, 904]], np.float32)
    for first in range(4):
        assert np.array_equal(_from_top_left(np.roll(corners, first, axis=0)), corners)
