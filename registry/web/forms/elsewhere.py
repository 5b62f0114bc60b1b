"""Units on other registries, as the operator lists and a producer declares them (6.2)."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.ui.forms import PortalForm
from registry.models import Site
from registry.rulebook.facts import FunctionalUnit
from registry.services.elsewhere import DECLARED_FIELDS, LIMITS, LIST, canonical, line_faults
from registry.services.lines import Row, as_text
from registry.tabular import read_file, read_text
from registry.web.forms.fields import DayField, UnitsField
from registry.words import unit_name

_NAMES = ", ".join(column.label for column in LIST)
_UNITS = [("", _("Choose one")), *((unit.value, unit_name(unit.value)) for unit in FunctionalUnit)]


class ListForm(PortalForm):
    """Another registry's list: a file where one is chosen, else the text."""

    registry = forms.CharField(label=_("The other registry"), max_length=100)
    file = forms.FileField(
        label=_("Its list, as a file"), required=False, help_text=_("CSV or XLSX, up to 5 MiB.")
    )
    text = forms.CharField(
        label=_("Or its rows, pasted"),
        required=False,
        strip=False,
        max_length=1_500_000,
        widget=forms.Textarea(attrs={"rows": "8", "spellcheck": "false", "wrap": "off"}),
        help_text=_(
            "One row a line, separated by tabs, commas or semicolons. First row: %(names)s."
        )
        % {"names": _NAMES},
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.lines: list[Row] = []
        upload: UploadedFile[Any] | None = cleaned.get("file")
        text = cleaned.get("text") or ""
        if upload is None and not text.strip():
            self.add_error("file", _("Choose the file, or paste its rows."))
            return cleaned
        table = (
            read_file(upload.name or "", upload.read(), LIST, LIMITS)
            if upload
            else read_text(text, LIST, LIMITS)
        )
        faults = line_faults([(row.number, row.values) for row in table.rows])
        for each in [*table.texts(), *map(str, faults[:20])]:
            self.add_error("file" if upload else "text", each)
        self.lines = [dict(row.values) for row in table.rows]
        return cleaned

    def as_text(self) -> str:
        """The rows as they were read, to be sent again and recorded."""
        return as_text(LIST, self.lines)


class AliasForm(PortalForm):
    site = forms.CharField(label=_("Code of the site here"), max_length=12)
    identifier = forms.CharField(
        label=_("How the other register names it"),
        max_length=60,
        help_text=_("For example its Global Energy Monitor id. Capitals and small are the same."),
    )

    def clean_site(self) -> Site:
        code = canonical(self.cleaned_data["site"])
        found = Site.objects.filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("No site here has the code %(c)s.") % {"c": code})
        return found


class DeclareForm(PortalForm):
    """A producer's own declaration for one of its sites."""

    registry = forms.CharField(label=_("The other registry"), max_length=100)
    reference = forms.CharField(label=_("Its issuance"), max_length=100)
    functional_unit = forms.ChoiceField(label=_("One unit is a tonne of"), choices=_UNITS)
    period_start = DayField(label=_("First day of production"))
    period_end = DayField(label=_("Last day of production"))
    units = UnitsField(label=_("Units issued there"))

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in DECLARED_FIELDS}
