"""Tiles of long pictures: together they cover everything, and fit the network."""

import pytest

from ocrportal.engines.local.detection import OVERLAP, STRIDE, TILE, _tiles


@pytest.mark.parametrize("length", [STRIDE, TILE, TILE + STRIDE, 3 * TILE, 30_016])
def test_tiles_give_every_part_of_the_map_exactly_once(length: int) -> None:
    covered = []
    for _, _, first, last in _tiles(length):
        covered += range(first, last)
    assert covered == list(range(length))


@pytest.mark.parametrize("length", [TILE + STRIDE, 3 * TILE, 30_016])
def test_no_part_comes_from_the_edge_of_a_tile(length: int) -> None:
    """There the network sees only half of a letter."""
    for start, end, first, last in _tiles(length):
        assert end - start == TILE
        assert start % STRIDE == 0
        assert start == 0 or first - start >= OVERLAP // 2 - STRIDE
        assert end == length or end - last >= OVERLAP // 2 - STRIDE


def test_a_picture_of_the_usual_size_is_seen_as_a_whole() -> None:
    assert _tiles(1184) == [(0, 1184, 0, 1184)]
