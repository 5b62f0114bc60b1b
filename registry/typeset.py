"""Documents to print: a template of `typst/` and data become a tagged PDF (PDF/UA-1).

    pdf = typeset("conformance", {"findings": [...]}, title="Conformance report", on=today)

What users typed reaches a template as data, never as markup, so that it cannot run or format
anything. The same input gives the same bytes; every font comes with the typesetter. Letters that
none of them has are sought among the machine's fonts, and where nobody has them their code
points are printed in their place: no text makes a document fail.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import typst

TEMPLATES = Path(__file__).parent / "typst"

_NAME = re.compile(r"[a-z_]+")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_NO_GLYPH = re.compile(r'could not be displayed|the text `"(?P<text>.*?)"`', re.DOTALL)
# Each pass names one missing piece of text; after these, all beyond Latin is spelled out.
_PASSES = 20


class NotTypeset(Exception):
    """A document could not be made; the message is the typesetter's."""


def typeset(
    template: str, data: Mapping[str, object], *, title: str, on: date, language: str = "en"
) -> bytes:
    """The PDF of `typst/<template>.typ` over JSON-ready data, decimals and dates included.

    on: the document's date. language: of its words, "en" or "zh". Raises NotTypeset: there is no
    such template, the data holds other values, or the template fails.
    """
    path = TEMPLATES / f"{template}.typ"
    if _NAME.fullmatch(template) is None or not path.is_file():
        raise NotTypeset(f"there is no template {template!r}")
    input = {
        "title": title,
        "language": language,
        "year": on.year,
        "month": on.month,
        "day": on.day,
        "data": data,
    }
    text = json.dumps(_plain(input), ensure_ascii=False)
    return _every_letter(path, text.encode("utf-8", "replace").decode("utf-8"), on)


def _every_letter(path: Path, text: str, on: date) -> bytes:
    """Compile with the typesetter's fonts, then the machine's, then with code points."""
    own_fonts_only = True
    for _ in range(_PASSES):
        try:
            return _compile(path, text, on, own_fonts_only=own_fonts_only)
        except typst.TypstError as error:
            missing = _missing_letters(str(error))
            if not missing:
                raise NotTypeset(f"{path.name}: {error}") from error
            if own_fonts_only:
                own_fonts_only = False
            else:
                text = "".join(_spelled(each) if each in missing else each for each in text)
    text = "".join(_spelled(each) if ord(each) > 0x17F else each for each in text)
    try:
        return _compile(path, text, on, own_fonts_only=True)
    except typst.TypstError as error:
        raise NotTypeset(f"{path.name}: {error}") from error


def _compile(path: Path, text: str, on: date, *, own_fonts_only: bool) -> bytes:
    made = typst.compile(
        path,
        root=TEMPLATES,
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=own_fonts_only,
        sys_inputs={"input": text},
        timestamp=int(datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp()),
    )
    assert isinstance(made, bytes)  # one PDF, not pages
    return made


def _missing_letters(message: str) -> set[str]:
    """The letters that no font has, as the typesetter names them; none: another error."""
    found = _NO_GLYPH.search(message)
    if found is None or "could not be displayed" not in message or found["text"] is None:
        return set()
    named = re.sub(r"\\u\{([0-9a-f]+)\}", lambda each: chr(int(each[1], 16)), found["text"])
    return {each for each in named if ord(each) > 0x7E}


def _spelled(letter: str) -> str:
    return f"[U+{ord(letter):04X}]"


def _plain(value: object) -> object:
    """JSON's kinds of values, texts without control characters. Raises NotTypeset."""
    if isinstance(value, str):
        return _CONTROLS.sub(" ", value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    raise NotTypeset(f"a document holds plain values, found {type(value).__name__}")
