"""Values as JSON carries them, taken strictly: what is not exactly of the kind is refused.

A quantity is a JSON integer, an intensity or share a decimal string: a float never gets in, and
no text, boolean or number is quietly read as something else.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.validators import RegexValidator
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

# Far beyond any record's use, and far from where a calendar ends.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class WholeNumber(serializers.IntegerField):
    default_error_messages = {  # DRF merges these over the classes
        "not_whole": (
            "Give a JSON integer, such as 600: no text, no decimal point, no true or false."
        )
    }

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("not_whole")
        return int(data)


class DecimalText(serializers.Field):
    """A Decimal as a decimal string, exactly as written. whole, places: digits at most.

    Shown without needless zeros, so that a figure looks the same whenever it is read.
    """

    default_error_messages = {
        "not_text": (
            'Give a decimal string, such as "0.8": a JSON number may have lost digits already.'
        ),
        "not_decimal": (
            'Give a decimal string, such as "0.8": digits and a decimal point, at most {whole} '
            "digits before it and {places} after."
        ),
        "too_small": "Give a value of {least} or more.",
        "too_large": "Give a value of {most} or less.",
    }

    def __init__(
        self,
        *,
        whole: int = 6,
        places: int = 6,
        least: int | None = 0,
        most: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.whole, self.places, self.least, self.most = whole, places, least, most
        sign = "-?" if least is None or least < 0 else ""
        self.pattern = rf"^{sign}[0-9]{{1,{whole}}}(\.[0-9]{{1,{places}}})?$"

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str):
            self.fail("not_text")
        if len(data) > 100 or re.fullmatch(self.pattern[1:-1], data) is None:
            self.fail("not_decimal", whole=self.whole, places=self.places)
        value = Decimal(data)
        if self.least is not None and value < self.least:
            self.fail("too_small", least=self.least)
        if self.most is not None and value > self.most:
            self.fail("too_large", most=self.most)
        return value or Decimal(0)

    def to_representation(self, value: Decimal) -> str:
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text


class Share(DecimalText):
    """0…1, as a decimal string."""

    def __init__(self, **options: Any) -> None:
        super().__init__(whole=1, places=6, most=1, **options)


class Day(serializers.DateField):
    default_error_messages = {"not_a_day": 'Give a date as "YYYY-MM-DD", between 1900 and 2199.'}

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or _DAY.fullmatch(value) is None:
            self.fail("not_a_day")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail("not_a_day")
        if not FIRST_DAY <= day <= LAST_DAY:
            self.fail("not_a_day")
        return day


class Text(serializers.CharField):
    default_error_messages = {"not_text": "Give a JSON string."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("not_text")
        return str(super().to_internal_value(data))


class Country(Text):
    """An ISO 3166-1 alpha-2 code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            validators=[RegexValidator("^[A-Z]{2}$", "Give two capital letters, such as SE.")],
            help_text="ISO 3166-1 alpha-2",
            **options,
        )


class Choice(serializers.ChoiceField):
    default_error_messages = {"not_a_choice": "Give one of: {choices}."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choices:
            self.fail("not_a_choice", choices=", ".join(map(str, self.choices)))
        return data


class Flag(serializers.BooleanField):
    default_error_messages = {"not_a_flag": "Give true or false."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("not_a_flag")
        return data


class Id(serializers.UUIDField):
    default_error_messages = {"not_text": "Give the id as a JSON string."}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("not_text")
        return super().to_internal_value(data)


class DecimalTextSchema(OpenApiSerializerFieldExtension):
    target_class = DecimalText
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        field: DecimalText = self.target
        return {"type": "string", "pattern": field.pattern, "examples": ["0.8"]}
