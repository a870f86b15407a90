"""How templates are read: our own, and the GOV.UK Design System's components beside them."""

from datetime import date, datetime
from pathlib import Path

import govuk_frontend_jinja
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, pass_context
from jinja2.runtime import Context

from muniment import __version__
from muniment.application.stores import today_in
from muniment.domain.assessment.status import Category
from muniment.domain.kernel.period import long_date
from muniment.domain.lifecycle.appointments import role_name
from muniment.installation.accounts import NamesById
from muniment.installation.viewer import SITE_ZONE, Viewer
from muniment.interfaces.web.addresses import place_of
from muniment.interfaces.web.fields import component_kind_of, date_items, date_parts, date_text
from muniment.interfaces.web.wording import (
    counted,
    day_text,
    kind_words,
    left_words,
    moment_text,
    month_name,
    page_words,
    sentence,
    short_month,
    state_words,
    table_title,
    thousands,
    with_names,
)

LEFT_OUT = (
    "area", "comparison", "crumbs", "first_field", "form", "is_home", "is_to_start", "job", "not_as_shown", "pair",
    "problems", "section", "stale", "token_fail", "viewer",
)  # fmt: skip
"""What a page may leave out, and is nothing then. A template asks for nothing else that it is not given: the tests fail
on a name that nobody gave, which would silently hide what the page was to show."""
HERE = Path(__file__).parent
COMPONENTS = Path(govuk_frontend_jinja.__file__).parent / "templates"

Everywhere = dict[str, object]


def environment(**options: object) -> Environment:
    """Called by Django with its own options."""
    wanted = {**options, "undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True}
    components = FileSystemLoader(COMPONENTS)
    # The components name one another with the package before.
    named = PrefixLoader({"govuk_frontend_jinja": components})
    wanted["loader"] = ChoiceLoader([FileSystemLoader(HERE / "templates"), components, named])
    found = Environment(**wanted)  # type: ignore[arg-type]  # noqa: S701  # Django's own options, autoescaping among them
    found.globals.update(dict.fromkeys(LEFT_OUT))
    found.globals.update(url=_url, static=static, version=__version__)
    found.globals.update(kind_of=component_kind_of, date_items=date_items, date_parts=date_parts, date_text=date_text)
    found.filters.update(
        long_date=long_date,
        day=_day,
        moment=_moment,
        month_name=month_name,
        count_of=counted,
        role_name=role_name,
        kind=kind_words,
        state=state_words,
        table_title=table_title,
        thousands=thousands,
        short_month=short_month,
        left_words=left_words,
        sentence=sentence,
        place=_place,
        category=_category,
        person=_person,
        said=_said,
    )
    return found


def _category(key: str) -> str:
    """What the row of Table 1 is called."""
    return Category(key).label


def _url(name: str, *parts: object) -> str:
    """The address of a page: url("month", "cssc", "2019-11")."""
    return reverse(name, args=parts)


@pass_context
def _day(context: Context, given: date | str | None) -> str:
    """The day in the contract's zone (see day_text)."""
    return day_text(given, _zone(context))


@pass_context
def _moment(context: Context, given: str | datetime) -> str:
    """Day and time in the contract's zone (see moment_text)."""
    return moment_text(given, _zone(context))


def _zone(context: Context) -> str:
    viewer = context.get("viewer")
    return viewer.zone if isinstance(viewer, Viewer) else SITE_ZONE


@pass_context
def _place(context: Context, thing: str) -> str:
    """The page of a thing of the contract that the page is about (see place_of)."""
    return place_of(context["viewer"], thing)


@pass_context
def _person(context: Context, actor: str) -> str:
    """The name of a person whom the record knows by an id."""
    return str(context["names"].of(actor))


@pass_context
def _said(context: Context, text: object) -> str:
    """What a rule or a problem says, in the words of the pages: names for the ids of people of this contract."""
    viewer = context.get("viewer")
    words = page_words(str(text))
    if not isinstance(viewer, Viewer):
        return words
    return with_names(words, actors=viewer.people, name_of=context["names"].of)


def everywhere(request: HttpRequest) -> Everywhere:
    account = getattr(request, "user", None)
    is_signed_in = bool(account and account.is_authenticated)
    return {
        "request": request,
        "account": account if is_signed_in else None,
        "names": NamesById(),
        "is_demo": settings.IS_DEMO,
        "demo_day": today_in("Europe/London") if settings.IS_DEMO else None,
        "flashes": list(get_messages(request)) if hasattr(request, "_messages") else [],
    }
