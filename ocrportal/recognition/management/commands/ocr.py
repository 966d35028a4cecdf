"""Recognise files at once, without a running server."""

from __future__ import annotations

import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from ocrportal.accounts.models import User
from ocrportal.errors import PortalError
from ocrportal.exporters.archive import safe_file_name
from ocrportal.jobs.exporting import export_document, export_format
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.jobs.retention import delete_job
from ocrportal.recognition.forms import SubmitForm, check_source
from ocrportal.recognition.opening import open_next_document
from ocrportal.recognition.pipeline import recognise_next_page
from ocrportal.recognition.submission import Source, submit
