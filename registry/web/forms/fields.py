"""Fields that several forms share: shares as percentages, dates, countries, whose act it is."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.ui.forms import PortalForm, QuantityField, TonnesField
from registry import words
from registry.models.fields import MOST_TONNES

INTENSITY = "t CO2e/t"


class ShareField(QuantityField):
    """Typed and shown as a percentage, handed on as a share 0…1: 92.5 is 0.925, exactly."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            suffix="%", min_value=0, max_value=100, max_digits=7, decimal_places=4, **kwargs
        )

    def clean(self, value: Any) -> Decimal | None:
        percent = super().clean(value)
        return None if percent is None else percent.scaleb(-2)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.scaleb(2).normalize():f}" if isinstance(value, Decimal) else value


class IntensityField(QuantityField):
    """t CO2e per t, six decimals as most records keep them."""

    def __init__(self, **kwargs: Any) -> None:
        digits = {"max_digits": 12, "decimal_places": 6}
        super().__init__(suffix=INTENSITY, min_value=0, **digits | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class UnitsField(TonnesField):
    """Whole tonnes, at least one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=MOST_TONNES, **kwargs)


class SerialField(UnitsField):
    """A unit's number within its issuance: no tonnage, so without a unit."""

    suffix = ""


class DayField(forms.DateField):
    widget = forms.DateInput


class CountryField(forms.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Country"))
        super().__init__(choices=_countries, **kwargs)


class Text(forms.TextInput):
    """One line of text. width: how many characters its box suggests, of those it may have."""

    def __init__(self, width: int, **attrs: Any) -> None:
        super().__init__(attrs={"data-width": str(width), **attrs})


class ActingForm(PortalForm):
    """A form that one of several organisations may act by; asked for only when there are more."""

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label=_("For"), empty_label=None
    )

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._organisations = organisations
        if len(organisations) == 1:
            del self.fields["organisation"]
        else:
            choice: Any = self.fields["organisation"]
            choice.queryset = Organisation.objects.filter(pk__in=[o.pk for o in organisations])

    @property
    def is_demonstration(self) -> bool:
        return any(each.is_demonstration for each in self._organisations)

    @property
    def acting(self) -> Organisation:
        """Valid forms only."""
        chosen: Organisation = self.cleaned_data.get("organisation") or self._organisations[0]
        return chosen

    def values(self) -> dict[str, Any]:
        """What was entered, by field; without whose act it is and the key."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("organisation", "idempotency_key")
        }


def _countries() -> list[tuple[str, str]]:
    return [("", "Choose a country"), *words.countries()]
