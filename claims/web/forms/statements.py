"""The forms of a statement: its public words, to whom and where; an auditor's opinion."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.roles import Role
from accounts.ui.forms import FieldGroup, PortalForm
from claims.accounting.programme import BARRIERS, TIERS, SourcingRecord
from claims.accounting.wording import (
    AUDIENCES,
    CLAIM_TYPES,
    CORPORATE_REPORT,
    DISCLOSURE,
    JURISDICTIONS,
)
from claims.models import Opinion
from claims.services.stating import Words
from registry.evidence import ACCEPTED


def _long(label: Any, rows: str = "3", **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, strip=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": rows}),
        **more,
    )  # fmt: skip


class StatementForm(PortalForm):
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("What it says"), ("claim_type", "text", "audience", "jurisdictions")),
        FieldGroup(
            _("For SBTi’s Corporate Net-Zero Standard V2"),
            ("sbti_tier", "sbti_sourcing_match", "sbti_barriers", "sbti_barrier", "sbti_evidence"),
            _("Only if you report under it. Cost alone is not a barrier."),
        ),
    )

    claim_type = forms.ChoiceField(
        label=_("What the statement is for"),
        choices=list(CLAIM_TYPES.items()),
        initial="corporate_inventory",
        required=False,
    )
    text = _long(
        _("Public text"),
        "8",
        initial=DISCLOSURE,
        help_text=_(
            "Section 9.1: it says that a market-based mechanism is used and that nothing is "
            "transferable to customers. It makes no claim on products, projects or buildings."
        ),
    )
    audience = forms.ChoiceField(
        label=_("Whom it addresses"),
        choices=list(AUDIENCES.items()),
        initial=CORPORATE_REPORT,
        required=False,
        help_text=_("Words for consumers are also held against consumer law."),
    )
    jurisdictions = forms.MultipleChoiceField(
        label=_("Where it is published"),
        choices=list(JURISDICTIONS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    sbti_tier = forms.ChoiceField(
        label=_("Tier"), choices=[("", _("Not reported")), *TIERS.items()], required=False
    )
    sbti_sourcing_match = _long(_("How the units match what you buy"), required=False)
    sbti_barriers = forms.MultipleChoiceField(
        label=_("Barriers to buying closer to the activity"),
        choices=list(BARRIERS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    sbti_barrier = _long(_("The barrier in words"), required=False)
    sbti_evidence = _long(_("Its evidence"), required=False)

    @property
    def words(self) -> Words:
        given = self.cleaned_data
        record = SourcingRecord(
            tier=given["sbti_tier"],
            sourcing_match=given["sbti_sourcing_match"],
            barriers=tuple(given["sbti_barriers"]),
            barrier=given["sbti_barrier"],
            evidence=given["sbti_evidence"],
        )
        return Words(
            text=given["text"],
            claim_type=given["claim_type"] or "corporate_inventory",
            audience=given["audience"] or CORPORATE_REPORT,
            jurisdictions=tuple(given["jurisdictions"]),
            sourcing=None if record == SourcingRecord("", "") else record,
        )


def initial_of(words: Words) -> dict[str, Any]:
    """The form filled with what a draft says."""
    record = words.sourcing or SourcingRecord("", "")
    return {
        "claim_type": words.claim_type,
        "text": words.text,
        "audience": words.audience,
        "jurisdictions": list(words.jurisdictions),
        "sbti_tier": record.tier,
        "sbti_sourcing_match": record.sourcing_match,
        "sbti_barriers": list(record.barriers),
        "sbti_barrier": record.barrier,
        "sbti_evidence": record.evidence,
    }


class FileForm(PortalForm):
    file = forms.FileField(
        label=_("A file of evidence"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED.replace(" ", ",")}),
        help_text=_("PDF, PNG, JPEG, XLSX, CSV, text or JSON, at most 20 MiB."),
    )


class EngageForm(PortalForm):
    """Which auditor is asked. Its own organisations are all that the list holds."""

    auditor = forms.ModelChoiceField(label=_("Auditor"), queryset=Organisation.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        auditors = Organisation.objects.filter(role_rows__role=Role.AUDITOR).order_by("name")
        field: Any = self.fields["auditor"]
        field.queryset = auditors


class OpinionForm(PortalForm):
    opinion = forms.ChoiceField(
        label=_("Opinion"), choices=Opinion.choices, widget=forms.RadioSelect
    )
    text = _long(
        _("Your report"),
        "6",
        help_text=_("What you examined, how, and what you conclude. It is published."),
    )


class DeclineForm(PortalForm):
    reason = _long(_("Why you give no opinion"))
