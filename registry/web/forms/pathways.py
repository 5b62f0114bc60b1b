"""A site's way to certification, and an auditor's accreditation (5.3)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.roles import Role
from accounts.ui.forms import PortalForm
from registry.models.audit import BASIS_LABELS, Scope
from registry.models.pathway import CERTIFICATE_LABELS
from registry.web.forms.fields import DayField

_CHOOSE = ("", _("Choose one"))


class PathwayForm(PortalForm):
    first_data_on = DayField(
        label=_("First day of verifiable data"),
        help_text=_("Up to the end of a production it decides which pathway of Exhibit 9 applies."),
    )
    self_assessed_on = DayField(label=_("Day of the self-assessment"), required=False)
    principle_10 = forms.CharField(
        label=_("Where the excerpts of Principle 10 are answered"),
        max_length=300,
        required=False,
        help_text=_("From one to three years of data; for iron beyond that too."),
    )
    progress = forms.CharField(label=_("Progress to certification"), max_length=300, required=False)
    checkpoint_1_on = DayField(label=_("Checkpoint of the first year"), required=False)
    checkpoint_2_on = DayField(label=_("Checkpoint of the second year"), required=False)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in _PATHWAY}


class CertificateForm(PortalForm):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[_CHOOSE, *((k.value, v) for k, v in CERTIFICATE_LABELS.items())]
    )
    reference = forms.CharField(label=_("Certificate"), max_length=200)
    body = forms.CharField(label=_("Issued by"), max_length=200)
    valid_from = DayField(label=_("First day"))
    valid_until = DayField(label=_("Last day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands beside another form on its page, whose ids it must not repeat.
        super().__init__(*args, **{"auto_id": "id_certificate_%s", **kwargs})

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in _CERTIFICATE}


class AccreditationForm(PortalForm):
    auditor = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label=_("Auditor"), empty_label=_("Choose one")
    )
    body = forms.CharField(label=_("Accreditation body"), max_length=200)
    basis = forms.ChoiceField(
        label=_("Basis"), choices=[_CHOOSE, *((b.value, v) for b, v in BASIS_LABELS.items())]
    )
    attested_on = DayField(
        label=_("Day of the attestation"),
        required=False,
        help_text=_("For an attestation of Annex 3, 1.1 and 3.3 or 3.5."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scope"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    reference = forms.CharField(label=_("Certificate or attestation"), max_length=200)
    valid_from = DayField(label=_("First day"))
    valid_until = DayField(label=_("Last day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["auditor"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.filter(role_rows__role=Role.AUDITOR).order_by("name")

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in _ACCREDITATION}


_PATHWAY = (
    "first_data_on",
    "self_assessed_on",
    "principle_10",
    "progress",
    "checkpoint_1_on",
    "checkpoint_2_on",
)
_CERTIFICATE = ("kind", "reference", "body", "valid_from", "valid_until")
_ACCREDITATION = (
    "body",
    "basis",
    "attested_on",
    "scopes",
    "reference",
    "valid_from",
    "valid_until",
)
