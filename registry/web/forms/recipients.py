"""Delivery notices to physical recipients, and what is said of the product in public (10.1)."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.ui.forms import FieldGroup, PortalForm
from registry.evidence import ACCEPTED
from registry.models import Disclosure
from registry.web.attempt import KEY
from registry.web.forms.fields import DayField, IntensityField, UnitsField


class _ValuesForm(PortalForm):
    def values(self) -> dict[str, Any]:
        """What was entered, by field, without the key."""
        return {name: value for name, value in self.cleaned_data.items() if name != KEY}


class NoticeForm(_ValuesForm):
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(
            _("Who received it"),
            ("recipient", "recipient_name"),
            _("Choose an organisation of this registry, or name one outside it."),
        ),
        FieldGroup(_("What was delivered"), ("delivery_reference", "tonnes", "delivered_on")),
    )

    recipient = forms.ModelChoiceField(
        label=_("Recipient in this registry"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Not in this registry"),
    )
    recipient_name = forms.CharField(
        label=_("Or its name, outside the registry"), max_length=200, required=False
    )
    delivery_reference = forms.CharField(
        max_length=60,
        help_text=_(
            "As on the delivery ticket or invoice; each delivery has its own. Whoever knows it "
            "can look up which emission factor applies."
        ),
    )
    tonnes = UnitsField(label=_("Tonnes delivered"))
    delivered_on = DayField(label=_("Delivered on"))

    def __init__(self, *args: Any, producer: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["recipient"]
        choice.queryset = Organisation.objects.exclude(pk=producer.pk).order_by("name")


class UndertakingForm(PortalForm):
    file = forms.FileField(
        label=_("The undertaking the recipient signed"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED.replace(" ", ",")}),
        help_text=_("PDF, PNG, JPEG, XLSX, CSV, text or JSON, at most 20 MiB."),
    )


class DisclosureForm(_ValuesForm):
    """How a public statement reads now; no intensity means that it is withheld."""

    kind = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[
            (value, str(label)[:1].upper() + str(label)[1:])
            for value, label in Disclosure.Kind.choices
        ],
    )
    reference = forms.CharField(
        max_length=200, help_text=_("The EPD's number, the report's title, or the address.")
    )
    made_on = DayField(label=_("It reads so since"))
    intensity = IntensityField(
        max_digits=18,
        decimal_places=12,
        label=_("Intensity it discloses"),
        required=False,
        help_text=_("Leave it empty where the intensity is withheld."),
    )
    says_sold = forms.BooleanField(
        label=_("It says that the environmental attributes were decoupled and sold"),
        required=False,
    )
    cover_page = forms.BooleanField(
        label=_("The EPD has a cover page that names book and claim"), required=False
    )
