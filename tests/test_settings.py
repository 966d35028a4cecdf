"""The effects of the settings on the file system."""

import os
import stat
import subprocess
import sys
from pathlib import Path


def test_a_new_data_folder_is_closed_to_other_users_of_the_machine(tmp_path: Path):
    data = tmp_path / "var"
    subprocess.run(
        [sys.executable, "-c", "import ocrportal.settings"],
        env=os.environ | {"DATA_DIR": str(data)},
        umask=0o022,
        check=True,
    )
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "secret_key").stat().st_mode) == 0o600
