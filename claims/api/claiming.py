"""Claims: retired units applied to lines of an inventory, looked at first or made for good."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Shape
from accounts.rest.fields import Choice, Flag, Id, Text
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from claims import scope
from claims.accounting.facts import Alignment
from claims.accounting.statement import MadeClaim, claim_figures
from claims.accounting.tree import Answer
from claims.api.choices import CAPS, METHODS
from claims.api.guiding import AnswerSerializer
from claims.api.inventories import InventoryEndpoint
from claims.models import Claim, ClaimedRange, Inventory, InventoryLine
from claims.services.claiming import Preview, Terms, make_claim, preview_claim
from registry.api.rows import one
from registry.api.units import HeldRangeSerializer, RangeSerializer, lines
from registry.api.writing import WritingEndpoint
from registry.errors import BadInput
from registry.ledger import MOST_LINES

_MOST_LINES = 10_000
EXAMPLE = {
    "lines": ["01934f2e-8c5a-7d3e-9b1f-2a6c4e8d0f16"],
    "units": [{"issuance": "V5N2KQ8T", "first": 1, "last": 600}],
    "method": "direct",
    "alignment": {
        "reliable_factor": True,
        "aligned_boundary": True,
        "same_product_type": True,
    },
}


class AlignmentSerializer(Shape):
    """What direct substitution asks (9.2, Exhibit 11). reason: why, although an answer is no."""

    reliable_factor = Flag(required=False, allow_null=True)
    aligned_boundary = Flag(required=False, allow_null=True)
    same_product_type = Flag(required=False, allow_null=True)
    reason = Text(max_length=2_000, required=False, allow_blank=True)


class MakeClaimSerializer(Shape):
    lines = serializers.ListField(child=Id(), min_length=1, max_length=_MOST_LINES)
    units = serializers.ListField(child=RangeSerializer(), min_length=1, max_length=MOST_LINES)
    method = Choice(METHODS)
    alignment = AlignmentSerializer(required=False)
    cap = Choice(CAPS, required=False, help_text="Of enhanced substitution; baseline if not given.")
    cap_reason = Text(max_length=2_000, required=False, allow_blank=True)
    auditor_note = Text(max_length=2_000, required=False, allow_blank=True)
    claim_type = Text(max_length=40, default="corporate_inventory")
    path = serializers.ListField(
        child=AnswerSerializer(),
        required=False,
        max_length=20,
        help_text="The answers to the decision tree, to its end; kept with the claim.",
    )


class FiguresSerializer(serializers.Serializer[Any]):
    """What units do to an inventory. Emissions in t CO2e, as decimal strings."""

    volume = serializers.IntegerField(help_text="units")
    physical_emissions = serializers.CharField()
    reduction_emissions = serializers.CharField()
    adjusted_emissions = serializers.CharField()
    groups = serializers.ListField(
        child=serializers.DictField(),
        help_text="By group of lines: caps, the real-valued cap beside the whole one, intensities.",
    )
    shares = serializers.ListField(child=serializers.DictField(), help_text="By line.")


class PreviewSerializer(serializers.Serializer[Any]):
    findings = FindingSerializer(many=True)
    result = FiguresSerializer(allow_null=True, help_text="null while a rule fails.")


class ClaimSummarySerializer(serializers.Serializer[Claim]):
    code = serializers.CharField()
    inventory = serializers.UUIDField(source="inventory_id")
    method = serializers.ChoiceField(METHODS)
    cap = serializers.CharField()
    volume = serializers.IntegerField(help_text="units")
    claimed_on = serializers.DateField()
    edition = serializers.CharField()
    is_demonstration = serializers.BooleanField()


class ClaimPathSerializer(serializers.Serializer[Any]):
    """The walk through the decision tree by which the method was chosen."""

    answers = serializers.ListField(child=serializers.DictField())
    method = serializers.CharField(help_text="proposed")
    cap = serializers.CharField(help_text="proposed")
    reasons = serializers.ListField(child=serializers.CharField())


class ClaimSerializer(ClaimSummarySerializer):
    ranges = HeldRangeSerializer(many=True)
    result = FiguresSerializer()
    findings = FindingSerializer(many=True)
    path = serializers.SerializerMethodField(help_text="null where the tree was not walked.")

    @extend_schema_field(ClaimPathSerializer(allow_null=True))
    def get_path(self, row: Any) -> Any:
        path = getattr(row, "path", None)
        return ClaimPathSerializer(path).data if path else None


class ClaimEndpoint(InventoryEndpoint):
    def asked(self, id: Any) -> dict[str, Any]:
        """What a claim and its preview take."""
        return self.asked_from(self.own(id), self.given(MakeClaimSerializer))

    def asked_from(self, inventory: Inventory, given: dict[str, Any]) -> dict[str, Any]:
        alignment = Alignment(**given.pop("alignment", {}))
        path = tuple(Answer(**each) for each in given.pop("path", ()))
        return {
            "inventory": inventory,
            "lines": _lines_of(inventory, given.pop("lines")),
            "units": lines(given.pop("units")),
            "terms": Terms(alignment=alignment, path=path, **given),
        }


class ClaimPreview(ClaimEndpoint):
    @operation(
        "preview_claim", given=MakeClaimSerializer, answer=PreviewSerializer, example=EXAMPLE
    )
    def post(self, request: Request, id: Any) -> Response:
        """Judge and compute a claim without making it.

        Changes nothing, so the key may be used again to make the same claim.
        """
        self.key()
        preview = preview_claim(by=self.person, now=timezone.now(), **self.asked(id))
        return Response(PreviewSerializer(previewed(preview)).data)


class InventoryClaims(ClaimEndpoint):
    model = Claim
    pagination_class = PAGES

    @operation("list_claims", answer=ClaimSummarySerializer(many=True))
    def get(self, request: Request, id: Any) -> Response:
        """The claims on an inventory, newest first."""
        rows = self.own(id).claims.order_by("-claimed_at", "-id")
        return self.listed(rows, ClaimSummarySerializer)

    @operation(
        "make_claim",
        given=MakeClaimSerializer,
        answer=ClaimSerializer,
        status=201,
        example=[
            EXAMPLE,
            {
                **{name: EXAMPLE[name] for name in ("lines", "units")},
                "method": "enhanced",
                "cap": "baseline",
            },
        ],
    )
    def post(self, request: Request, id: Any) -> Response:
        """Apply retired units to lines of the inventory, for good."""
        return self.write(make_claim, shown=self._shown, status=201, **self.asked(id))

    def _shown(self, claim: Claim) -> Any:
        return ClaimSerializer(one(with_ranges(self.person), pk=claim.pk)).data


class OneClaim(WritingEndpoint):
    access = Access.CLAIMANT

    @operation("read_claim", answer=ClaimSerializer)
    def get(self, request: Request, code: str) -> Response:
        """A claim with its serials, figures and findings."""
        return Response(ClaimSerializer(one(with_ranges(self.person), code=code)).data)


def previewed(preview: Preview) -> dict[str, Any]:
    made = MadeClaim(code="", case=preview.case)
    return {
        "findings": [finding.as_dict() for finding in preview.findings],
        "result": claim_figures(made, preview.result) if preview.result else None,
    }


def with_ranges(person: Any) -> QuerySet[Claim]:
    ranges = ClaimedRange.objects.select_related("issuance__site").order_by(
        "issuance_id", "copy", "serials"
    )
    rows = scope.claims_of(person).select_related("path")
    return rows.prefetch_related(Prefetch("ranges", queryset=ranges))


def _lines_of(inventory: Inventory, ids: list[Any]) -> list[InventoryLine]:
    found = list(inventory.lines.filter(pk__in=ids))
    unknown = sorted(str(id) for id in set(ids) - {line.pk for line in found})
    if unknown:
        raise BadInput({"lines": [f"This inventory has no line {id}." for id in unknown[:10]]})
    return found
