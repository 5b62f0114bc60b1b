"""What auditor and producer say to each other before the statement is signed (5.3)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ui.forms import PortalForm
from registry.models import AuditFinding


class _TalkForm(PortalForm):
    """Several stand on one page; prefix keeps their ids apart."""

    def __init__(self, *args: Any, about: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"id_{about}_%s", **kwargs})


class AskForm(_TalkForm):
    text = forms.CharField(
        label=_("What you ask for"), widget=forms.Textarea(attrs={"rows": "3"}), max_length=10_000
    )


class ObjectForm(_TalkForm):
    text = forms.CharField(
        label=_("What you found"), widget=forms.Textarea(attrs={"rows": "3"}), max_length=10_000
    )


class AnswerForm(_TalkForm):
    text = forms.CharField(
        label=_("Your answer"), widget=forms.Textarea(attrs={"rows": "3"}), max_length=10_000
    )
    file = forms.FileField(label=_("A file, where it answers"), required=False)


class RespondForm(_TalkForm):
    response = forms.ChoiceField(
        label=_("Do you accept it?"),
        choices=AuditFinding.Response.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why you contest it"),
        widget=forms.Textarea(attrs={"rows": "3"}),
        required=False,
        max_length=10_000,
    )


class ResolveForm(_TalkForm):
    resolution = forms.CharField(
        label=_("How it is resolved"), widget=forms.Textarea(attrs={"rows": "2"}), max_length=10_000
    )
