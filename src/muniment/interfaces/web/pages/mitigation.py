"""Mitigation: what the supplier asks for and the authority decides, with what each answer would cost."""

from collections.abc import Mapping
from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from muniment.application.agreed_terms import deemed_proposals_of
from muniment.application.command_context import CommandContext
from muniment.application.load import local_day
from muniment.application.named_rows import decide_mitigation_checking_rows
from muniment.application.projected import projected_impact, projected_kpi_month
from muniment.application.read_models.mitigations import MitigationImpact
from muniment.commands.queries.terms import departures_of, last_day_of_asking
from muniment.domain.assessment.mitigation import MITIGATION_EFFECTS, Mitigation, mitigations_known
from muniment.domain.lifecycle.deemed import DeemedProposal
from muniment.domain.lifecycle.states import MACHINES
from muniment.domain.record.entry import Entry
from muniment.installation.input_limits import LONGEST_PROSE
from muniment.installation.named_things import kpi_month_named, mitigation_named
from muniment.installation.viewer import DATABASE_ALIAS, Viewer
from muniment.interfaces.web.access import contract_page, found_or_404
from muniment.interfaces.web.command_pages import CleanedData, CommandForm, CommandPage, command_page, field_text
from muniment.interfaces.web.fields import DayField
from muniment.interfaces.web.wording import day_text

OUTCOME_WORDS = {"granted": "Granted", "granted_in_part": "Granted in part", "refused": "Refused"}
EFFECT_WORDS = {
    "no_points": "No service points",
    "no_points_no_trigger": "No service points, and the period does not count towards a trigger",
}


@contract_page()
def mitigations_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    found = sorted(mitigations_known(viewer.record), key=lambda item: (not item.is_open, item.requested.at))
    waiting = sum(item.is_open for item in found)
    context = {
        "title": f"{waiting} of {len(found)} mitigation requests wait for a decision" if found else "No mitigation",
        "section": "mitigations",
        "crumbs": [{"text": "Mitigation"}],
        "viewer": viewer,
        "found": [(item, _place(viewer, item), _state(item)) for item in found],
        "today": viewer.today,
    }
    return render(request, "mitigation/all.html", context)


@contract_page()
def mitigation(request: HttpRequest, viewer: Viewer, kpi: str, month: str, request_id: str) -> HttpResponse:
    found = _known(viewer, kpi, month, request_id)
    context = {
        "title": f"Mitigation of {kpi}, {_months(found)}: {_state(found)}",
        "section": "mitigations",
        "crumbs": [*_crumbs(viewer), {"text": f"{found.kpi}, {_months(found)}"}],
        "viewer": viewer,
        **_about(viewer, found),
    }
    return render(request, "mitigation/one.html", context)


class AskForm(CommandForm):
    """Grounds come from the agreed text in force."""

    ground = forms.ChoiceField(label="Ground", widget=forms.RadioSelect, error_messages={"required": "Choose a ground"})
    last = forms.CharField(
        label="Last month", help_text="As 2019-11. The same month again where only one is meant.", max_length=7
    )
    plan = forms.CharField(
        label="Improvement plan", required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST_PROSE,
        help_text="For mitigation over several months: what is done, and by when.",
    )  # fmt: skip
    review_on = DayField(label="When the plan is reviewed", required=False)


@contract_page(command="request_mitigation")
def request_mitigation_page(request: HttpRequest, viewer: Viewer, month: str, kpi: str) -> HttpResponse:
    found = found_or_404(kpi_month_named(viewer, kpi, month))
    grounds = viewer.opened.text.regime_at(on=found.first_day, known=viewer.today).grounds

    def make(*args: object, **kwargs: object) -> CommandForm:
        form = AskForm(*args, **kwargs)
        choices = []
        for code, ground in grounds.items():
            until = last_day_of_asking(text=viewer.opened.text, ground=code, month=found, known=viewer.today)
            choices.append((code, f"{ground.title} ({ground.clause}); ask until {day_text(until)}"))
        cast("forms.ChoiceField", form.fields["ground"]).choices = choices
        form.fields["reason"].label = "What happened, and why this ground fits"
        return form

    here = reverse("kpi_month", args=[viewer.contract, month, kpi])
    return command_page(
        request,
        viewer,
        CommandPage(
            title=f"Ask for mitigation of {kpi} from {found.name}",
            command="request_mitigation",
            thing=f"{viewer.contract}/{kpi}/{month}",
            form=AskForm,
            make=make,
            given={"kpi": kpi, "first": month},
            button="Ask for mitigation",
            done=reverse("mitigations", args=[viewer.contract]),
            said="The request is recorded. A decision maker of the authority decides it.",
            back=here,
            initial={"last": month},
            happens=(
                "The authority's decision makers see the request with your words.",
                "The figure and its status stay as they are; a grant changes only what follows from them.",
                "Until it is decided, the result is shown unmitigated.",
            ),
            about={"section": "mitigations", "crumbs": _crumbs(viewer)},
        ),
    )


