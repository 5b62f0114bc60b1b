"""Forms in the design system's markup: what was typed stays, and every error leads to its field."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from accounts.ui.forms import FieldGroup, FilterForm, PortalForm, QuantityField, TonnesField

KEY = "6d6bc0c6-3a11-4b3e-9f5c-0a4c6ed5f9a1"


@dataclass(frozen=True)
class Verdict:
    rule: str = "R013"
    section: str = "3.1"
    modality: str = "must"
    outcome: str = "fail"
    found: str = "14 months"
    allowed: str = "at most 12 months"
    action: str = "Split the production."
    field: str | None = "start_date"
    ours: bool = False


class Example(PortalForm):
    fieldsets: ClassVar = (FieldGroup("Figures", ("tonnes", "intensity"), "As measured."),)

    tonnes = TonnesField(help_text="Whole tonnes.")
    intensity = QuantityField(suffix="t CO2e/t", max_digits=12, decimal_places=6)
    start_date = forms.DateField()
    route = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[("eaf", "Arc furnace"), ("dri", "Direct reduction")]
    )
    uses = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, required=False, choices=[("a", "A"), ("b", "B")]
    )
    product = forms.ChoiceField(choices=[("", "Choose"), ("steel", "Steel")], required=False)
    note = forms.CharField(widget=forms.Textarea, required=False)
    evidence = forms.FileField(required=False)
    agreed = forms.BooleanField(required=False)


def answers(**changes: Any) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(
        {
            "idempotency_key": KEY,
            "tonnes": "12,345",
            "intensity": "0.412",
            "start_date": "2026-01-05",
            "route": "dri",
            "note": "hello",
            **changes,
        }
    )
    return data


def test_a_new_form_carries_a_fresh_key() -> None:
    keys = [re.search(r'name="idempotency_key" value="([^"]+)"', str(Example())) for _ in "ab"]
    assert all(keys)
    first, second = (UUID(key.group(1)) for key in keys if key)
    assert first != second


def test_a_form_sent_again_keeps_its_key() -> None:
    form = Example(answers(tonnes="x"))
    assert not form.is_valid()
    assert f'value="{KEY}"' in str(form)


@pytest.mark.parametrize("key", ["", "not-a-key"])
def test_a_damaged_key_is_refused_and_replaced(key: str) -> None:
    form = Example(answers(idempotency_key=key))
    assert not form.is_valid()
    shown = re.search(r'name="idempotency_key" value="([^"]+)"', str(form))
    assert shown
    assert UUID(shown.group(1))
    assert "sent incomplete" in str(form)


def test_a_valid_form_cleans_to_exact_values() -> None:
    form = Example(answers())
    assert form.is_valid(), form.errors
    assert form.cleaned_data["tonnes"] == 12345
    assert str(form.cleaned_data["intensity"]) == "0.412"
    assert form.cleaned_data["idempotency_key"] == UUID(KEY)


def test_everything_typed_is_still_there_after_an_error() -> None:
    html = str(Example(answers(tonnes="12.345,6", intensity="0,412", start_date="31/02/2026")))
    for typed in ("12.345,6", "0,412", "31/02/2026"):
        assert f'value="{typed}"' in html
    assert ">\nhello</textarea>" in html
    assert 'value="dri" checked' in html


def test_a_date_that_cannot_be_read_is_shown_as_text() -> None:
    control = _control(Example(answers(start_date="31/02/2026")), "start_date")
    assert 'type="text"' in control
    assert 'type="date"' in _control(Example(answers()), "start_date")
    assert 'type="date"' in _control(Example(), "start_date")


def test_a_number_is_typed_as_text_so_that_nothing_is_thrown_away() -> None:
    tonnes, intensity = _control(Example(), "tonnes"), _control(Example(), "intensity")
    assert 'type="text"' in tonnes
    assert 'inputmode="numeric"' in tonnes
    assert 'inputmode="decimal"' in intensity
    assert "min=" not in tonnes
    assert "step=" not in intensity


@pytest.mark.parametrize("typed", ["12,345", "12 345", "12\u00a0345", "12345"])
def test_thousands_may_be_marked_in_tonnes(typed: str) -> None:
    assert TonnesField().clean(typed) == 12345


@pytest.mark.parametrize("typed", ["12,34", "1,2345", "12.5", "1,234 567", ",123", "-5"])
def test_tonnes_that_could_mean_something_else_are_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        TonnesField().clean(typed)


@pytest.mark.parametrize("typed", ["0,412", "1,234.5", "NaN", "1e"])
def test_a_comma_in_a_quantity_is_refused_not_guessed(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        QuantityField().clean(typed)


@pytest.mark.parametrize("typed", ["01/05/2026", "5/1/26"])
def test_a_date_of_doubtful_order_is_refused(typed: str) -> None:
    form = Example(answers(start_date=typed))
    assert "start_date" in form.errors


def test_messages_are_tied_to_their_control() -> None:
    control = _control(Example(answers(tonnes="x")), "tonnes")
    html = str(Example(answers(tonnes="x")))
    described = re.search(r'aria-describedby="([^"]+)"', control)
    assert described
    for name in described.group(1).split():
        assert f'id="{name}"' in html
    assert 'aria-invalid="true"' in control
    assert "id_tonnes_error" in described.group(1)
    assert "id_tonnes_unit" in described.group(1)


def test_fields_are_grouped_and_the_rest_come_last() -> None:
    html = str(Example())
    assert html.index("Figures</legend>") < html.index('id="id_tonnes"')
    assert html.index('id="id_intensity"') < html.index('id="id_start_date"')
    assert "As measured." in html


def test_optional_fields_say_so() -> None:
    html = str(Example())
    assert re.search(r'for="id_note">Note <span class="app-optional">\(optional\)', html)
    assert not re.search(r'for="id_tonnes">Tonnes <span', html)


def test_a_filter_neither_carries_a_key_nor_marks_what_is_optional() -> None:
    class Search(FilterForm):
        country = forms.CharField(required=False)

    html = str(Search())
    assert "(optional)" not in html
    assert "idempotency_key" not in html


def test_no_field_uses_the_browsers_own_validation_or_inline_style() -> None:
    html = str(Example())
    assert " required" not in html
    assert "style=" not in html
    assert "<script" not in html


def test_every_kind_of_control_has_a_label_and_its_class() -> None:
    html = str(Example())
    for class_name in (
        *("govuk-input", "govuk-select", "govuk-textarea", "govuk-file-upload"),
        *("govuk-radios__input", "govuk-checkboxes__input"),
    ):
        assert f'class="{class_name}' in html
    ids = re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', html)
    visible = [name for name in ids if name != "id_idempotency_key"]
    assert visible
    assert all(f'for="{name}"' in html for name in visible)


def test_a_file_that_a_browser_cannot_keep_is_named() -> None:
    files = MultiValueDict({"evidence": [SimpleUploadedFile("balance.pdf", b"%PDF")]})
    html = str(Example(answers(tonnes="x"), files))
    assert "You chose balance.pdf." in html
    assert "You chose" not in str(Example(answers(), files))


def test_markup_in_what_was_typed_is_inert() -> None:
    attack = '"><script>alert(1)</script>'
    html = str(Example(answers(tonnes=attack, note=attack, start_date=attack, route=attack)))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_the_summary_leads_to_every_field_in_error() -> None:
    form = Example(answers(tonnes="x", route=""))
    items = form.error_summary
    assert [item.href for item in items] == ["#id_tonnes", "#id_route_0"]
    assert items[0].text.startswith("Tonnes: ")
    html = str(form)
    assert 'href="#id_tonnes"' in html
    assert 'id="id_route_0"' in html


def test_a_failing_finding_refuses_the_form_beside_its_field() -> None:
    form = Example(answers())
    form.add_findings([Verdict(), Verdict(rule="R020", outcome="pass", field=None)])
    assert not form.is_valid()
    assert [finding.rule for finding in form.findings] == ["R013", "R020"]
    (item,) = form.error_summary
    assert item.href == "#id_start_date"
    assert item.source == "R013, section 3.1"
    assert item.action == "Split the production."
    assert "14 months" in form.errors["start_date"][0]
    assert "at most 12 months" in form.errors["start_date"][0]


def test_a_finding_without_a_field_stands_in_the_summary_once() -> None:
    form = Example(answers())
    form.add_findings([Verdict(field=None, ours=True), Verdict(field="vintage", rule="R014")])
    assert [item.href for item in form.error_summary] == ["", ""]
    html = str(form)
    assert html.count("14 months") == 2
    assert "Billet’s own rule" in html


def test_warnings_leave_a_form_valid() -> None:
    form = Example(answers())
    form.add_findings([Verdict(outcome="warn"), Verdict(outcome="not applicable")])
    assert form.is_valid()
    assert form.error_summary == []


def test_markup_in_a_finding_is_inert() -> None:
    form = Example(answers())
    form.add_findings([Verdict(found="<img src=x onerror=alert(1)>")])
    assert "<img" not in str(form)


def test_an_ordinary_form_is_drawn_the_same_way() -> None:
    class Plain(forms.Form):
        name = forms.CharField(widget=forms.TextInput(attrs={"data-suffix": "kg", "class": "own"}))
        secret = forms.CharField(widget=forms.PasswordInput)

    html = str(Plain({"name": "", "secret": "hidden"}))
    assert 'class="own govuk-input govuk-input--error"' in html
    assert 'id="id_name_unit">kg</div>' in html
    assert "data-suffix" not in html
    assert "hidden" not in re.sub(r" hidden>|visually-hidden|aria-hidden", "", html)


def test_a_formset_is_drawn_line_by_line() -> None:
    formset = forms.formset_factory(Example, extra=2)()
    html = str(formset)
    assert "Line 1" in html
    assert 'id="id_form-1-tonnes"' in html
    assert 'name="form-TOTAL_FORMS"' in html


def _control(form: forms.Form, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', str(form))
    assert found
    return found.group(0)
