"""What users change about themselves."""

from ocrportal.accounts.models import User


def choose_language(user: User, language: str) -> None:
    """Remember the language (a code of settings.LANGUAGES) in which the user reads."""
    user.language = language
    user.save(update_fields=["language"])
