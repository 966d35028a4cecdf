import numpy as np
import pytest

from ocrportal.ingest.readers.scenes import SceneChanges
from tests.ingest.videos import Picture, slide, write

RANDOM = np.random.default_rng(1)
STEP = 0.25


def kept(*pictures: Picture) -> list[float]:
    """The kept times of pictures a quarter of a second apart."""
    changes = SceneChanges()
    times = [
        changes.check(picture, number * STEP, lasting=False)
        for number, picture in enumerate(pictures)
    ]
    return [time for time in times if time is not None]


def noisy(picture: Picture) -> Picture:
    noise = RANDOM.normal(0, 6, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def test_a_still_picture_is_kept_once() -> None:
    assert kept(*[slide("The same")] * 40) == [0]


def test_a_new_slide_is_kept_with_the_time_at_which_it_appeared() -> None:
    assert kept(*[slide("One")] * 4, *[slide("Two", "more")] * 4) == [0, 1]


def test_a_slide_that_appears_again_is_kept_again() -> None:
    assert kept(*[slide("One")] * 4, *[slide("Two")] * 4, *[slide("One")] * 4) == [0, 1, 2]


@pytest.mark.parametrize("ink", [20, 150])
def test_a_new_line_of_small_pale_text_is_a_change(ink: int) -> None:
    before = slide("Heading", size=(1920, 1080))
    after = before.copy()
    write(after, "a new small line", (400, 700), 0.5, ink)
    assert kept(before, before, after, after) == [0, 0.5]


def test_another_subtitle_of_the_same_length_is_a_change() -> None:
    ground = slide(paper=90)
    one, other = ground.copy(), ground.copy()
    write(one, "What did you say", (400, 680), 1, 250)
    write(other, "Nothing of note!", (400, 680), 1, 250)
    assert kept(ground, ground, one, one, other, other, ground, ground) == [0, 0.5, 1, 1.5]


def test_noise_is_not_a_change() -> None:
    picture = slide("A photographed screen", "with its noise")
    assert kept(*[noisy(picture) for _ in range(20)]) == [0]


def test_a_moving_cursor_is_not_a_change() -> None:
    pictures = [slide("Some text", "and more of it") for _ in range(20)]
    for number, picture in enumerate(pictures):
        picture[300 + number * 7 : 320 + number * 7, 200 + number * 31 : 213 + number * 31] = 0
    assert kept(*pictures) == [0]


def test_a_slowly_moving_cursor_is_not_a_change() -> None:
    pictures = [slide("Some text", "and more of it", size=(1920, 1080)) for _ in range(80)]
    for number, picture in enumerate(pictures):
        picture[900:924, 300 + number * 6 : 324 + number * 6] = 0
    assert kept(*pictures) == [0]


def test_a_typed_line_is_kept_once_it_is_complete() -> None:
    blank, line = slide("Heading"), "typed letter by letter"
    typing = [slide("Heading", line[:end]) for end in range(6, len(line), 6)]
    whole = [slide("Heading", line)] * 4
    times = kept(blank, blank, *typing, *whole)
    assert times[0] == 0
    assert times[-1] == (2 + len(typing)) * STEP
    assert len(times) == 2


def test_the_last_picture_of_a_fade_is_kept() -> None:
    one, other = slide("One slide", "fades"), slide("into", "another")
    fade = [(one * (1 - share) + other * share).astype(np.uint8) for share in (0.2, 0.4, 0.6, 0.8)]
    assert kept(one, one, *fade, other, other, other) == [0, 6 * STEP]


def test_during_motion_a_picture_is_kept_every_few_seconds() -> None:
    motion = [RANDOM.integers(0, 255, (90, 160, 3), np.uint8) for _ in range(41)]
    motion = [np.kron(picture, np.ones((8, 8, 1), np.uint8)) for picture in motion]
    assert kept(*motion) == [0.5, 5.5]


def test_subtitles_over_a_moving_film_are_kept() -> None:
    pictures = []
    for number in range(32):
        picture = slide(paper=60)
        picture[:400] = np.kron(
            RANDOM.integers(0, 255, (50, 160, 1), np.uint8), np.ones((8, 8, 3), np.uint8)
        )
        write(
            picture, ("First words of it", "Then other words")[number // 16], (300, 650), 1.5, 250
        )
        pictures.append(picture)
    assert kept(*pictures) == [0.5, 4]


def test_a_picture_that_lasts_is_kept_at_once() -> None:
    changes = SceneChanges()
    assert changes.check(slide("One"), 0, lasting=True) == 0
    assert changes.check(slide("Two"), 20, lasting=True) == 20
    assert changes.check(slide("Two"), 40, lasting=True) is None


def test_a_video_may_change_its_size() -> None:
    small = slide("One", size=(640, 360))
    assert kept(slide("One"), slide("One"), small, small) == [0, 0.5]
