"""One proposed restatement: before and after in each month decided with it; and approving or refusing it."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from muniment.domain.assessment.restatement import Restatement, restatements_known
from muniment.installation.named_things import restatement_named
from muniment.installation.viewer import Viewer
from muniment.interfaces.web.access import contract_page, found_or_404
from muniment.interfaces.web.command_pages import CommandForm, CommandPage, command_page


@contract_page()
def restatement(request: HttpRequest, viewer: Viewer, month: str, restatement: str) -> HttpResponse:
    found = _known(viewer, month, restatement)
    state = "waits for a decision" if found.is_open else str(found.outcome)
    context = {
        "title": f"Restatement of {found.proposed.month.name} as v{found.proposed.number}: {state}",
        "section": "statements",
        "crumbs": _crumbs(viewer, found),
        "viewer": viewer,
        "found": found,
        "knock_on": _knock_on(viewer, found),
    }
    return render(request, "restatements/one.html", context)


class DecideRestatementForm(CommandForm):
    outcome = forms.ChoiceField(
        label="Decision",
        widget=forms.RadioSelect,
        choices=(("approved", "Approve it: the new version is locked"), ("refused", "Refuse it")),
        error_messages={"required": "Choose a decision"},
    )


@contract_page(command="decide_restatement")
def decide_restatement_page(request: HttpRequest, viewer: Viewer, month: str, restatement: str) -> HttpResponse:
    found = _known(viewer, month, restatement)
    here = reverse("restatement", args=[viewer.contract, month, restatement])

    return command_page(
        request,
        viewer,
        CommandPage(
            title=f"Decide the restatement of {found.proposed.month.name}",
            command="decide_restatement",
            thing=found.month_thing,
            form=DecideRestatementForm,
            given={"restatement": found.proposed.goes_with or found.id},
            button="Record the decision",
            done=here,
            said=f"The decision on {found.id} is recorded.",
            back=here,
            template="restatements/decide.html",
            about={
                "section": "statements",
                "crumbs": _crumbs(viewer, found),
                "found": found,
                "knock_on": _knock_on(viewer, found),
            },
            happens=(
                "Approved, every month below is locked as its next version at once, or none.",
                "The versions before stay as they are, and everybody can read both.",
            ),
        ),
    )


def _known(viewer: Viewer, month: str, restatement: str) -> Restatement:
    return found_or_404(restatement_named(viewer, month, restatement))


def _knock_on(viewer: Viewer, found: Restatement) -> tuple[Restatement, ...]:
    """Everything that is decided with it, the month itself first."""
    leader = found.proposed.goes_with or found.id
    known = restatements_known(viewer.record)
    together = [item for item in known if leader in (item.id, item.proposed.goes_with)]
    return tuple(sorted(together, key=lambda item: item.proposed.month))


def _crumbs(viewer: Viewer, found: Restatement) -> list[dict[str, str]]:
    month = found.proposed.month
    return [
        {"text": "Statements", "href": reverse("statements", args=[viewer.contract])},
        {"text": month.name, "href": reverse("statement", args=[viewer.contract, str(month)])},
        {"text": "Restatement"},
    ]


_ONE = "contracts/<slug:contract>/restatements/<str:month>/<str:restatement>"
routes = [
    path(_ONE, restatement, name="restatement"),
    path(f"{_ONE}/decide", decide_restatement_page, name="decide_restatement"),
]
