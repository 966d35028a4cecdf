"""`manage.py serve` forks its parts from a process that has loaded what they share.

How the parts are stopped, killed and started again is in test_killed_worker.
"""

import json
import subprocess
import sys

import pytest

from tests.portal import ROOT

LOAD = """
import json, sys
from importlib import import_module
from pathlib import Path
import django
django.setup()
from ocrportal.workers.management.commands.serve import SHARED_MODULES
for module in SHARED_MODULES:
    import_module(module)
print(json.dumps([len(list(Path("/proc/self/task").iterdir())), sorted(sys.modules)]))
"""


@pytest.fixture(scope="module")
def loaded() -> tuple[int, set[str]]:
    """The number of threads, and the modules, after the shared modules are loaded."""
    code = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'ocrportal.settings'\n" + LOAD
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    threads, modules = json.loads(run.stdout)
    return threads, set(modules)


def test_loading_what_the_parts_share_starts_no_thread(loaded):
    # A thread would be missing in the forked parts, and a lock it holds would stay locked.
    assert loaded[0] == 1


def test_what_the_parts_share_contains_no_models_and_no_libraries_of_exports(loaded):
    heavy = {"openvino", "cv2", "numpy", "pypdfium2", "reportlab", "docx", "openpyxl", "pikepdf"}
    assert loaded[1] & heavy == set()


def test_the_screens_and_the_api_are_shared(loaded):
    assert {"ocrportal.web.urls", "ocrportal.api.routes"} <= loaded[1]
