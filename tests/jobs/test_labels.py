"""Names as labels."""

import pytest

from ocrportal.jobs.labels import label_of


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd", "../../etc/passwd"),
        ("Bildschirmfoto 9.41.00\u202fPM.png", "Bildschirmfoto 9.41.00 PM.png"),
        ("第二页\u3000（終）.pdf", "第二页 （終）.pdf"),
        ("\u202egnp.exe.pdf", "gnp.exe.pdf"),
        ("line\nbreak\0.png", "linebreak.png"),
        (" ends .png ", "ends .png"),
        ("", "—"),
        ("x" * 300, "x" * 255),
    ],
)
def test_what_a_screen_can_show_is_kept(name, label):
    assert label_of(name) == label
