"""The acts on a month: signing first, signing second and locking, restating, keeping. The worker does them."""

from collections.abc import Collection, Mapping, Sequence

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from muniment.domain.assessment.status import CATEGORY_NAMES
from muniment.domain.evidence.submissions import submissions_known
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.period import Month
from muniment.faces.desk.acting import Acting, Shown
from muniment.faces.desk.agreed_terms import tables_to_excuse
from muniment.faces.desk.settling import Settling, shown_in
from muniment.faces.web.act_jobs import WORDS, ask_act, signable
from muniment.faces.web.act_pages import ActForm, ActPage, Cleaned, act_page, text_of
from muniment.faces.web.jobs import ask_refresh
from muniment.faces.web.models import Job
from muniment.faces.web.pages.statements import place_of_month, projected_of
from muniment.faces.web.viewing import Viewer, contract_page

SEALS = ("statement", "figures")
LOOK_AGAIN = 5
"""Seconds after which a page whose figures are being computed looks again."""


class SealingForm(ActForm):
    """What the person was shown: the statement's fingerprint, and its figures in words."""

    statement = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    figures = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)


class SignForm(SealingForm):
    """`overdue`: a reason for each table that the month is settled without."""

    def __init__(self, *args: object, tables: Sequence[str] = (), came: Collection[str] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for table in tables:
            is_there = table in came
            self.fields[f"without_{table}"] = forms.CharField(
                label=f"Why the month is settled without {table}",
                help_text="It came and is not accepted. Accept it first, or say why." if is_there else "It never came.",
                error_messages={"required": f"Say why the month is settled without {table}"},
                max_length=500,
                required=not is_there,
            )
        self.order_fields([name for name in self.fields if name.startswith("without_")])


@contract_page(verb="sign")
def sign_first(request: HttpRequest, viewer: Viewer, month: str) -> HttpResponse:
    found, projected = projected_of(viewer, month)
    if (first := _computed_first(request, viewer, found)) is not None:
        return first
    missing = tables_to_excuse(viewer.opened, month=found, on=viewer.today)
    came = {
        sent.received.table
        for sent in submissions_known(viewer.record)
        if sent.received.period == found and sent.withdrawn is None
    }

    def perform(acting: Acting, given: Cleaned) -> Job:
        said = [(table, text_of(given, f"without_{table}")) for table in missing]
        overdue = tuple((table, why) for table, why in said if why)
        return ask_act(viewer, acting, Settling("sign", found, overdue=overdue, shown=_shown(given)))

    return act_page(
        request,
        viewer,
        ActPage(
            title=f"Sign the statement of {found.name} first",
            verb="sign",
            thing=f"{viewer.contract}/{month}",
            form=SignForm,
            make=lambda *args, **kwargs: SignForm(*args, tables=missing, came=came, **kwargs),
            perform=perform,
            button="Sign the statement",
            done=place_of_month(viewer, month),
            said=WORDS["sign"].done.format(found.name),
            back=place_of_month(viewer, month),
            is_weighty=True,
            initial=_seals(projected),
            renewed=SEALS,
            template="statements/sign.html",
            about={"projected": projected, "month": found, "categories": CATEGORY_NAMES},
            happens=(
                "You sign the figures above, as they are known today.",
                "The supplier's approver signs second, and the month is locked.",
                "Another person of the authority may sign second instead, with a reason.",
                "If anything about the month changes in between, your signature lapses.",
            ),
        ),
    )


@contract_page(verb="lock")
def lock_second(request: HttpRequest, viewer: Viewer, month: str) -> HttpResponse:
    found, projected = projected_of(viewer, month)
    if (first := _computed_first(request, viewer, found)) is not None:
        return first
    projected = {**projected, **signable(viewer, verb="lock", month=found)}
    return act_page(
        request,
        viewer,
        ActPage(
            title=f"Sign the statement of {found.name} second, and lock it",
            verb="lock",
            thing=f"{viewer.contract}/{month}",
            form=SealingForm,
            perform=lambda acting, given: ask_act(viewer, acting, Settling("lock", found, shown=_shown(given))),
            button="Sign and lock",
            done=place_of_month(viewer, month),
            said=WORDS["lock"].done.format(found.name),
            back=place_of_month(viewer, month),
            is_weighty=True,
            initial=_seals(projected),
            renewed=SEALS,
            template="statements/sign.html",
            about={"projected": projected, "month": found, "categories": CATEGORY_NAMES},
            happens=(
                "You sign the figures above, as the first signature saw them.",
                "The month is locked: its statement never changes again.",
                "What comes later is kept, and may lead to a restatement that is a version of its own.",
            ),
        ),
    )


@contract_page(verb="propose_restatement")
def restate(request: HttpRequest, viewer: Viewer, month: str) -> HttpResponse:
    found, _ = projected_of(viewer, month)

    def perform(acting: Acting, given: Cleaned) -> Job:
        asked = Settling("propose_restatement", found, is_outside_window=bool(given.get("outside")))
        return ask_act(viewer, acting, asked)

    return act_page(
        request,
        viewer,
        ActPage(
            title=f"Propose a restatement of {found.name}",
            verb="propose_restatement",
            thing=f"{viewer.contract}/{month}",
            form=RestateForm,
            perform=perform,
            button="Propose the restatement",
            done=place_of_month(viewer, month),
            said=WORDS["propose_restatement"].done.format(found.name),
            back=place_of_month(viewer, month),
            is_weighty=True,
            happens=(
                "The statement is computed as known today. Class and cause are computed, not chosen.",
                "Later locked months that change with it are proposed with it.",
                "Nothing changes until a decision maker approves; the locked version stays for ever.",
            ),
        ),
    )


@contract_page(verb="keep_statement")
def keep_locked(request: HttpRequest, viewer: Viewer, month: str) -> HttpResponse:
    found, _ = projected_of(viewer, month)
    return act_page(
        request,
        viewer,
        ActPage(
            title=f"Keep the locked statement of {found.name}",
            verb="keep_statement",
            thing=f"{viewer.contract}/{month}",
            form=ActForm,
            perform=lambda acting, _: ask_act(viewer, acting, Settling("keep_statement", found)),
            button="Keep the statement",
            done=place_of_month(viewer, month),
            said=WORDS["keep_statement"].done.format(found.name),
            back=place_of_month(viewer, month),
            is_weighty=True,
            happens=(
                "The statement is computed as known today, and compared with the locked one.",
                "Where no status and no credit differs, the month is locked again as it was; else this is refused.",
            ),
        ),
    )


class RestateForm(ActForm):
    outside = forms.BooleanField(
        label="The evidence came after the agreed window, and it is to be restated all the same", required=False
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


def _seals(projected: Mapping[str, Json]) -> Cleaned:
    """What the form says that its person was shown."""
    shown = shown_in({**projected})
    return {"statement": shown.statement, "figures": shown.figures}


def _shown(given: Cleaned) -> Shown:
    return Shown(str(given["statement"]), str(given["figures"]))


ONE = "contracts/<slug:contract>/statements/<str:month>"
routes = [
    path(f"{ONE}/sign", sign_first, name="sign"),
    path(f"{ONE}/lock", lock_second, name="lock"),
    path(f"{ONE}/restate", restate, name="restate"),
    path(f"{ONE}/keep", keep_locked, name="keep_statement"),
]
