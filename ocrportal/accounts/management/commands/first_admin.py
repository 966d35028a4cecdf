"""An alias of the command ``create_first_admin``."""

from ocrportal.accounts.management.commands.create_first_admin import Command

__all__ = ["Command"]