class DecideMitigationForm(CommandForm):
    outcome = forms.ChoiceField(
        label="Decision",
        widget=forms.RadioSelect,
        choices=(("granted", "Grant it whole"), ("granted_in_part", "Grant it in part"), ("refused", "Refuse it")),
        error_messages={"required": "Choose a decision"},
    )
    effect = forms.ChoiceField(
        label="What a grant does",
        widget=forms.RadioSelect,
        required=False,
        choices=tuple((effect, EFFECT_WORDS.get(effect, effect)) for effect in MITIGATION_EFFECTS),
    )
    rows = forms.CharField(
        label="Rows that a grant in part relieves", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One row id a line, as the explanation of the KPI shows them.",
    )  # fmt: skip
    days = forms.CharField(
        label="Or days", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One day a line, as 2019-09-03.",
    )  # fmt: skip
    deemed = forms.BooleanField(label="It is deemed, because the authority did not decide in time", required=False)


@contract_page(command="decide_mitigation")
def decide_mitigation_page(request: HttpRequest, viewer: Viewer, kpi: str, month: str, request_id: str) -> HttpResponse:
    found = _known(viewer, kpi, month, request_id)
    deemed = _deemed_due(viewer, found)

    def make(*args: object, **kwargs: object) -> CommandForm:
        form = DecideMitigationForm(*args, **kwargs)
        if deemed is None:
            del form.fields["deemed"]
        else:
            form.fields["deemed"].label = f"{_deemed_words(deemed)}, as nobody decided by {day_text(deemed.due)}"
            form.fields["deemed"].help_text = f"The agreed text says so: {deemed.under}."
        return form

    def perform(acting: CommandContext, given: CleanedData) -> Entry:
        outcome = field_text(given, "outcome")
        return decide_mitigation_checking_rows(
            acting, mitigation=found.id, outcome=outcome,
            effect=None if outcome == "refused" else field_text(given, "effect") or None,
            rows=_lines(given, "rows"), days=_lines(given, "days"), is_deemed=bool(given.get("deemed")),
            deemed=acting.deemed_proposal(found.id),
        )  # fmt: skip

    return command_page(
        request,
        viewer,
        CommandPage(
            title=f"Decide the mitigation of {kpi}, {_months(found)}",
            command="decide_mitigation",
            thing=found.id,
            form=DecideMitigationForm,
            make=make,
            perform=perform,
            button="Record the decision",
            done=_place(viewer, found),
            said=f"The decision on {found.id} is recorded.",
            back=_place(viewer, found),
            initial={"effect": _effect_of_ground(viewer, found)},
            template="mitigation/decide.html",
            about={**_about(viewer, found), **_around(viewer, found)},
            happens=(
                "The decision and your reasons stand in the record and are shown to the supplier.",
                "Locked months keep their statement; where the decision changes one, a restatement can be proposed.",
            ),
        ),
    )


@contract_page(command="withdraw_mitigation")
def withdraw_mitigation_page(
    request: HttpRequest, viewer: Viewer, kpi: str, month: str, request_id: str
) -> HttpResponse:
    found = _known(viewer, kpi, month, request_id)
    return command_page(
        request,
        viewer,
        CommandPage(
            title=f"Withdraw the request for mitigation of {kpi}, {_months(found)}",
            command="withdraw_mitigation",
            thing=found.id,
            form=CommandForm,
            given={"mitigation": found.id},
            button="Withdraw the request",
            done=_place(viewer, found),
            said=f"{found.id} is withdrawn.",
            back=_place(viewer, found),
            happens=("Nothing is decided any more. A new request can be made while it is in time.",),
            about=_around(viewer, found),
        ),
    )


