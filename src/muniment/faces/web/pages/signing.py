"""The acts on a month: signing first, signing second and locking, restating, keeping."""

from collections.abc import Sequence

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path

from muniment.domain.assessment.status import CATEGORY_NAMES
from muniment.domain.record.entry import Entry
from muniment.faces.desk.acting import Acting, keep, lock, propose, sign
from muniment.faces.web.act_pages import ActForm, ActPage, Cleaned, act_page
from muniment.faces.web.pages.statements import place_of_month, projected_of
from muniment.faces.web.viewing import Viewer, contract_page
from muniment.faces.web.work import waits_in


class SignForm(ActForm):
    """`overdue`: a reason for each table that the month is settled without."""

    def __init__(self, *args: object, tables: Sequence[str] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for table in tables:
            self.fields[f"without_{table}"] = forms.CharField(
                label=f"Why the month is settled without {table}", max_length=500, required=True
            )
        self.order_fields([name for name in self.fields if name.startswith("without_")])


@contract_page(verb="sign")
def sign_first(request: HttpRequest, viewer: Viewer, month: str) -> HttpResponse:
    found, projected = projected_of(viewer, month)
    missing = _missing_tables(viewer, month)

    def perform(acting: Acting, given: Cleaned) -> Entry:
        overdue = [(table, str(given[f"without_{table}"])) for table in missing]
        entry, _ = sign(acting, month=found, overdue=overdue)
        return entry

    return act_page(
        request,
        viewer,
        ActPage(
            title=f"Sign the statement of {found.name} first",
            verb="sign",
            thing=f"{viewer.contract}/{month}",
            form=SignForm,
            make=lambda *args, **kwargs: SignForm(*args, tables=missing, **kwargs),
            perform=perform,
            button="Sign the statement",
            done=place_of_month(viewer, month),
            said=f"You have signed the statement of {found.name}. A second person locks it.",
            back=place_of_month(viewer, month),
            is_weighty=True,
            template="statements/sign.html",
            about={"projected": projected, "month": found, "categories": CATEGORY_NAMES},
            happens=(
                "You sign the figures below, as they are known today.",
                "The supplier's approver signs second, and the month is locked.",
                "Another person of the authority may sign second instead, with a reason.",
                "If anything about the month changes in between, your signature lapses.",
            ),
        ),
    )


@contract_page(verb="lock")
def lock_second(request: HttpRequest, viewer: Viewer, month: str) -> HttpResponse:
    found, projected = projected_of(viewer, month)
    return act_page(
        request,
        viewer,
        ActPage(
            title=f"Sign the statement of {found.name} second, and lock it",
            verb="lock",
            thing=f"{viewer.contract}/{month}",
            form=ActForm,
            perform=lambda acting, given: lock(acting, month=found),  # noqa: ARG005  # a lock says only why
            button="Sign and lock",
            done=place_of_month(viewer, month),
            said=f"{found.name} is locked.",
            back=place_of_month(viewer, month),
            is_weighty=True,
            template="statements/sign.html",
            about={"projected": projected, "month": found, "categories": CATEGORY_NAMES},
            happens=(
                "The month is locked: its statement never changes again.",
                "What comes later is kept, and may lead to a restatement that is a version of its own.",
            ),
        ),
    )


@contract_page(verb="propose_restatement")
def restate(request: HttpRequest, viewer: Viewer, month: str) -> HttpResponse:
    found, _ = projected_of(viewer, month)

    def perform(acting: Acting, given: Cleaned) -> Entry:
        entry, _ = propose(acting, month=found, is_outside_window=bool(given.get("outside")))
        return entry

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
            said="The restatement is proposed. A decision maker who did not propose it decides.",
            back=place_of_month(viewer, month),
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
            perform=lambda acting, given: keep(acting, month=found),  # noqa: ARG005  # it says only why
            button="Keep the statement",
            done=place_of_month(viewer, month),
            said=f"The statement of {found.name} is kept as it is.",
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


def _missing_tables(viewer: Viewer, month: str) -> list[str]:
    """Tables whose evidence is overdue, which a signature has to give a reason for."""
    waits = waits_in(viewer, subject=f"{viewer.contract}/{month}")
    return [item.thing.split("/")[1] for item in waits if "submit" in item.verbs and (item.days_left or 0) < 0]


ONE = "contracts/<slug:contract>/statements/<str:month>"
routes = [
    path(f"{ONE}/sign", sign_first, name="sign"),
    path(f"{ONE}/lock", lock_second, name="lock"),
    path(f"{ONE}/restate", restate, name="restate"),
    path(f"{ONE}/keep", keep_locked, name="keep_statement"),
]
