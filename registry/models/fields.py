"""Columns that many records share, so that a tonne, an intensity and a share look alike."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.ids import uuid7


def id_field() -> "models.UUIDField[Any, Any]":
    return models.UUIDField(primary_key=True, default=uuid7, editable=False)


def intensity_field(label: str, **options: Any) -> "models.DecimalField[Any, Any]":
    """t CO2e per t, six decimals, never negative."""
    return models.DecimalField(
        label,
        max_digits=12,
        decimal_places=6,
        validators=[MinValueValidator(0)],
        **options,
    )


def share_field(label: str, **options: Any) -> "models.DecimalField[Any, Any]":
    """A share 0…1, six decimals."""
    return models.DecimalField(
        label,
        max_digits=7,
        decimal_places=6,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        **options,
    )


# The bound keeps every serial well inside int8 and far above a year of the world's steel.
MOST_TONNES = 10**12


def tonnes_field(label: str, **options: Any) -> "models.BigIntegerField[Any, Any]":
    """Whole tonnes, at least one."""
    return models.BigIntegerField(
        label,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_TONNES)],
        **options,
    )
