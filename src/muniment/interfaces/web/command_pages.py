"""The one way in which a page acts: a form with its idempotency key, one command, and an answer for everything refused.

The same form sent twice has one effect. A form whose thing moved on since it was shown answers 409 with both versions,
what was typed kept. A refusal says the rule and who could.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from secrets import token_hex

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from muniment.application.command_context import CommandContext
from muniment.application.performing import perform
from muniment.commands.spec import Given, GivenValue
from muniment.commands.statements import StatementChangedError
from muniment.commands.table import COMMAND_TABLE
from muniment.domain.kernel.problem import ProblemsFoundError
from muniment.domain.record.act import RefusedError
from muniment.domain.record.entry import Entry
from muniment.domain.record.ports import NotRecordedError
from muniment.domain.record.versions import StaleError
from muniment.installation.input_limits import LONGEST_KEY, LONGEST_REASON
from muniment.installation.jobs import ask_refresh
from muniment.installation.models import Job
from muniment.installation.statement_jobs import forget_typed, typed_for
from muniment.installation.viewer import Viewer
from muniment.interfaces.web.reauthentication import confirm_first, kept_typed
from muniment.interfaces.web.second_factor import second_factor_first
from muniment.interfaces.web.wording import sentence


class CommandForm(forms.Form):
    """What every act asks for. Fields of an act's own are declared by its subclass and come before the reason."""

    reason = forms.CharField(
        label="Why",
        help_text="In a sentence. It stands in the record.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why"},
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_KEY)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    field_order: list[str] | None = None

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through as they came
        own = [name for name in self.fields if name not in ("reason", "key", "seen")]
        self.order_fields([*own, "reason", "key", "seen"])
        self.use_required_attribute = False


CleanedData = Mapping[str, object]


@dataclass(frozen=True)
class CommandPage:
    """`thing`: what it is about, by which a stale form is known. `happens`: what will happen, sentence by sentence,
    said before it happens. `done`: the address to go to, `said` the notice shown there. `about`: what the template
    `before` is shown, above the form. `given`: what the command is given besides the fields of the form, which have
    the names of its own. `perform`: does it otherwise, or has the worker do what takes longer than a request.
    `renewed`: fields that say what was shown, and say it anew from `initial` in a form that is shown again because
    something moved on."""

    title: str
    command: str
    thing: str
    button: str
    done: str
    said: str
    back: str
    form: type[CommandForm] = CommandForm
    given: Mapping[str, GivenValue] | None = None
    perform: Callable[[CommandContext, CleanedData], Entry | Job] | None = None
    happens: tuple[str, ...] = ()
    initial: CleanedData | None = None
    template: str = "act.html"
    about: Mapping[str, object] | None = None
    make: Callable[..., CommandForm] | None = None
    renewed: Sequence[str] = ()

    def does(self, acting: CommandContext, typed: CleanedData) -> Entry | Job:
        """Raises RefusedError, ProblemsFoundError, NotRecordedError."""
        if self.perform is not None:
            return self.perform(acting, typed)
        own = {name: _value(value) for name, value in typed.items() if name not in ("reason", "key", "seen")}
        return perform(acting, COMMAND_TABLE[self.command], Given({**own, **(self.given or {})}))

    def new_form(self, *args: object, **kwargs: object) -> CommandForm:
        return (self.make or self.form)(*args, **kwargs)


def _value(typed: object) -> GivenValue:
    """What a field of a form says, as a command takes it. What was left empty was not given."""
    match typed:
        case date():
            return typed.isoformat()
        case list():
            return [(str(item[0]), str(item[1])) if isinstance(item, tuple) else str(item) for item in typed]
        case bool():
            return typed
        case _:
            return str(typed) if typed else None


def command_page(request: HttpRequest, viewer: Viewer, asked: CommandPage) -> HttpResponse:
    """Show the form, or do what it asks."""
    if (first := second_factor_first(request, viewer)) is not None:
        return first
    if COMMAND_TABLE[asked.command].binds and (first := confirm_first(request)) is not None:
        return first
    if request.method != "POST":
        kept = kept_typed(request)
        fresh = {"key": token_hex(16), "seen": len(viewer.record)}
        # A form whose act failed later is opened again from the page of its job, with what was typed.
        typed = typed_for(viewer, request.GET.get("job", ""), command=asked.command, thing=asked.thing)
        form = (
            asked.new_form(kept, request.FILES or None)
            if kept
            else asked.new_form(initial={**(asked.initial or {}), **typed, **fresh})
        )
        return _shown(request, viewer, asked, form)
    form = asked.new_form(request.POST, request.FILES or None)
    if not form.is_valid():
        return _shown(request, viewer, asked, form, status=422)
    return _done(request, viewer, asked, form)


def _done(request: HttpRequest, viewer: Viewer, asked: CommandPage, form: CommandForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        acting = viewer.acting(command=asked.command, reason=given["reason"], key=given["key"], seen=given["seen"])
        left = asked.does(acting, given)
    except StaleError as stale:
        return _again(request, viewer, asked, stale=stale, wanted=COMMAND_TABLE[asked.command].says)
    except StatementChangedError as other:
        return _again(request, viewer, asked, not_as_shown=f"{sentence(other.what)} {sentence(other.who_could)}")
    except RefusedError as refused:
        form.add_error(None, f"{sentence(refused.what)} {sentence(refused.who_could)}")
        return _shown(request, viewer, asked, form, status=403 if refused.is_not_allowed else 422)
    except ProblemsFoundError as found:
        for problem in found.problems:
            form.add_error(None, f"{problem.place}: {problem.what} - {problem.remedy}")
        return _shown(request, viewer, asked, form, status=422)
    except NotRecordedError as error:
        form.add_error(None, f"{sentence(str(error))} Nothing was recorded; try again.")
        return _shown(request, viewer, asked, form, status=503)
    if isinstance(left, Job):
        if (before := request.GET.get("job", "")) != str(left.id):
            forget_typed(viewer, before)
        return HttpResponseRedirect(reverse("job", args=[viewer.contract, left.id]), status=303)
    ask_refresh(viewer.contract)
    messages.success(request, asked.said)
    return HttpResponseRedirect(asked.done, status=303)


def _again(request: HttpRequest, viewer: Viewer, asked: CommandPage, **said: object) -> HttpResponse:
    """Both versions, and the form again with what was typed, to be sent after looking."""
    again = request.POST.copy()
    for name in asked.renewed:
        again[name] = str((asked.initial or {}).get(name, ""))
    again["seen"] = str(len(viewer.store.ledger.entries()))
    again["key"] = token_hex(16)
    return _shown(request, viewer, asked, asked.new_form(again), status=409, **said)


def _shown(
    request: HttpRequest, viewer: Viewer, asked: CommandPage, form: CommandForm, *, status: int = 200, **more: object
) -> HttpResponse:
    context = {"viewer": viewer, "asked": asked, "form": form, "title": asked.title, **(asked.about or {}), **more}
    return render(request, asked.template, context, status=status)


def field_text(given: CleanedData, name: str) -> str:
    """A field's text; blank where it was left out."""
    return str(given.get(name) or "")
