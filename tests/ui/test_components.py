"""Each component draws what it is given, escapes it, and says in words what it colours."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.signals import template_rendered
from django.utils.safestring import mark_safe

from accounts.ui import status
from accounts.ui.findings import by_severity
from accounts.ui.parts import Cell, Column, SummaryRow
from accounts.ui.sample import FINDINGS, SampleFinding

ATTACK = "<script>alert(1)</script>"


def draw(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_filters_write_quantities_with_their_units() -> None:
    html = draw(
        "{{ 12345|tonnes }}|{{ i|intensity }}|{{ e|emissions }}|{{ s|share }}|{{ n|number }}",
        i="0.4120",
        e="8334.40",
        s="0.125",
        n=1234567,
    )
    assert html == "12,345 t|0.412 t CO2e/t|8,334.4 t CO2e|12.5 %|1,234,567"


def test_findings_are_listed_with_rule_numbers_and_way_out() -> None:
    html = draw("{% finding_list items %}", items=FINDINGS)
    for words in ("R013", "section 3.1", "14 months", "at most 12 months", "Split the production"):
        assert words in html
    for outcome in ("Fails", "Warning", "Passes", "Not applicable"):
        assert f"{outcome}</strong>" in html


def test_failures_come_before_warnings_and_passes() -> None:
    assert [finding.rule for finding in by_severity(FINDINGS)] == ["R013", "R085", "R020", "R052"]


def test_only_rules_of_our_own_are_marked_as_ours() -> None:
    ours = SampleFinding("R085", "", "should", "", "warn", "a", "b", ours=True)
    theirs = SampleFinding("R013", "3.1", "must", "", "warn", "a", "b")
    assert "Billet’s own rule" in draw("{% finding_list items %}", items=[ours])
    assert "Billet’s own rule" not in draw("{% finding_list items %}", items=[theirs])


def test_no_findings_is_said_in_words() -> None:
    assert "No rule applies yet." in draw("{% finding_list items %}", items=[])


def test_a_state_is_told_in_words_and_tone() -> None:
    html = draw("{% status_tag 'in_verification' %}{% status_tag 'x' 'reserved for a transfer' %}")
    assert "In verification" in html
    assert "app-tag--wait" in html
    assert "Reserved for a transfer" in html


def test_a_state_that_nobody_named_is_neutral() -> None:
    assert status.tone("unheard of") == "idle"
    assert status.label(None) == "Unknown"


def test_a_table_scrolls_in_a_named_region_and_sets_numbers_right() -> None:
    html = draw(
        "{% data_table 'Holdings' columns rows %}",
        columns=["Issuance", "#Units", Column("State")],
        rows=[[Cell("BLT-1", "/issuances/1"), "600 t", Cell("", state="active")]],
    )
    assert 'role="region" aria-labelledby="holdings-caption" tabindex="0"' in html
    assert 'id="holdings-caption"' in html
    assert 'govuk-table__header--numeric">Units' in html
    assert 'govuk-table__cell--numeric">600 t' in html
    assert '<a class="govuk-link" href="/issuances/1">BLT-1</a>' in html
    assert "Active" in html


def test_a_row_of_another_length_than_the_header_is_an_error() -> None:
    with pytest.raises(ValueError):
        draw("{% data_table 'T' columns rows %}", columns=["A", "B"], rows=[["1"]])


def test_an_empty_table_says_so() -> None:
    assert "Nothing to show." in draw("{% data_table 'T' c r %}", c=["A"], r=[])
    assert "No offers" in draw("{% data_table 'T' c r empty='No offers' %}", c=["A"], r=[])


def test_a_summary_list_names_the_row_in_its_link() -> None:
    html = draw(
        "{% summary_list rows 'Record' %}",
        rows=[("Units", "600 t", {"url": "/x", "label": "Change"}), SummaryRow("Site", "Luleå")],
    )
    assert 'Change<span class="govuk-visually-hidden"> Units</span>' in html
    assert "Luleå" in html


def test_pages_keep_the_filters_of_the_list() -> None:
    request = RequestFactory().get("/register/", {"country": "SE", "page": "2"})
    page = Paginator(range(100), 10).get_page(2)
    html = draw("{% pagination page %}", page=page, request=request)
    assert 'href="?country=SE&amp;page=3"' in html
    assert 'aria-current="page"' in html
    assert draw("{% pagination page %}", page=Paginator([1], 10).get_page(1)).strip() == ""


def test_a_confirmation_states_its_consequence_and_carries_a_token() -> None:
    request = RequestFactory().get("/")
    html = draw(
        "{% confirm_panel 'Retire' warning='For ever.' submit='Retire 600 t' %}"
        "<p>{{ what }}</p>{% endconfirm_panel %}",
        request=request,
        what=ATTACK,
    )
    assert "csrfmiddlewaretoken" in html
    assert "For ever." in html
    assert "data-disable-on-submit" in html
    assert "<script" not in html


def test_an_error_summary_is_drawn_only_when_something_is_wrong() -> None:
    assert draw("{% error_summary form %}", form=None).strip() == ""


@pytest.mark.parametrize(
    "source",
    [
        "{% data_table bad c r %}",
        "{% summary_list pairs bad %}",
        "{% timeline events bad %}",
        "{% finding_list findings bad %}",
        "{% status_tag bad %}{% status_tag 'x' bad %}{% tag bad %}",
        "{% empty_state bad bad bad bad %}",
        "{% panel bad %}{% endpanel %}",
        "{% table bad %}{% endtable %}",
        "{% submit bad name=bad value=bad %}",
    ],
)
def test_components_escape_what_they_are_given(source: str) -> None:
    html = draw(
        source,
        bad=ATTACK,
        c=[ATTACK],
        r=[[ATTACK]],
        pairs=[(ATTACK, ATTACK, {"url": ATTACK, "label": ATTACK})],
        events=[{"title": ATTACK, "text": ATTACK, "by": ATTACK, "at": None}],
        findings=[SampleFinding(ATTACK, ATTACK, ATTACK, ATTACK, ATTACK, ATTACK, ATTACK, ATTACK)],
    )
    assert "<script" not in html


def test_markup_that_a_view_marked_safe_is_kept() -> None:
    assert "<em>x</em>" in draw("{% summary_list r %}", r=[("k", mark_safe("<em>x</em>"))])


@pytest.mark.django_db
def test_the_style_page_shows_every_component(client: Client, settings: Any) -> None:
    settings.DEBUG = True
    drawn: set[str] = set()

    def record(sender: Any, template: Any, **_: Any) -> None:
        drawn.add(str(template.name))

    template_rendered.connect(record)
    try:
        page = client.get("/style/")
        form = client.post("/style/", {"tonnes": ATTACK})
        client.get("/style/?formset")
    finally:
        template_rendered.disconnect(record)
    assert page.status_code == form.status_code == 200
    assert ATTACK not in form.content.decode()
    # Drawn by the pages of signing in and of errors, and by formsets: tested elsewhere.
    elsewhere = {"bare_error.html", "formset.html"}
    missing = {path.name for path in _components()} - elsewhere
    assert missing <= {name.removeprefix("components/") for name in drawn}


@pytest.mark.django_db
def test_the_style_page_is_for_development_only(client: Client, settings: Any) -> None:
    settings.DEBUG = False
    assert client.get("/style/").status_code == 404


def test_no_template_carries_inline_style_or_script() -> None:
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        text = path.read_text()
        assert " style=" not in text, path
        assert " onclick=" not in text, path
        assert "<style" not in text, path
        assert "<script>" not in text, path
        assert "//cdn" not in text, path


def _components() -> list[Path]:
    return list(Path(settings.BASE_DIR, "templates", "components").glob("*.html"))