def _deemed_due(viewer: Viewer, found: Mitigation) -> DeemedProposal | None:
    """What the agreed text says because nobody decided in time; None before that, and where it says nothing."""
    deemed = deemed_proposals_of(viewer.opened).get(found.id) if found.is_open else None
    return deemed if deemed is not None and viewer.today > deemed.due else None


def _deemed_words(deemed: DeemedProposal) -> str:
    """Deemed granted with the effect: no service points"""
    effect = f" with the effect: {EFFECT_WORDS[deemed.effect].lower()}" if deemed.effect else ""
    return f"Deemed {OUTCOME_WORDS.get(deemed.then, deemed.then).lower()}{effect}"


def _known(viewer: Viewer, kpi: str, month: str, request_id: str) -> Mitigation:
    return found_or_404(mitigation_named(viewer, kpi, month, request_id))


def _about(viewer: Viewer, found: Mitigation) -> Mapping[str, object]:
    """What somebody must see before deciding: the request, its terms, and what each answer would cost."""
    text = viewer.opened.text
    grounds = text.regime_at(on=found.first.first_day, known=viewer.today).grounds
    ground = grounds.get(found.ground)
    asked_on = local_day(found.requested.at, text.contract_text.zone)
    return {
        "found": found,
        "ground": ground,
        "departures": departures_of(text=text, known=viewer.today, mitigation=found, asked_on=asked_on),
        "impact": _impact(viewer, found),
        "explained": projected_kpi_month(viewer.contract, str(found.first), found.kpi, using=DATABASE_ALIAS),
        "months": _months(found),
        "state": _state(found),
        "effects": EFFECT_WORDS,
    }


def _impact(viewer: Viewer, found: Mitigation) -> MitigationImpact | None:
    """What an answer would cost, as it is today or not at all."""
    if viewer.standing.is_behind:
        return None
    return projected_impact(viewer.contract, found.id, using=DATABASE_ALIAS)


def _effect_of_ground(viewer: Viewer, found: Mitigation) -> str:
    ground = viewer.opened.text.regime_at(on=found.first.first_day, known=viewer.today).grounds.get(found.ground)
    return ground.effect if ground else MITIGATION_EFFECTS[0]


def _state(found: Mitigation) -> str:
    return MACHINES["mitigation"].in_words(found.state)


def _months(found: Mitigation) -> str:
    return found.first.name if found.first == found.last else f"{found.first.name} to {found.last.name}"


def _lines(given: CleanedData, name: str) -> list[str]:
    return [line.strip() for line in field_text(given, name).splitlines() if line.strip()]


def _place(viewer: Viewer, found: Mitigation) -> str:
    return reverse("mitigation", args=[viewer.contract, *found.id.split("/")[1:]])


def _around(viewer: Viewer, found: Mitigation) -> dict[str, object]:
    """Where an act about the request stands among the pages."""
    here = {"text": f"{found.kpi}, {_months(found)}", "href": _place(viewer, found)}
    return {"section": "mitigations", "crumbs": [*_crumbs(viewer), here]}


def _crumbs(viewer: Viewer) -> list[dict[str, str]]:
    return [{"text": "Mitigation", "href": reverse("mitigations", args=[viewer.contract])}]


_ONE = "contracts/<slug:contract>/mitigations/<str:kpi>/<str:month>/<str:request_id>"
routes = [
    path("contracts/<slug:contract>/mitigations", mitigations_page, name="mitigations"),
    path(_ONE, mitigation, name="mitigation"),
    path(f"{_ONE}/decide", decide_mitigation_page, name="decide_mitigation"),
    path(f"{_ONE}/withdraw", withdraw_mitigation_page, name="withdraw_mitigation"),
    path(
        "contracts/<slug:contract>/months/<str:month>/kpis/<str:kpi>/request-mitigation",
        request_mitigation_page,
        name="request_mitigation",
    ),
]
