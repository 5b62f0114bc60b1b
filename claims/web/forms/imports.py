"""The form that brings a table of lines, pasted or as a file. Shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ui.forms import PortalForm
from claims.models import LineImport
from claims.services.imports import LIMITS

# Larger tables come as files: a form's own fields are held in memory.
_MOST_TEXT = 2_000_000
PASTED = "pasted rows.txt"


class ImportForm(PortalForm):
    mark_optional = False
    is_multipart_form = True

    file = forms.FileField(
        label=_("A file"),
        required=False,
        allow_empty_file=True,
        max_length=500,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_("CSV or XLSX, at most %(rows)s lines and %(size)s MiB.")
        % {"rows": f"{LIMITS.rows:,}", "size": LIMITS.file_bytes // 1024 // 1024},
    )
    rows = forms.CharField(
        label=_("Or rows pasted from a spreadsheet"),
        required=False,
        max_length=_MOST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": "8", "spellcheck": "false", "wrap": "off"}),
        help_text=_("The first row names the columns, as in the templates."),
    )
    mode = forms.ChoiceField(
        label=_("What becomes of the lines that are there"),
        widget=forms.RadioSelect,
        initial=LineImport.Mode.APPEND,
        choices=[
            (LineImport.Mode.APPEND.value, _("They stay; these are added")),
            (LineImport.Mode.REPLACE.value, _("These replace them all")),
        ],
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        upload, text = cleaned.get("file"), (cleaned.get("rows") or "").strip()
        if not self.errors and (upload is None) == (not text):
            said = _("Choose a file or paste rows.") if upload is None else _(
                "Choose a file or paste rows, not both."
            )  # fmt: skip
            self.add_error("file", said)
        return cleaned

    def table(self) -> tuple[str, bytes]:
        """The name and content of what was brought. Valid forms only."""
        upload = self.cleaned_data.get("file")
        if upload is not None:
            # One byte more than is taken says that there are too many.
            return upload.name, upload.read(LIMITS.file_bytes + 1)
        return PASTED, str(self.cleaned_data["rows"]).encode()
