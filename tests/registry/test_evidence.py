"""What an uploaded file really is, whatever its name says."""

import contextlib
import hashlib
import json
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import BadInput
from registry.evidence import MOST_BYTES, inspect

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 8
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(*names: str, content: bytes = b"<workbook/>") -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names or ("[Content_Types].xml", "xl/workbook.xml"):
            archive.writestr(name, content)
    return file.getvalue()


XLSX = workbook()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("report.pdf", PDF, "application/pdf"),
        ("REPORT.PDF", PDF, "application/pdf"),
        ("plant.png", PNG, "image/png"),
        ("plant.jpg", JPEG, "image/jpeg"),
        ("plant.jpeg", JPEG, "image/jpeg"),
        ("meters.xlsx", XLSX, XLSX_TYPE),
        ("meters.csv", b"day,t\n1,2\n", "text/csv"),
        ("meters.csv", "\ufefftag,räkning\n".encode(), "text/csv"),
        ("note.txt", "Größe\n".encode(), "text/plain"),
        ("meters.json", b'{"t": 1}', "application/json"),
        ("räkning 2025 (2).pdf", PDF, "application/pdf"),
    ],
)
def test_each_kind_is_known_by_its_content(name: str, content: bytes, media_type: str) -> None:
    assert inspect(name, BytesIO(content)).media_type == media_type


def test_size_and_hash_are_of_the_whole_content() -> None:
    seen = inspect("report.pdf", BytesIO(PDF))
    assert (seen.content, seen.size) == (PDF, len(PDF))
    assert seen.sha256 == hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.pdf", b"MZ\x90\x00 not a PDF"),
        ("report.pdf", PNG),
        ("report.png", PDF),
        ("report", PDF),
        ("pdf", PDF),
        ("report.pdf.exe", PDF),
        ("report.exe", b"MZ\x90\x00"),
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg onload='alert(1)'/>"),
        ("meters.xlsx", workbook("readme.txt")),
        ("meters.xlsx", b"PK\x03\x04 cut off"),
        ("meters.xlsm", XLSX),
        ("archive.zip", XLSX),
        ("meters.csv", b"day\x00,t"),
        ("meters.csv", b"\xff\xfe\x00d"),
        ("meters.txt", b"caf\xe9"),
        ("meters.json", b"{'t': 1}"),
        ("meters.json", b"[" * 200_000),
        ("meters.json", b"9" * 10_000),
        ("../../etc/passwd", b"root:x:0:0"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(BadInput) as refusal:
        inspect(name, BytesIO(content))
    assert set(refusal.value.errors) == {"file"}
    assert ".pdf" in str(refusal.value), "the refusal says what is taken"


@pytest.mark.parametrize("name", ["meters\x00.pdf", "meters\n.pdf", "meters\u202efdp.pdf", ""])
def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        inspect(name, BytesIO(PDF))


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(BadInput, match="is empty"):
        inspect("report.pdf", BytesIO(b""))


def test_twenty_mebibytes_are_taken_and_a_byte_more_is_not() -> None:
    most = PDF + b"0" * (MOST_BYTES - len(PDF))
    assert inspect("report.pdf", BytesIO(most)).size == MOST_BYTES
    with pytest.raises(BadInput, match="larger than 20 MiB"):
        inspect("report.pdf", BytesIO(most + b"0"))


class Endless(BytesIO):
    """A file without an end: reading it whole would never come back."""

    def __init__(self) -> None:
        super().__init__()
        self.given = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size >= 0, "read without a bound"
        self.given += size
        return b"0" * size


def test_no_more_is_read_than_could_be_taken() -> None:
    endless = Endless()
    with pytest.raises(BadInput):
        inspect("report.pdf", endless)
    assert endless.given == MOST_BYTES + 1


def test_a_workbook_is_not_unpacked() -> None:
    """Its list of names is all we read: a bomb does not go off here."""
    bomb = workbook("xl/workbook.xml", "xl/worksheets/sheet1.xml", content=b"0" * 20_000_000)
    assert len(bomb) < 100_000
    assert inspect("bomb.xlsx", BytesIO(bomb)).size == len(bomb)


@pytest.mark.parametrize("name", ["../../evil/xl/workbook.xml", "/xl/workbook.xml", "xl/workbook"])
def test_a_workbook_has_its_workbook_where_it_belongs(name: str) -> None:
    with pytest.raises(BadInput):
        inspect("meters.xlsx", BytesIO(workbook(name)))


def test_an_archive_of_a_later_version_is_refused_and_not_a_crash() -> None:
    later = bytearray(XLSX)
    central = later.rindex(b"PK\x01\x02", 0, later.rindex(b"PK\x01\x02"))
    later[central + 6] = 99
    with pytest.raises(BadInput):
        inspect("meters.xlsx", BytesIO(bytes(later)))


@given(st.data())
def test_no_damage_to_a_workbook_is_a_crash(data: st.DataObject) -> None:
    damaged = bytearray(XLSX)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(BadInput):
        inspect("meters.xlsx", BytesIO(bytes(damaged)))


@given(st.sampled_from([".pdf", ".xlsx", ".csv", ".json", ".txt", ".png"]), st.binary(max_size=80))
def test_no_content_is_a_crash(ending: str, content: bytes) -> None:
    with contextlib.suppress(BadInput):
        inspect(f"file{ending}", BytesIO(content))


def test_json_of_every_unicode_encoding_is_json() -> None:
    text = json.dumps({"größe": 1}, ensure_ascii=False)
    for encoding in ("utf-8", "utf-16", "utf-32"):
        assert inspect("a.json", BytesIO(text.encode(encoding))).media_type == "application/json"
