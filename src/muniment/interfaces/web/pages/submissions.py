"""What is done about a submission: approved, withdrawn, accepted, challenged; and declaring that there was nothing."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path

from muniment.commands.spec import pair_typed
from muniment.domain.evidence.submissions import Submission, submissions_known
from muniment.installation.input_limits import LONGEST_PROSE
from muniment.installation.viewer import Viewer
from muniment.interfaces.web.access import contract_page
from muniment.interfaces.web.addresses import place_of_comparison
from muniment.interfaces.web.command_pages import CommandForm, CommandPage, command_page
from muniment.interfaces.web.pages.table_months import crumbs_of, place_of_table, submission_of, table_month_asked_for
from muniment.interfaces.web.wording import state_words


@contract_page(command="declare_nil_return")
def declare_nil_return_page(request: HttpRequest, viewer: Viewer, table: str, month: str) -> HttpResponse:
    _, found = table_month_asked_for(viewer, table, month)
    here = place_of_table(viewer, table, month)
    asked = CommandPage(
        title=f"Declare a nil return of {state_words(table)}, {found.name}",
        command="declare_nil_return",
        thing=f"{viewer.contract}/{table}/{month}",
        given={"table": table, "month": month},
        button="Declare that there was nothing",
        done=here,
        said="The nil return is recorded. The supplier's approver stands by it, as by a file.",
        back=here,
        happens=(
            "You say for the supplier that the month is over and there was nothing to report in this table.",
            "It counts as evidence of no rows. The agreed text says what a month without activity comes to.",
        ),
        about={"section": "evidence", "crumbs": crumbs_of(viewer, table, month)},
    )
    return command_page(request, viewer, asked)


@contract_page(command="approve")
def approve_submission_page(
    request: HttpRequest, viewer: Viewer, table: str, month: str, submission: str
) -> HttpResponse:
    found = submission_of(viewer, table, month, submission)
    return _act(
        request, viewer, found, command="approve", title=f"Stand by {_named(found)}", button="Approve the submission",
        said=f"{found.id} is approved. A contract officer accepts or challenges it.",
        happens=("You say for the supplier that the file is right and whole.", "The authority then looks at it."),
    )  # fmt: skip


@contract_page(command="withdraw_submission")
def withdraw_submission_page(
    request: HttpRequest, viewer: Viewer, table: str, month: str, submission: str
) -> HttpResponse:
    found = submission_of(viewer, table, month, submission)
    return _act(
        request, viewer, found, command="withdraw_submission", title=f"Withdraw {_named(found)}", button="Withdraw it",
        said=f"{found.id} is withdrawn.",
        happens=("It stays in the record as withdrawn, and counts for nothing. Another file can be submitted.",),
    )  # fmt: skip


class AcceptForm(CommandForm):
    rejected = forms.CharField(
        label="Rows that shall not count",
        required=False,
        help_text="One a line, as ROW = REASON. They stay in the file and are counted as rejected.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_rejected(self) -> list[tuple[str, str]]:
        found = []
        for line in str(self.cleaned_data["rejected"]).splitlines():
            if line.strip():
                pair = pair_typed(line, kind="row_reasons")
                if pair is None:
                    raise forms.ValidationError(f"'{line.strip()}' names no reason - write ROW = REASON")
                found.append(pair)
        return found


@contract_page(command="accept")
def accept_submission_page(
    request: HttpRequest, viewer: Viewer, table: str, month: str, submission: str
) -> HttpResponse:
    found = submission_of(viewer, table, month, submission)

    return _act(
        request, viewer, found, command="accept", title=f"Accept {_named(found)}", button="Accept it", form=AcceptForm,
        said=f"{found.id} is accepted: from now on it counts.",
        happens=("The figures of the month are computed from it.", "After the lock only a restatement can follow."),
    )  # fmt: skip


@contract_page(command="withdraw_acceptance")
def withdraw_acceptance_page(
    request: HttpRequest, viewer: Viewer, table: str, month: str, submission: str
) -> HttpResponse:
    found = submission_of(viewer, table, month, submission)
    return _act(
        request, viewer, found, command="withdraw_acceptance", title=f"Take back the acceptance of {_named(found)}",
        button="Take the acceptance back", said=f"The acceptance of {found.id} is taken back.",
        happens=("It waits to be accepted or challenged again. This can be done until the month is locked.",),
    )  # fmt: skip


class ChallengeForm(CommandForm):
    question = forms.CharField(label="What you ask", widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST_PROSE)
    rows = forms.CharField(
        label="Rows in question",
        required=False,
        help_text="One row id a line. Leave blank where the whole file is in question.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_rows(self) -> list[str]:
        return [line.strip() for line in str(self.cleaned_data["rows"]).splitlines() if line.strip()]


@contract_page(command="challenge")
def challenge_submission_page(
    request: HttpRequest, viewer: Viewer, table: str, month: str, submission: str
) -> HttpResponse:
    found = submission_of(viewer, table, month, submission)

    return _act(
        request, viewer, found, command="challenge", title=f"Challenge {_named(found)}", button="Ask the supplier",
        form=ChallengeForm, said="The challenge is recorded. The supplier must answer it.",
        happens=("The supplier sees your question and answers it. The evidence is not accepted meanwhile.",),
    )  # fmt: skip


def _act(
    request: HttpRequest,
    viewer: Viewer,
    found: Submission,
    *,
    command: str,
    title: str,
    button: str,
    said: str,
    happens: tuple[str, ...],
    form: type[CommandForm] = CommandForm,
) -> HttpResponse:
    table, month = found.received.table, str(found.received.period)
    here = place_of_table(viewer, table, month)
    return command_page(
        request,
        viewer,
        CommandPage(
            title=title,
            command=command,
            thing=f"{viewer.contract}/{table}/{month}",
            form=form,
            given={"submission": found.id},
            button=button,
            done=here,
            said=said,
            back=here,
            happens=happens,
            about={**_around(viewer, found), **_against_the_one_before(viewer, found)},
            template="evidence/act.html",
        ),
    )


def _named(found: Submission) -> str:
    """s2 of contact reviews, December 2019"""
    return f"{found.id.rpartition('/')[2]} of {state_words(found.table)}, {found.period.name}"


def _around(viewer: Viewer, found: Submission) -> dict[str, object]:
    return {"found": found, "section": "evidence", "crumbs": crumbs_of(viewer, found.table, str(found.period))}


def _against_the_one_before(viewer: Viewer, found: Submission) -> dict[str, str]:
    """Where it is compared with the submission that came before it; empty where none did."""
    own = [
        item.id for item in submissions_known(viewer.record) if (item.table, item.period) == (found.table, found.period)
    ]
    place = own.index(found.id)
    if place == 0:
        return {}
    earlier = own[place - 1]
    return {"earlier": earlier.rpartition("/")[2], "comparison": place_of_comparison(earlier=earlier, later=found.id)}


_MONTH = "contracts/<slug:contract>/evidence/<str:table>/<str:month>"
_SENT = f"{_MONTH}/<str:submission>"
routes = [
    path(f"{_MONTH}/nil-return", declare_nil_return_page, name="declare_nil_return"),
    path(f"{_SENT}/approve", approve_submission_page, name="approve"),
    path(f"{_SENT}/withdraw", withdraw_submission_page, name="withdraw_submission"),
    path(f"{_SENT}/accept", accept_submission_page, name="accept"),
    path(f"{_SENT}/withdraw-acceptance", withdraw_acceptance_page, name="withdraw_acceptance"),
    path(f"{_SENT}/challenge", challenge_submission_page, name="challenge_evidence"),
]
