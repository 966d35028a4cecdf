"""Files that were submitted before: reported with a link, never rejected."""

from __future__ import annotations

from collections.abc import Iterable

from ocrportal.jobs.models import Document


def earlier_copies(documents: Iterable[Document]) -> dict[int, Document]:
    """For each document by its id, the first one of the same owner with the same bytes.

    Documents that are the first of their kind are left out. The documents' jobs must be
    loaded, and be of one owner; what is returned has its job loaded. One query.
    """
    asked = [document for document in documents if document.digest]
    if not asked:
        return {}
    copies = Document.objects.filter(
        job__owner=asked[0].job.owner_id, digest__in={document.digest for document in asked}
    ).select_related("job")
    first: dict[str, Document] = {}
    for copy in copies.order_by("pk"):
        first.setdefault(copy.digest, copy)
    return {
        document.pk: first[document.digest]
        for document in asked
        if first[document.digest].pk != document.pk
    }
