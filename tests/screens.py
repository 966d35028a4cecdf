"""The screens that the browser tests visit, each in every language and theme."""

SCREENS = (
    "/",
    "/jobs/",
    "/jobs/{job}/",
    "/jobs/{job}/delete/",
    "/pages/{page}/",
    "/password/",
    "/credentials/",
    "/credentials/add/",
    "/credentials/add/aksk/",
    "/credentials/add/token/",
    "/usage/",
    "/buckets/",
    "/jobs/{job}/deliver/",
    "/jobs/{job}/export/",
)
"""``{job}`` and ``{page}`` stand for the ids of a finished job and its page."""
