"""What people say about a result: a dispute, how it was resolved, and why a KPI failed."""

from collections.abc import Mapping

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from muniment.application.command_context import CommandContext, dispute_shown_result
from muniment.application.projected import projected_kpi_month
from muniment.application.read_models.explanations import KpiMonthPage
from muniment.commands.spec import pair_typed
from muniment.domain.assessment.disputes import DisputeOutcome, disputes_known
from muniment.domain.kernel.period import Month
from muniment.domain.record.entry import Entry
from muniment.installation.input_limits import LONGEST_FIGURE, LONGEST_PROSE
from muniment.installation.viewer import DATABASE_ALIAS, Viewer
from muniment.interfaces.web.access import contract_page
from muniment.interfaces.web.command_pages import CleanedData, CommandForm, CommandPage, command_page, field_text

LINES = "One a line, as FIGURE = SOURCE, such as: 13 = the centre's duty log of 3 September"


DISPUTE_OUTCOME_WORDS: Mapping[DisputeOutcome, str] = {
    "upheld": "The supplier is right",
    "not_upheld": "The authority's figure stands",
    "withdrawn": "The supplier no longer disputes it",
}


class DisputeForm(CommandForm):
    supplier_value = forms.CharField(label="What the result should be", max_length=LONGEST_FIGURE)


@contract_page(command="dispute")
def dispute_result_page(request: HttpRequest, viewer: Viewer, month: str, kpi: str) -> HttpResponse:
    explained, found = _explained(viewer, month, kpi)

    def perform(acting: CommandContext, given: CleanedData) -> Entry:
        return dispute_shown_result(
            acting, contract=viewer.contract, kpi=kpi, period=month,
            supplier_value=field_text(given, "supplier_value"), using=DATABASE_ALIAS,
        )  # fmt: skip

    here = reverse("kpi_month", args=[viewer.contract, month, kpi])
    return command_page(
        request,
        viewer,
        CommandPage(
            title=f"Dispute {kpi} in {found.name}: {explained.shown}",
            command="dispute",
            thing=f"{viewer.contract}/{kpi}/{month}",
            form=DisputeForm,
            perform=perform,
            button="Record the dispute",
            done=here,
            said="The dispute is recorded. A decision maker of the authority resolves it.",
            back=here,
            happens=(
                "Both figures are kept. The authority's stands meanwhile, and is marked as disputed.",
                "The statement may be locked at the authority's figure, with the dispute named in it.",
            ),
            about={**_around(viewer, found, kpi), "explained": explained},
            template="results/with_sentence.html",
        ),
    )


class ResolveForm(CommandForm):
    outcome = forms.ChoiceField(
        label="Outcome",
        widget=forms.RadioSelect,
        choices=tuple(DISPUTE_OUTCOME_WORDS.items()),
        error_messages={"required": "Choose an outcome"},
    )


@contract_page(command="resolve_dispute")
def resolve_dispute_page(request: HttpRequest, viewer: Viewer, kpi: str, month: str, dispute_id: str) -> HttpResponse:
    wanted = f"{viewer.contract}/{kpi}/{month}/{dispute_id}"
    found = next((known for known in disputes_known(viewer.record) if known.id == wanted), None)
    if found is None:
        raise Http404
    here = f"{reverse('kpi_month', args=[viewer.contract, month, kpi])}#dispute"
    return command_page(
        request,
        viewer,
        CommandPage(
            title=f"Resolve the dispute about {kpi} in {found.disputed.period.name}",
            command="resolve_dispute",
            thing=f"{viewer.contract}/{kpi}/{month}",
            form=ResolveForm,
            given={"dispute": wanted},
            button="Record the outcome",
            done=here,
            said=f"The dispute about {kpi} in {found.disputed.period.name} is resolved.",
            back=here,
            happens=(
                f"The supplier says {found.disputed.supplier_value}.",
                f"The authority's figure: {found.disputed.authority_value or 'the one computed'}.",
                f"The supplier's reason: {found.raised.reason}",
                "The outcome changes no figure by itself: corrected evidence does, once it is submitted and accepted.",
            ),
            about=_around(viewer, found.disputed.period, kpi),
        ),
    )


class TypedField(forms.CharField):
    """Figures that somebody types into prose, each with its source."""

    def __init__(self) -> None:
        super().__init__(
            label="Figures in these words, and where you have them from",
            help_text=LINES,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            max_length=2000,
        )

    def clean(self, value: str | None) -> list[tuple[str, str]]:
        found = []
        for line in str(super().clean(value)).splitlines():
            if line.strip():
                pair = pair_typed(line, kind="pairs")
                if pair is None:
                    raise forms.ValidationError(f"'{line.strip()}' names no source - write FIGURE = SOURCE")
                found.append(pair)
        return found


class ExplainForm(CommandForm):
    cause = forms.CharField(label="Why it failed", widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST_PROSE)
    effect = forms.CharField(label="What it meant", widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_PROSE)
    remedy = forms.CharField(
        label="What is done about it", widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_PROSE
    )
    typed = TypedField()


@contract_page(command="explain_failure")
def explain_failure_page(request: HttpRequest, viewer: Viewer, month: str, kpi: str) -> HttpResponse:
    explained, found = _explained(viewer, month, kpi)

    here = reverse("kpi_month", args=[viewer.contract, month, kpi])
    return command_page(
        request,
        viewer,
        CommandPage(
            title=f"Explain why {kpi} failed in {found.name}",
            command="explain_failure",
            thing=f"{viewer.contract}/{kpi}/{month}",
            form=ExplainForm,
            given={"kpi": kpi, "month": month},
            button="Record the explanation",
            done=f"{here}#failure",
            said="The explanation is recorded, and goes into the board report.",
            back=here,
            happens=("Name no figure of the KPI itself: the report prints it. A figure of your own needs its source.",),
            about={**_around(viewer, found, kpi), "explained": explained},
            template="results/with_sentence.html",
        ),
    )


def _around(viewer: Viewer, month: Month, kpi: str) -> dict[str, object]:
    """Where an act on the result stands among the pages."""
    crumbs = [
        {"text": month.name, "href": reverse("month", args=[viewer.contract, str(month)])},
        {"text": kpi, "href": reverse("kpi_month", args=[viewer.contract, str(month), kpi])},
    ]
    return {"section": "contract", "crumbs": crumbs}


def _explained(viewer: Viewer, month: str, kpi: str) -> tuple[KpiMonthPage, Month]:
    """What is projected of the KPI-month. Raises Http404."""
    found = projected_kpi_month(viewer.contract, month, kpi, using=DATABASE_ALIAS)
    if found is None:
        raise Http404
    return found, Month.parse(month)


_K = "contracts/<slug:contract>/months/<str:month>/kpis/<str:kpi>"
routes = [
    path(f"{_K}/dispute", dispute_result_page, name="dispute"),
    path(f"{_K}/explain-failure", explain_failure_page, name="explain_failure"),
    path(
        "contracts/<slug:contract>/disputes/<str:kpi>/<str:month>/<str:dispute_id>/resolve",
        resolve_dispute_page,
        name="resolve_dispute",
    ),
]
