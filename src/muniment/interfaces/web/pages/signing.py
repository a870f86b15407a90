"""The commands on a month: signing first, signing second and locking, restating, confirming. The worker does them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from muniment.application.agreed_terms import tables_to_excuse
from muniment.application.command_context import CommandContext
from muniment.application.read_models.statements import ShownStatement, StatementPage
from muniment.application.statements import MonthCommandRequest, shown_statement_in
from muniment.commands.statements import MonthCommand
from muniment.domain.assessment.status import Category
from muniment.domain.evidence.submissions import submissions_known
from muniment.domain.kernel.period import Month
from muniment.installation.input_limits import LONGEST_LINE
from muniment.installation.jobs import ask_refresh
from muniment.installation.models import Job
from muniment.installation.statement_jobs import queue_month_command, signable
from muniment.installation.viewer import Viewer
from muniment.interfaces.web.access import LOOK_AGAIN, contract_page
from muniment.interfaces.web.command_pages import CleanedData, CommandForm, CommandPage, command_page, field_text
from muniment.interfaces.web.pages.jobs import JOB_WORDINGS
from muniment.interfaces.web.pages.statements import crumbs_of_month, place_of_month, projected_of
from muniment.interfaces.web.wording import state_words

SEALS = ("statement", "figures")


class SealingForm(CommandForm):
    """What the person was shown: the statement's fingerprint, and its figures in words."""

    statement = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    figures = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)


