"""A challenge to evidence: the question, the supplier's answer, and how it was closed."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from muniment.domain.evidence.challenges import Challenge
from muniment.domain.kernel.period import Month
from muniment.installation.input_limits import LONGEST_PROSE
from muniment.installation.named_things import challenge_named
from muniment.installation.viewer import Viewer
from muniment.installation.waiting import waits_in
from muniment.interfaces.web.access import contract_page, found_or_404
from muniment.interfaces.web.command_pages import CommandForm, CommandPage, command_page
from muniment.interfaces.web.pages.table_months import crumbs_of
from muniment.interfaces.web.wording import state_words

_OUTCOMES = {
    "upheld": "Upheld: the supplier must submit a corrected file",
    "withdrawn": "Withdrawn: the evidence can be accepted as it is",
    "unresolved": "Unresolved: it goes into dispute, at the authority's figure",
}


@contract_page()
def challenge_page(request: HttpRequest, viewer: Viewer, table: str, month: str, challenge_id: str) -> HttpResponse:
    found = _known(viewer, table, month, challenge_id)
    thing = f"{viewer.contract}/{table}/{month}"
    state = "waits for an answer" if found.is_open and found.answer is None else "answered" if found.is_open else ""
    context = {
        "title": f"Challenge to {_named(table, month)}: {state or found.outcome or 'lapsed'}",
        "section": "evidence",
        "crumbs": _crumbs(viewer, table, month, challenge_id),
        "viewer": viewer,
        "found": found,
        "waiting": [item for item in waits_in(viewer, subject=thing) if "submit" not in item.commands],
        "outcomes": _OUTCOMES,
    }
    return render(request, "challenges/one.html", context)


class AnswerForm(CommandForm):
    answer = forms.CharField(label="Answer", widget=forms.Textarea(attrs={"rows": 5}), max_length=LONGEST_PROSE)


@contract_page(command="answer")
def answer_challenge_page(
    request: HttpRequest, viewer: Viewer, table: str, month: str, challenge_id: str
) -> HttpResponse:
    found = _known(viewer, table, month, challenge_id)
    here = reverse("challenge", args=[viewer.contract, table, month, challenge_id])
    return command_page(
        request,
        viewer,
        CommandPage(
            title=f"Answer challenge {challenge_id} to {_named(table, month)}",
            command="answer",
            thing=found.table_month,
            form=AnswerForm,
            given={"challenge": found.id},
            button="Send the answer",
            done=here,
            said="The answer is recorded. The authority closes the challenge.",
            back=here,
            happens=("The authority reads the answer and closes the challenge.",),
            about={"found": found, "section": "evidence", "crumbs": _crumbs(viewer, table, month, challenge_id)},
            template="challenges/act.html",
        ),
    )


class CloseForm(CommandForm):
    outcome = forms.ChoiceField(
        label="Outcome",
        widget=forms.RadioSelect,
        choices=tuple(_OUTCOMES.items()),
        error_messages={"required": "Choose an outcome"},
    )
    is_deemed = forms.BooleanField(
        label="Upheld because the supplier did not answer in time, as the agreed text says", required=False
    )


@contract_page(command="close_challenge")
def close_challenge_page(
    request: HttpRequest, viewer: Viewer, table: str, month: str, challenge_id: str
) -> HttpResponse:
    found = _known(viewer, table, month, challenge_id)
    here = reverse("challenge", args=[viewer.contract, table, month, challenge_id])

    def make(*args: object, **kwargs: object) -> CommandForm:
        form = CloseForm(*args, **kwargs)
        if found.answer is not None:
            del form.fields["is_deemed"]
        return form

    return command_page(
        request,
        viewer,
        CommandPage(
            title=f"Close challenge {challenge_id} to {_named(table, month)}",
            command="close_challenge",
            thing=found.table_month,
            form=CloseForm,
            make=make,
            given={"challenge": found.id},
            button="Close the challenge",
            done=here,
            said=f"{found.id} is closed.",
            back=here,
            about={"found": found, "section": "evidence", "crumbs": _crumbs(viewer, table, month, challenge_id)},
            template="challenges/act.html",
        ),
    )


def _known(viewer: Viewer, table: str, month: str, challenge_id: str) -> Challenge:
    return found_or_404(challenge_named(viewer, table, month, challenge_id))


def _named(table: str, month: str) -> str:
    return f"{state_words(table)}, {Month.parse(month).name}"


def _crumbs(viewer: Viewer, table: str, month: str, challenge_id: str) -> list[dict[str, str]]:
    here = reverse("challenge", args=[viewer.contract, table, month, challenge_id])
    return [*crumbs_of(viewer, table, month), {"text": f"Challenge {challenge_id}", "href": here}]


_ONE = "contracts/<slug:contract>/evidence/<str:table>/<str:month>/<str:challenge_id>"
routes = [
    path(_ONE, challenge_page, name="challenge"),
    path(f"{_ONE}/answer", answer_challenge_page, name="answer_challenge"),
    path(f"{_ONE}/close", close_challenge_page, name="close_challenge"),
]
