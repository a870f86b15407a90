"""My work, the contracts, and a contract's home."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from muniment.adapters.stores.database.appointments import contracts_of_person
from muniment.adapters.stores.database.pages import titles_of
from muniment.application.kept_waiting import kept_waiting
from muniment.application.read_models.mitigations import GrantedMitigation
from muniment.application.read_models.months import MonthLine
from muniment.application.stores import today_in
from muniment.domain.assessment.status import Category
from muniment.domain.assessment.summary import headline_of
from muniment.domain.kernel.period import Month
from muniment.installation.models import Account, LastLooked
from muniment.installation.viewer import DATABASE_ALIAS, SITE_ZONE, Viewer, viewers_of
from muniment.installation.waiting import Wait, waits_in, waits_of
from muniment.interfaces.web.access import contract_page, open_page
from muniment.interfaces.web.addresses import place_of_wait
from muniment.interfaces.web.expected_evidence import expected_in, without_expected
from muniment.interfaces.web.wording import counted, left_words

_PER_PAGE = 50
RECENT = 7
"""Months of Table 1 that the home page shows."""


@dataclass(frozen=True)
class WorkItem:
    """Something that waits, with the page where it is done. `contract`: its title."""

    waiting: Wait
    contract: str
    href: str

    @property
    def sentence(self) -> str:
        return self.waiting.says

    @property
    def what(self) -> str:
        """The act alone: Approve s1 of calls, September 2019"""
        return f"{self.waiting.act[:1].upper()}{self.waiting.act[1:]}"

    @property
    def left(self) -> str:
        return left_words(self.waiting).partition(", ")[2]


def items_of(viewer: Viewer, waiting: tuple[Wait, ...]) -> list[WorkItem]:
    return [WorkItem(found, viewer.title, place_of_wait(viewer, found)) for found in waiting]


@open_page
@login_required
def my_work(request: HttpRequest) -> HttpResponse:
    """What waits for this person in all their contracts, by date; then what waits for others there."""
    account = cast("Account", request.user)
    mine: list[WorkItem] = []
    viewers = list(viewers_of(account))
    kept = kept_waiting([viewer.contract for viewer in viewers], using=DATABASE_ALIAS)
    untitled = titles_of([viewer.contract for viewer in viewers if viewer.contract not in kept], using=DATABASE_ALIAS)
    titles = {**untitled, **{contract: found.title for contract, found in kept.items()}}
    for viewer in viewers:
        for found in waits_of(kept.get(viewer.contract), viewer=viewer):
            if viewer.roles & {*found.roles}:
                title = titles.get(viewer.contract, viewer.contract)
                mine.append(WorkItem(found, title, place_of_wait(viewer, found)))
    mine.sort(key=lambda item: (item.waiting.by or date.max, item.contract, item.waiting.since))
    context = {
        "area": "work",
        "title": f"{counted(len(mine), 'thing waits', 'things wait')} for you" if mine else "Nothing waits for you",
        "mine": mine,
        "viewers": viewers,
        "titles": titles,
        "behind": [v.contract for v in viewers if v.contract not in kept or kept[v.contract].is_behind(today=v.today)],
    }
    return render(request, "my_work.html", context)


@open_page
@login_required
def contracts(request: HttpRequest) -> HttpResponse:
    account = cast("Account", request.user)
    found = contracts_of_person(account.actor, on=today_in(SITE_ZONE), using=DATABASE_ALIAS)
    pages = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "area": "contracts",
        "title": f"Your {len(found):,} contracts" if len(found) != 1 else "Your contract",
        "pages": pages,
        "titles": titles_of([seen.contract for seen in pages.object_list], using=DATABASE_ALIAS),
    }
    return render(request, "contracts.html", context)


@contract_page()
def contract(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The contract's home: its last months, what waits, what changed since this person looked."""
    over = [found for found in viewer.months if found.month < str(Month.of(viewer.today))]
    months, waits = over[-RECENT:], waits_in(viewer)
    looked = LastLooked.objects.filter(account=viewer.account, contract=viewer.contract).first()
    since = [entry for entry in viewer.entries if entry.seq > looked.seq] if looked and looked.seq < viewer.seq else []
    if looked is None or looked.seq != viewer.seq:
        LastLooked.objects.update_or_create(
            account=viewer.account, contract=viewer.contract, defaults={"seq": viewer.seq}
        )
    context = {
        "title": viewer.title,
        "is_home": True,
        "section": "contract",
        "viewer": viewer,
        "months": months,
        "answer": _answer(months),
        "categories": Category,
        "is_apart": any(found.now for found in months),
        "mitigations": _in_force(viewer),
        "expected": expected_in(viewer, waits),
        "waiting": items_of(viewer, without_expected(waits)),
        "since": since[-20:],
        "since_count": len(since),
        "is_first_look": looked is None,
    }
    return render(request, "contract.html", context)


def _in_force(viewer: Viewer) -> list[GrantedMitigation]:
    return [found for found in (viewer.home.mitigations if viewer.home else ()) if found.until >= viewer.today]


def _answer(months: Sequence[MonthLine]) -> str:
    """What the last month with a locked statement says, else the last month."""
    locked = [month for month in months if month.locked] or months
    return headline_of(month=Month.parse(locked[-1].month), counts=locked[-1].counts) if locked else ""


routes = [
    path("", my_work, name="my_work"),
    path("contracts", contracts, name="contracts"),
    path("contracts/<slug:contract>", contract, name="contract"),
]
