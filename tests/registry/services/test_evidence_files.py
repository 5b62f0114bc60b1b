"""Evidence: stored once, by its content, while an application is its producer's."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import NotVisible, Refused
from accounts.models import User
from registry.errors import BadInput, KeyReused, NotNow
from registry.models import Evidence, Production
from registry.services.productions import add_evidence
from tests import cast as made
from tests.cast import Cast, cast, key
from tests.support.refusals import refused, writes_nothing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def draft(people: Cast) -> Production:
    return made.production(people)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def stored(files: Path) -> list[Path]:
    return [path for path in files.rglob("*") if path.is_file()]


def attach(
    draft: Production,
    by: User,
    content: bytes = b"meter,reading\n1,2\n",
    *,
    kind: str = "measurement",
    name: str = "meters.csv",
    same: str = "",
) -> Evidence:
    return add_evidence(
        by=by,
        now=timezone.now(),
        key=same or key(),
        production=draft,
        kind=kind,
        name=name,
        file=BytesIO(content),
    )


def test_a_file_is_kept_with_what_it_is(people: Cast, draft: Production, files: Path) -> None:
    evidence = attach(draft, people.alice)
    assert (evidence.media_type, evidence.size, evidence.uploaded_by) == (
        "text/csv",
        18,
        people.alice,
    )
    assert [path.read_bytes() for path in stored(files)] == [b"meter,reading\n1,2\n"]
    assert evidence.file.name.endswith(evidence.sha256)


def test_the_same_file_again_is_the_same_evidence(
    people: Cast, draft: Production, files: Path
) -> None:
    first = attach(draft, people.alice)
    again = attach(draft, people.alice, kind="other", name="again.csv")
    assert again == first
    assert len(stored(files)) == 1


def test_a_repeat_stores_nothing_twice(people: Cast, draft: Production, files: Path) -> None:
    same = key()
    first = attach(draft, people.alice, same=same)
    with writes_nothing():
        assert attach(draft, people.alice, same=same) == first
    assert len(stored(files)) == 1


@pytest.mark.parametrize(
    "other", [{"content": b"other"}, {"kind": "delivery"}, {"name": "other.csv"}]
)
def test_the_same_key_with_another_file_kind_or_name_is_refused(
    people: Cast, draft: Production, files: Path, other: dict[str, Any]
) -> None:
    same = key()
    attach(draft, people.alice, same=same)
    with refused(KeyReused):
        attach(draft, people.alice, same=same, **other)
    assert len(stored(files)) == 1


def test_an_outsider_attaches_nothing(people: Cast, draft: Production, files: Path) -> None:
    with refused(NotVisible):
        attach(draft, people.erik)
    assert stored(files) == []


def test_a_colleague_without_the_right_attaches_nothing(
    people: Cast, draft: Production, files: Path
) -> None:
    with refused(Refused):
        attach(draft, people.anton)
    assert stored(files) == []


def test_an_unknown_kind_is_refused_by_its_field(
    people: Cast, draft: Production, files: Path
) -> None:
    with refused(BadInput) as refusal:
        attach(draft, people.alice, kind="rumour")
    assert set(refusal.value.errors) == {"kind"}
    assert stored(files) == []


def test_a_file_that_is_not_what_it_says_is_refused_by_its_field(
    people: Cast, draft: Production, files: Path
) -> None:
    with refused(BadInput) as refusal:
        attach(draft, people.alice, b"MZ\x90\x00", name="report.pdf")
    assert set(refusal.value.errors) == {"file"}
    assert stored(files) == []


@pytest.mark.parametrize("state", ["submitted", "in_verification", "verified", "issued"])
def test_nothing_is_attached_once_it_is_handed_over(
    people: Cast, draft: Production, files: Path, state: str
) -> None:
    Production.objects.filter(pk=draft.pk).update(state=state)
    with refused(NotNow):
        attach(draft, people.alice)
    assert stored(files) == []


def test_another_application_has_its_own_copy_of_a_file(
    people: Cast, draft: Production, files: Path
) -> None:
    attach(draft, people.alice)
    other = made.production(people, at=draft.site)
    assert attach(other, people.alice).production == other
    assert Evidence.objects.filter(name="meters.csv").count() == 2
