"""The agreed text with problems at the line; change notices proposed, agreed to and adopted."""

import re
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from muniment.application.contract_text import DraftLook, agree_to_draft, look_at_draft
from muniment.application.parsed_text import problems_of_text
from muniment.domain.kernel.problem import Problem
from muniment.domain.record.act import RefusedError
from muniment.domain.regime.adoption import adopted_text_known, drift, files_as_adopted
from muniment.domain.regime.agreements import NOTICE_NUMBER, Agreement
from muniment.installation.models import NoticeDraft
from muniment.installation.notice_drafts import (
    adopt_notice,
    agreement_to,
    drop_notice,
    propose_notice,
    proposed_draft,
    proposed_in,
)
from muniment.installation.viewer import Viewer
from muniment.interfaces.web.access import contract_page
from muniment.interfaces.web.command_pages import CommandForm, CommandPage, command_page
from muniment.interfaces.web.reauthentication import kept_typed
from muniment.interfaces.web.second_factor import second_factor_first
from muniment.interfaces.web.wording import counted

DRIFT = {
    "changed": "differs from the text that was adopted",
    "missing": "was adopted and is not here",
    "not adopted": "has not been adopted",
}


@contract_page()
def agreed_text(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    texts = viewer.store.read_texts()
    _, _, problems = problems_of_text(texts, adopted=files_as_adopted(viewer.record, texts))
    adopted = adopted_text_known(viewer.record)
    context = {
        "title": f"{counted(len(viewer.opened.text.notices), 'change notice')} since the contract began",
        "section": "agreed_text",
        "crumbs": [{"text": "Agreed text"}],
        "viewer": viewer,
        "files": [(name, len(text.splitlines())) for name, text in texts.items()],
        "notices": sorted(viewer.opened.text.notices, key=lambda notice: notice.order, reverse=True),
        "adopted": adopted,
        "drifted": _drifted(viewer),
        "problems": problems,
        "drafts": [(draft, agreement_to(draft, viewer.record)) for draft in proposed_in(viewer.contract)],
    }
    return render(request, "texts/all.html", context)


@contract_page()
def text_file(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    """A file with its line numbers; the problems of a line stand under it. `#L241` is a stable address."""
    texts = viewer.store.read_texts()
    if name not in texts:
        raise Http404
    _, _, problems = problems_of_text(texts, adopted=files_as_adopted(viewer.record, texts))
    context = {
        "title": name,
        "section": "agreed_text",
        "crumbs": [_crumb(viewer), {"text": name}],
        "viewer": viewer,
        "lines": _lines(texts[name], [problem for problem in problems if problem.place.file == name]),
        "adopted": adopted_text_known(viewer.record),
    }
    return render(request, "texts/file.html", context)


class DraftForm(forms.Form):
    name = forms.CharField(label="Number of the notice", help_text="As CCN-040", max_length=40)
    text = forms.CharField(
        label="Text",
        widget=forms.Textarea(attrs={"rows": 18, "class": "m-code"}),
        max_length=100_000,
        strip=False,
        help_text="As the notices before it are written: change, title, signed, effective, and what it amends.",
    )
    use_required_attribute = False

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not re.fullmatch(NOTICE_NUMBER, name):
            raise forms.ValidationError("Write letters, digits, - and _, such as CCN-040")
        return name


@contract_page(command="adopt_text")
def propose_notice_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if (first := second_factor_first(request, viewer)) is not None:
        return first
    kept = None if request.method == "POST" else kept_typed(request)
    form = DraftForm(request.POST if request.method == "POST" else None, initial=kept.dict() if kept else None)
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            draft = propose_notice(viewer, number=str(given["name"]), text=str(given["text"]))
            return HttpResponseRedirect(_place(viewer, draft), status=303)
        except RefusedError:
            form.add_error("name", "There is a notice of that number: choose another")
    context = {
        "title": "Propose a change notice",
        "section": "agreed_text",
        "crumbs": [_crumb(viewer), {"text": "Proposed notice"}],
        "viewer": viewer,
        "form": form,
    }
    return render(request, "texts/propose.html", context, status=422 if form.errors else 200)


@contract_page()
def notice_draft(request: HttpRequest, viewer: Viewer, draft: UUID) -> HttpResponse:
    """What the proposed notice says, what is wrong with it, and what it would change."""
    found = _draft(viewer, draft)
    look, agreement = _look(viewer, found), agreement_to(found, viewer.record)
    context = {
        "title": f"{_number(found)}: {_state(agreement)}",
        "section": "agreed_text",
        "crumbs": [_crumb(viewer), {"text": _number(found)}],
        "viewer": viewer,
        "draft": found,
        "look": look,
        "lines": _lines(found.text, [problem for problem in look.problems if problem.place.file == found.path]),
        "elsewhere": [problem for problem in look.problems if problem.place.file != found.path],
        "agreement": agreement,
    }
    return render(request, "texts/draft.html", context)


@contract_page(command="agree_notice")
def agree_to_notice(request: HttpRequest, viewer: Viewer, draft: UUID) -> HttpResponse:
    """The supplier's approver agrees to exactly this text."""
    found = _draft(viewer, draft)
    look = _look(viewer, found)
    if request.method != "POST" and not look.can_be_adopted:
        return HttpResponseRedirect(_place(viewer, found), status=303)
    return command_page(
        request,
        viewer,
        CommandPage(
            title=f"Agree to {_number(found)}",
            command="agree_notice",
            thing=f"{viewer.contract}/notices/{_number(found)}",
            form=CommandForm,
            perform=lambda acting, _: agree_to_draft(acting, path=found.path, content=found.text),
            button="Agree to this text",
            done=_place(viewer, found),
            said="You have agreed to this text. The authority can adopt it.",
            back=_place(viewer, found),
            template="texts/agree.html",
            about={**_around(viewer, found), "look": look, "lines": _lines(found.text, []), "label": found.path},
            happens=(
                "You agree for the supplier to exactly the text above.",
                "The authority can adopt it then, without asking you again. You cannot take it back.",
            ),
        ),
    )


@require_POST
@contract_page(command="adopt_text")
def drop_notice_page(request: HttpRequest, viewer: Viewer, draft: UUID) -> HttpResponse:
    found = _draft(viewer, draft)
    if (first := second_factor_first(request, viewer)) is not None:
        return first
    drop_notice(found)
    messages.success(request, f"{found.path} is not proposed any more.")
    return HttpResponseRedirect(reverse("agreed_text", args=[viewer.contract]), status=303)


@contract_page(command="adopt_text")
def adopt_notice_page(request: HttpRequest, viewer: Viewer, draft: UUID) -> HttpResponse:
    found = _draft(viewer, draft)
    look = _look(viewer, found)
    if request.method != "POST" and not look.can_be_adopted:
        return HttpResponseRedirect(_place(viewer, found), status=303)

    return command_page(
        request,
        viewer,
        CommandPage(
            title=f"Adopt {_number(found)}",
            command="adopt_text",
            thing=f"{viewer.contract}/text",
            form=CommandForm,
            perform=lambda acting, given: adopt_notice(acting, found),  # noqa: ARG005  # an adoption says only why
            button="Adopt the notice",
            done=reverse("agreed_text", args=[viewer.contract]),
            said=f"{found.path} is part of the agreed text.",
            back=_place(viewer, found),
            template="texts/adopt.html",
            about={**_around(viewer, found), "look": look, "draft": found},
            happens=(
                "From now on the text with this notice is what was agreed.",
                "Locked months that it touches wait to be restated; their statements stay as they are.",
            ),
        ),
    )


@contract_page(command="adopt_text")
def adopt_files_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Adopt the files as they are, after they were imported."""
    return command_page(
        request,
        viewer,
        CommandPage(
            title="Adopt the agreed text as it is",
            command="adopt_text",
            thing=f"{viewer.contract}/text",
            form=CommandForm,
            button="Adopt the text",
            done=reverse("agreed_text", args=[viewer.contract]),
            said="The text is adopted.",
            back=reverse("agreed_text", args=[viewer.contract]),
            happens=(*_drifted(viewer), "You declare that the files, as they are, are what was agreed."),
            about={"section": "agreed_text", "crumbs": [_crumb(viewer), {"text": "Adopt"}]},
        ),
    )


def _drifted(viewer: Viewer) -> tuple[str, ...]:
    """What differs between the files and the text that was adopted, a sentence each."""
    adopted = adopted_text_known(viewer.record)
    found = drift(adopted=adopted, texts=viewer.store.read_texts()) if adopted else ()
    return tuple(f"{item.path}: {DRIFT[item.how]}." for item in found if not item.path.startswith("examples/"))


def _lines(text: str, problems: list[Problem]) -> list[tuple[int, str, list[Problem]]]:
    return [
        (number, line, [problem for problem in problems if problem.place.line == number])
        for number, line in enumerate(text.splitlines(), start=1)
    ]


def _draft(viewer: Viewer, draft: UUID) -> NoticeDraft:
    found = proposed_draft(viewer.contract, draft)
    if found is None:
        raise Http404
    return found


def _look(viewer: Viewer, found: NoticeDraft) -> DraftLook:
    texts = viewer.store.read_texts()
    return look_at_draft(texts=texts, entries=viewer.record, path=found.path, content=found.text)


def _around(viewer: Viewer, found: NoticeDraft) -> dict[str, object]:
    """Where an act on the notice stands among the pages."""
    crumbs = [_crumb(viewer), {"text": _number(found), "href": _place(viewer, found)}]
    return {"section": "agreed_text", "crumbs": crumbs}


def _number(found: NoticeDraft) -> str:
    """CCN-040, from changes/CCN-040.yaml."""
    return found.path.rpartition("/")[2].removesuffix(".yaml")


def _state(agreement: Agreement | None) -> str:
    return "agreed by the supplier, to be adopted" if agreement else "proposed, the supplier has not agreed yet"


def _place(viewer: Viewer, found: NoticeDraft) -> str:
    return reverse("notice_draft", args=[viewer.contract, found.id])


def _crumb(viewer: Viewer) -> dict[str, str]:
    return {"text": "Agreed text", "href": reverse("agreed_text", args=[viewer.contract])}


_ALL = "contracts/<slug:contract>/text"
_DRAFT = f"{_ALL}/proposed/<uuid:draft>"
routes = [
    path(_ALL, agreed_text, name="agreed_text"),
    path(f"{_ALL}/files/<path:name>", text_file, name="text_file"),
    path(f"{_ALL}/adopt", adopt_files_page, name="adopt_text"),
    path(f"{_ALL}/propose", propose_notice_page, name="propose_notice"),
    path(_DRAFT, notice_draft, name="notice_draft"),
    path(f"{_DRAFT}/agree", agree_to_notice, name="agree_notice"),
    path(f"{_DRAFT}/drop", drop_notice_page, name="drop_notice"),
    path(f"{_DRAFT}/adopt", adopt_notice_page, name="adopt_notice"),
]
