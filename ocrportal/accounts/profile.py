"""The settings that users change for themselves."""

from ocrportal.accounts.models import User


def choose_language(user: User, language: str) -> None:
    """Store the user's language (a code of settings.LANGUAGES)."""
    user.language = language
    user.save(update_fields=["language"])
