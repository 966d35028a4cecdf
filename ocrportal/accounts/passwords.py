"""Password validation with translated messages."""

from __future__ import annotations

from django.contrib.auth import password_validation
from django.utils.translation import gettext as _


class MinimumLengthValidator(password_validation.MinimumLengthValidator):
    """Django's rule; its error is ours because Django's has no Chinese translation."""

    def get_error_message(self) -> str:
        return _("This password is too short. Use at least %(length)s characters.") % {
            "length": self.min_length
        }
