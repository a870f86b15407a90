"""Form fields as the components draw them."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.forms import BoundField

_Part = dict[str, object]


def component_kind_of(field: BoundField) -> str:
    """Which component draws the field."""
    match field.field.widget:
        case forms.HiddenInput():
            return "hidden"
        case forms.CheckboxSelectMultiple():  # which is a kind of RadioSelect
            return "checkboxes"
        case forms.RadioSelect():
            return "radios"
        case forms.CheckboxInput():
            return "checkbox"
        case forms.Textarea():
            return "textarea"
        case forms.Select():
            return "select"
        case forms.ClearableFileInput() | forms.FileInput():
            return "file"
        case DayInput():
            return "day"
        case _:
            return "input"


class DayInput(forms.MultiWidget):
    """A day as three numbers, as the Design System asks for dates."""

    def __init__(self) -> None:
        super().__init__({"day": forms.TextInput(), "month": forms.TextInput(), "year": forms.TextInput()})

    def decompress(self, value: date | None) -> list[str]:
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]


class DayField(forms.MultiValueField):
    """A day; asks for day, month and year apart and answers with a date."""

    widget = DayInput

    def __init__(self, *, label: str, required: bool = True, help_text: str = "") -> None:
        parts = (forms.CharField(required=False), forms.CharField(required=False), forms.CharField(required=False))
        super().__init__(parts, label=label, required=required, help_text=help_text, require_all_fields=False)

    def compress(self, data_list: Sequence[str]) -> date | None:
        if not any(data_list):
            return None
        try:
            day, month, year = (int(part) for part in data_list)
            return date(year, month, day)
        except (TypeError, ValueError, OverflowError):
            raise forms.ValidationError("Write a real day, such as 14 10 2019") from None


def date_parts(field: BoundField) -> list[str]:
    """What was typed, or what the field began with."""
    value = field.value()
    if isinstance(value, date):
        return [str(value.day), str(value.month), str(value.year)]
    return [str(part or "") for part in value] if isinstance(value, list | tuple) else ["", "", ""]


def date_items(field: BoundField) -> list[_Part]:
    """The three inputs of a day, as the date component takes them."""
    has_error = " govuk-input--error" if field.errors else ""
    return [
        {
            "id": f"{field.auto_id}_{name}",
            "name": f"{field.html_name}_{name}",
            "label": label,
            "value": value,
            "classes": f"govuk-input--width-{width}{has_error}",
        }
        for (name, label, width), value in zip(
            (("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4)), date_parts(field), strict=False
        )
    ]


def date_text(value: date | None) -> str:
    return value.isoformat() if value else ""
