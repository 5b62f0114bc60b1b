"""The words of a statement as programs give them: text, audience, places, SBTi's record."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rest_framework import serializers

from accounts.rest.endpoints import Shape
from accounts.rest.fields import Choice, Text
from claims.accounting.programme import SourcingRecord
from claims.accounting.wording import CORPORATE_REPORT
from claims.api.choices import AUDIENCES, JURISDICTIONS, SBTI_BARRIERS, SBTI_TIERS
from claims.services.stating import Words
from registry.errors import BadInput

_SBTI = "sbti_"


class SourcingSerializer(Shape):
    """What SBTi's Corporate Net-Zero Standard V2 asks. Cost alone is not a barrier."""

    tier = Choice(SBTI_TIERS)
    sourcing_match = Text(max_length=2_000, help_text="How the units match what you buy.")
    barriers = serializers.ListField(
        child=Choice(SBTI_BARRIERS), required=False, max_length=len(SBTI_BARRIERS)
    )
    barrier = Text(max_length=2_000, required=False, allow_blank=True, help_text="In words.")
    evidence = Text(
        max_length=2_000,
        required=False,
        allow_blank=True,
        help_text="Of the barrier: a document, link or tender. Files go to …/files/.",
    )


class StatementWordsSerializer(Shape):
    text = Text(max_length=20_000, help_text="The public words, with the disclosure (9.1).")
    claim_type = Text(max_length=40, default="corporate_inventory")
    audience = Choice(AUDIENCES, default=CORPORATE_REPORT, help_text="Whom the words address.")
    jurisdictions = serializers.ListField(
        child=Choice(JURISDICTIONS),
        required=False,
        max_length=len(JURISDICTIONS),
        help_text="Where they are published.",
    )
    sourcing = SourcingSerializer(required=False, allow_null=True)


def words_of(given: dict[str, Any]) -> Words:
    """The words that a valid StatementWordsSerializer holds."""
    record = given.get("sourcing")
    return Words(
        text=given["text"],
        claim_type=given["claim_type"],
        audience=given["audience"],
        jurisdictions=tuple(given.get("jurisdictions", ())),
        sourcing=SourcingRecord(**{**record, "barriers": tuple(record.get("barriers", ()))})
        if record
        else None,
    )


@contextmanager
def by_our_names() -> Iterator[None]:
    """What is wrong with SBTi's record, by the names that it has in this interface."""
    try:
        yield
    except BadInput as bad:
        errors = {
            f"sourcing.{name[len(_SBTI) :]}" if name.startswith(_SBTI) else name: texts
            for name, texts in bad.errors.items()
        }
        raise BadInput(errors) from bad
