"""The API under ``/api/v1``, put together from a router for each resource."""

from __future__ import annotations

from ninja import NinjaAPI

from ocrportal.api import deliveries, exports, jobs, problems, services
from ocrportal.api.access import ApiTokenAuth

api = NinjaAPI(
    title="OCR Portal",
    version="1",
    description="Upload scans, follow their recognition, and download text, Word and "
    "searchable PDF.",
    auth=ApiTokenAuth(),
)
problems.install(api)
for resource in (jobs, exports, deliveries, services):
    api.add_router("", resource.router)