class SignForm(SealingForm):
    """`overdue`: a reason for each table that the month is settled without."""

    def __init__(self, *args: object, tables: Sequence[str] = (), came: Collection[str] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for table in tables:
            is_there, words = table in came, state_words(table)
            self.fields[f"without_{table}"] = forms.CharField(
                label=f"Why the month is settled without {words}",
                help_text="It came and is not accepted. Accept it first, or say why." if is_there else "It never came.",
                error_messages={"required": f"Say why the month is settled without {words}"},
                max_length=LONGEST_LINE,
                required=not is_there,
            )
        self.order_fields([name for name in self.fields if name.startswith("without_")])


@contract_page(command="sign")
def sign_page(request: HttpRequest, viewer: Viewer, month: str) -> HttpResponse:
    found, projected = projected_of(viewer, month)
    if (first := _computed_first(request, viewer, found)) is not None:
        return first
    missing = tables_to_excuse(viewer.opened, month=found, on=viewer.today)
    came = {
        sent.received.table
        for sent in submissions_known(viewer.record)
        if sent.received.period == found and sent.withdrawn is None
    }

    def perform(acting: CommandContext, given: CleanedData) -> Job:
        said = [(table, field_text(given, f"without_{table}")) for table in missing]
        overdue = tuple((table, why) for table, why in said if why)
        return queue_month_command(
            viewer, acting, MonthCommandRequest("sign", found, overdue=overdue, shown=_shown(given))
        )

    asked = _page(
        viewer,
        found,
        command="sign",
        title=f"Sign the statement of {found.name} first",
        form=SignForm,
        perform=perform,
        button="Sign the statement",
        happens=(
            "You sign the figures above, as they are known today.",
            "The supplier's approver signs second, and the month is locked.",
            "Another person of the authority may sign second instead, with a reason.",
            "If anything about the month changes in between, your signature lapses.",
        ),
    )
    asked = replace(asked, make=lambda *args, **kwargs: SignForm(*args, tables=missing, came=came, **kwargs))
    return command_page(request, viewer, _sealing(asked, projected, found))


@contract_page(command="lock")
def lock_page(request: HttpRequest, viewer: Viewer, month: str) -> HttpResponse:
    found, projected = projected_of(viewer, month)
    if (first := _computed_first(request, viewer, found)) is not None:
        return first
    projected = signable(viewer, command="lock", month=found) or projected
    asked = _page(
        viewer,
        found,
        command="lock",
        title=f"Sign the statement of {found.name} second, and lock it",
        form=SealingForm,
        perform=lambda acting, given: queue_month_command(
            viewer, acting, MonthCommandRequest("lock", found, shown=_shown(given))
        ),
        button="Sign and lock",
        happens=(
            "You sign the figures above, as the first signature saw them.",
            "The month is locked: its statement never changes again.",
            "What comes later is kept, and may lead to a restatement that is a version of its own.",
        ),
    )
    return command_page(request, viewer, _sealing(asked, projected, found))


@contract_page(command="propose_restatement")
def restate(request: HttpRequest, viewer: Viewer, month: str) -> HttpResponse:
    found, _ = projected_of(viewer, month)

    def perform(acting: CommandContext, given: CleanedData) -> Job:
        is_outside = bool(given.get("outside"))
        return queue_month_command(
            viewer, acting, MonthCommandRequest("propose_restatement", found, is_outside_window=is_outside)
        )

    asked = _page(
        viewer,
        found,
        command="propose_restatement",
        title=f"Propose a restatement of {found.name}",
        form=RestateForm,
        perform=perform,
        button="Propose the restatement",
        happens=(
            "The statement is computed as known today. Class and cause are computed, not chosen.",
            "Later locked months that change with it are proposed with it.",
            "Nothing changes until a decision maker approves; the locked version stays for ever.",
        ),
    )
    return command_page(request, viewer, asked)


@contract_page(command="confirm_statement")
def confirm_statement_page(request: HttpRequest, viewer: Viewer, month: str) -> HttpResponse:
    found, _ = projected_of(viewer, month)
    asked = _page(
        viewer,
        found,
        command="confirm_statement",
        title=f"Confirm the locked statement of {found.name}",
        form=CommandForm,
        perform=lambda acting, _: queue_month_command(viewer, acting, MonthCommandRequest("confirm_statement", found)),
        button="Confirm the statement",
        happens=(
            "The statement is computed as known today, and compared with the locked one.",
            "Where no status and no credit differs, the month is locked again as it was; else this is refused.",
        ),
    )
    return command_page(request, viewer, asked)


class RestateForm(CommandForm):
    outside = forms.BooleanField(
        label="The evidence came after the agreed window, and it is to be restated all the same", required=False
    )


def _page(
    viewer: Viewer,
    month: Month,
    *,
    command: MonthCommand,
    title: str,
    form: type[CommandForm],
    perform: Callable[[CommandContext, CleanedData], Job],
    button: str,
    happens: tuple[str, ...],
) -> CommandPage:
    """What the four commands have in common."""
    here = place_of_month(viewer, str(month))
    return CommandPage(
        title=title,
        command=command,
        thing=f"{viewer.contract}/{month}",
        form=form,
        perform=perform,
        button=button,
        done=here,
        said=JOB_WORDINGS[command].done.format(month.name),
        back=here,
        happens=happens,
        about={"section": "statements", "crumbs": crumbs_of_month(viewer, month)},
    )


def _sealing(asked: CommandPage, projected: StatementPage, month: Month) -> CommandPage:
    """The act with the statement above its form, which says what its person was shown."""
    return replace(
        asked,
        initial=_seals(projected),
        renewed=SEALS,
        template="statements/sign.html",
        about={**(asked.about or {}), "projected": projected, "month": month, "categories": Category},
    )


def _computed_first(request: HttpRequest, viewer: Viewer, month: Month) -> HttpResponse | None:
    """Nobody is asked to sign figures that are not those of today; a form that was opened before is held against what
    is computed when it is sent. None where they are."""
    if request.method == "POST" or not viewer.standing.is_behind:
        return None
    ask_refresh(viewer.contract)
    context = {"title": f"The statement of {month.name} is being computed", "viewer": viewer, "month": month}
    answer = render(request, "statements/computing.html", context)
    answer["Refresh"] = str(LOOK_AGAIN)
    return answer


def _seals(projected: StatementPage) -> CleanedData:
    """What the form says that its person was shown."""
    shown = shown_statement_in(projected)
    return {"statement": shown.statement, "figures": shown.figures}


def _shown(given: CleanedData) -> ShownStatement:
    return ShownStatement(str(given["statement"]), str(given["figures"]))


_ONE = "contracts/<slug:contract>/statements/<str:month>"
routes = [
    path(f"{_ONE}/sign", sign_page, name="sign"),
    path(f"{_ONE}/lock", lock_page, name="lock"),
    path(f"{_ONE}/restate", restate, name="restate"),
    path(f"{_ONE}/confirm", confirm_statement_page, name="confirm_statement"),
]
