"""The tables of jobs: submissions, their documents and pages, results and exports.

A worker changes a document, page, delivery or export only while it owns a lease on the row (see
jobs/leases.py). Work that is delivered twice, or after a cancel, therefore changes nothing.
"""

from ocrportal.jobs.models.delivery import Delivery
from ocrportal.jobs.models.document import Document
from ocrportal.jobs.models.export import Export
from ocrportal.jobs.models.failable import Failable
from ocrportal.jobs.models.job import Job
from ocrportal.jobs.models.leased import Leased
from ocrportal.jobs.models.noted import Noted
from ocrportal.jobs.models.page import Page
from ocrportal.jobs.models.result import Result

__all__ = ["Delivery", "Document", "Export", "Failable", "Job", "Leased", "Noted", "Page", "Result"]
