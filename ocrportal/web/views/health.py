"""For container managers and load balancers; no sign-in."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ocrportal.workers.health import PARTS, failing_parts


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process responds. Checks nothing else, so that a slow database causes no restart."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 if database, queue and storage can be reached, else 503 and which cannot."""
    failing = failing_parts()
    parts = {name: failing.get(name, "ok") for name in PARTS}
    return JsonResponse(parts, status=503 if failing else 200)
