"""The base class of all errors that users see."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class PortalError(Exception):
    """Base of all errors whose text is meant for users.

    Keyword arguments fill the placeholders of ``message``; they must be JSON values,
    and never keys, tokens, passwords or picture bytes, since they are stored and logged.
    """

    code: ClassVar[str] = "error"
    message: ClassVar[Any] = _("Something went wrong. Please try again.")
    retryable: ClassVar[bool] = False
    """True when the same request may succeed later without anyone changing anything."""
    retry_after: float | None = None
    """Seconds to wait before trying again, if the cause states them."""

    def __init__(self, **params: str | int | float) -> None:
        self.params = params
        super().__init__(self.code, params)

    def __str__(self) -> str:
        return self.sentence(self.params)

    @classmethod
    def sentence(cls, params: dict[str, Any]) -> str:
        """The message with these facts in it, in the active language."""
        return str(cls.message) % params
