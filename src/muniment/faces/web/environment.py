"""How templates are read: our own, and the GOV.UK Design System's components beside them."""

from pathlib import Path

import govuk_frontend_jinja
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, pass_context
from jinja2.runtime import Context

from muniment import __version__
from muniment.domain.kernel.period import long_date
from muniment.domain.lifecycle.appointments import role_name
from muniment.faces.web.fields import date_items, date_parts, date_text, kind_of
from muniment.faces.web.places import place_of
from muniment.faces.web.wording import (
    count_of,
    day_text,
    left_words,
    moment_text,
    month_name,
    of_kind,
    short_month,
    state_words,
    thousands,
)

HERE = Path(__file__).parent
COMPONENTS = Path(govuk_frontend_jinja.__file__).parent / "templates"


def environment(**options: object) -> Environment:
    """Called by Django with its own options."""
    wanted = {**options, "undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True}
    components = FileSystemLoader(COMPONENTS)
    # The components name one another with the package before.
    named = PrefixLoader({"govuk_frontend_jinja": components})
    wanted["loader"] = ChoiceLoader([FileSystemLoader(HERE / "templates"), components, named])
    found = Environment(**wanted)  # type: ignore[arg-type]  # noqa: S701  # Django's own options, autoescaping among them
    found.globals.update(url=url, static=static, version=__version__)
    found.globals.update(kind_of=kind_of, date_items=date_items, date_parts=date_parts, date_text=date_text)
    found.filters.update(
        long_date=long_date,
        day=day_text,
        moment=moment_text,
        month_name=month_name,
        count_of=count_of,
        role_name=role_name,
        kind=of_kind,
        state=state_words,
        thousands=thousands,
        short_month=short_month,
        left_words=left_words,
        place=place_of,
        person=person,
    )
    return found


def url(name: str, *parts: object) -> str:
    """The address of a page: url("month", "cssc", "2019-11")."""
    return reverse(name, args=parts)


@pass_context
def person(context: Context, actor: str) -> str:
    """The name of a person whom the record knows by an id."""
    return str(context["names"].of(actor))
