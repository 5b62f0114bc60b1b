"""Every kind of error answer (RFC 9457), by name: status, title, and what to do about it.

Every answer's `type` leads to its entry here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rest_framework import serializers

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    status: int
    title: str
    meaning: str


KINDS: Mapping[str, Kind] = {
    "bad-input": Kind(
        400,
        "Some values are not of the shape asked for",
        "`errors` names each field with what to do. Nothing was written.",
    ),
    "malformed": Kind(
        400, "The request cannot be read", "Send JSON in UTF-8, or multipart for a file."
    ),
    "key-missing": Kind(
        400,
        "The Idempotency-Key header is missing",
        "Send a header Idempotency-Key of 1 to 100 visible ASCII characters, for example a UUID: "
        "a new one for each new request, the same one to repeat a request.",
    ),
    "not-signed-in": Kind(
        401,
        "Not signed in",
        "Send an access token as `Authorization: Bearer …`, or sign in to the portal.",
    ),
    "refused": Kind(
        403,
        "You may not do this",
        "The right or role is missing. Where a rule says so, `rule` and `section` name it.",
    ),
    "not-found": Kind(
        404,
        "Not found",
        "There is no such thing, or it is not yours to see: both get the same answer.",
    ),
    "method-not-allowed": Kind(405, "Not this method", "The Allow header lists what is possible."),
    "not-acceptable": Kind(406, "Only JSON is answered", "Accept application/json."),
    "not-now": Kind(
        409,
        "Not in this state",
        "The record has moved on or is not yet there. Read it again.",
    ),
    "units-gone": Kind(
        409,
        "The units are not there any more",
        "Somebody else was faster. `left` lists what the account still has of these issuances, "
        "at most 100 ranges of it, `left_quantity` how many units that is in all.",
    ),
    "key-reused": Kind(
        409,
        "The idempotency key was used for another request",
        "Use a new key for a new request, or repeat the first one unchanged.",
    ),
    "conflict": Kind(
        409,
        "Somebody else wrote the same just now",
        "Read again, then repeat the request if it still makes sense.",
    ),
    "too-large": Kind(413, "The request is too large", "Send less, or in parts."),
    "unsupported-media-type": Kind(
        415, "Not this content type", "Send application/json, or multipart/form-data for a file."
    ),
    "rules-broken": Kind(
        422,
        "A rule is broken",
        "`findings` holds every rule's outcome, the failing ones first. Nothing was written.",
    ),
    "too-many-requests": Kind(429, "Too many requests", "Wait for the seconds in Retry-After."),
    "our-fault": Kind(
        500,
        "Something went wrong on our side",
        "The error is recorded. Repeat the request with the same key: it is done once, or not at "
        "all.",
    ),
    "try-again": Kind(503, "Busy", "Nothing was written. Repeat the request with the same key."),
    "unreachable": Kind(
        503,
        "The database does not answer",
        "Whether the request was carried out is not known. Repeat it with the same key: it is "
        "done once, whatever became of the first.",
    ),
}

NAME_OF_STATUS: Mapping[int, str] = {
    400: "malformed",
    401: "not-signed-in",
    403: "refused",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "not-now",
    413: "too-large",
    415: "unsupported-media-type",
    422: "rules-broken",
    429: "too-many-requests",
    503: "try-again",
}
"""The kind of an error that carries nothing but its status."""


class FindingSerializer(serializers.Serializer):
    """One rule's outcome, with the numbers it saw."""

    rule = serializers.CharField()
    section = serializers.CharField(help_text="Of the framework; a dash for a rule of our own.")
    modality = serializers.CharField()
    title = serializers.CharField()
    outcome = serializers.ChoiceField(["fail", "warn", "pass", "not applicable"])
    found = serializers.CharField()
    allowed = serializers.CharField()
    action = serializers.CharField(help_text="What to do; empty when there is nothing to do.")
    field = serializers.CharField(allow_null=True)
    ours = serializers.BooleanField(help_text="Closes a gap: not the framework's own rule.")
    numbers = serializers.DictField(child=serializers.CharField())


class UnitsLeftSerializer(serializers.Serializer):
    """A range of serials that an account still has, both ends inclusive."""

    issuance = serializers.CharField()
    copy = serializers.IntegerField()
    first = serializers.IntegerField()
    last = serializers.IntegerField()
    quantity = serializers.IntegerField()


class ProblemSerializer(serializers.Serializer):
    """An error. The last six members stand only where the kind of problem has them."""

    type = serializers.CharField(help_text="Where this kind of problem is explained.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # a declared field, popped
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="By field, nested ones with dots (units.ranges.0.first).",
    )
    findings = FindingSerializer(many=True, required=False)
    left = UnitsLeftSerializer(many=True, required=False)
    left_quantity = serializers.IntegerField(required=False)
    rule = serializers.CharField(required=False)
    section = serializers.CharField(required=False)
