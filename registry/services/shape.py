"""The shape of what a service is given: known fields, values that fit, dates that make sense."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

from registry import words
from registry.errors import BadInput

# No record of this registry has an earlier or later date; months are added to all of them.
_FIRST_YEAR, _LAST_YEAR = 1850, 2199


def only(fields: tuple[str, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values by field. Raises BadInput for a name that is not among the fields."""
    unknown = sorted(set(values) - set(fields))
    if unknown:
        raise BadInput({name: ["There is no such field."] for name in unknown})
    return dict(values)


def save_clean(record: models.Model, **more: list[str]) -> None:
    """Validate every field and constraint, then save. Raises BadInput, naming the fields.

    more: what the caller found wrong, by field, reported together with the rest.
    """
    # A reversed period is named by the caller, in better words than its constraint's.
    errors = _errors(record, constraints=not more)
    for field, texts in more.items():
        errors[field] = [*errors.get(field, []), *texts]
    if errors:
        raise BadInput(errors)
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        # Somebody saved the same name at the same moment; now it is there to be seen.
        raise BadInput(_errors(record, constraints=True) or _unknown(error)) from error


def faults_of(record: models.Model, *, without: tuple[str, ...]) -> dict[str, list[str]]:
    """What is wrong with the fields of a record that is saved with another one, by field."""
    return _errors(record, constraints=False, without=without)


def require_texts(model: type[models.Model], **texts: str) -> None:
    """Texts that fit their columns, by field of the model. Raises BadInput."""
    errors = {}
    for name, text in texts.items():
        field = model._meta.get_field(name)
        assert isinstance(field, models.CharField)  # texts of bounded length only
        if field.max_length is not None and len(text) > field.max_length:
            errors[name] = [f"Use at most {field.max_length} characters; found {len(text)}."]
    if errors:
        raise BadInput(errors)


def country_faults(record: models.Model) -> dict[str, list[str]]:
    """What is wrong with the country of a record, by field: it is part of unit identifiers."""
    country = str(getattr(record, "country", ""))
    if not country or country in dict(words.countries()):
        return {}
    return {"country": ["Give the two capital letters of a country (ISO 3166-1 alpha-2)."]}


def _errors(
    record: models.Model, *, constraints: bool, without: tuple[str, ...] = ()
) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    try:
        record.full_clean(exclude=without, validate_constraints=constraints)
    except ValidationError as found:
        for name, each in _by_field(found):
            errors.setdefault(name, []).extend(each.messages)
    for field in record._meta.fields:
        value = getattr(record, field.attname)
        is_day = isinstance(field, models.DateField) and type(value) is date
        if is_day and not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            errors.setdefault(field.name, []).append(
                f"Give a date from {_FIRST_YEAR} to {_LAST_YEAR}."
            )
    return errors


def _by_field(error: ValidationError) -> Iterator[tuple[str, ValidationError]]:
    """Each error with its field; a name taken already belongs to the last field of its key."""
    for name, texts in error.error_dict.items():
        for each in texts:
            unique = (each.params or {}).get("unique_check", ())
            yield (unique[-1] if name == NON_FIELD_ERRORS and unique else name), each


def _unknown(error: IntegrityError) -> dict[str, list[str]]:
    return {NON_FIELD_ERRORS: [str(error)]}
