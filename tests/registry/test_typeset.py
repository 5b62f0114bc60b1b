"""Documents to print: tagged, dated, the same each time, and nothing typed becomes markup."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.typeset import TEMPLATES, NotTypeset, typeset

ON = date(2026, 3, 15)


def sample(text: str, *rows: tuple[str, object], language: str = "en") -> bytes:
    data = {"text": text, "rows": list(rows) or [("a", "b")]}
    return typeset("sample", data, title="A sample", on=ON, language=language)


def test_a_document_is_a_tagged_pdf_with_title_language_and_date() -> None:
    pdf = sample("Words.", ("share", Decimal("0.3")), ("on", ON))

    assert pdf.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in pdf
    assert b"/Marked true" in pdf
    assert b"pdfuaid:part" in pdf
    assert b"/Lang(en)" in pdf.replace(b" ", b"")
    assert b"A sample" in pdf
    assert b"2026-03-15" in pdf


def test_the_same_input_gives_the_same_bytes() -> None:
    assert sample("Words.") == sample("Words.")


def test_other_input_gives_another_document() -> None:
    assert sample("Words.") != sample("Other words.")


@pytest.mark.parametrize(
    "text",
    [
        '#panic("run")',
        "*bold* $x$ `raw` <label> @reference",
        '#include "/etc/passwd"',
        '"; #sys.inputs',
        "\\ \u0000 \x1b \x7f",
        "北京首钢 €/t CO₂ ≥ — 😀 \U0001f525",
        "שלום مرحبا",
        "\ue000 \uffff \ud800",
    ],
)
def test_what_is_typed_is_only_text(text: str) -> None:
    assert sample(text, (text, text)).startswith(b"%PDF")


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=30))
def test_any_text_can_be_printed(text: str) -> None:
    assert sample(text).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["absent", "../typeset", "SAMPLE", "", "sample.typ"])
def test_only_templates_of_the_folder_are_there(name: str) -> None:
    with pytest.raises(NotTypeset, match="no template"):
        typeset(name, {}, title="T", on=ON)


def test_data_that_no_document_can_hold_is_refused() -> None:
    with pytest.raises(NotTypeset, match="plain values"):
        typeset("sample", {"text": object()}, title="T", on=ON)


def test_a_template_that_lacks_its_data_is_one_exception() -> None:
    with pytest.raises(NotTypeset, match=r"sample\.typ"):
        typeset("sample", {}, title="T", on=ON)


def test_every_template_imports_the_shared_page() -> None:
    for path in TEMPLATES.glob("*.typ"):
        assert path.name == "billet.typ" or '#import "billet.typ": *' in path.read_text("utf-8")
