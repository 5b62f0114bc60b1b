"""What is validated when the project starts: the rulebook's editions."""

from typing import Any

from django.core.checks import CheckMessage, Error

from registry.rulebook.edition import EditionInvalid, every_edition


def editions_are_valid(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every edition in the repository, illustrative ones too, says what an edition must say."""
    try:
        every_edition()
    except EditionInvalid as fault:
        hint = "Mend the edition's file; nothing is judged before."
        return [Error(str(fault), hint=hint, id="registry.E001")]
    return []
