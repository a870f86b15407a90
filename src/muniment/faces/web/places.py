"""Where the page of a thing is: from the ids that the record uses to addresses that can be mailed."""

from collections.abc import Sequence

from django.urls import reverse

from muniment.domain.lifecycle.permissions import Verb
from muniment.domain.record.index import is_month


def place_of(thing: str, *, verbs: Sequence[Verb] = ()) -> str:
    """The page on which somebody sees, or does something about, cssc/calls/2019-09, cssc/2019-09 or cssc/K/2019-09/g1.

    `verbs`: what waits to be done about it, which tells a table from a KPI and a month's statement from its figures.
    """
    contract, *rest = thing.split("/")
    if not rest:
        return reverse("contract", args=[contract])
    if is_month(rest[0]):
        name = "restatement" if len(rest) > 1 and rest[1].startswith("r") else "statement"
        return reverse(name, args=[contract, *rest[: 2 if name == "restatement" else 1]])
    if len(rest) < 2 or not is_month(rest[1]):
        return reverse("contract", args=[contract])
    if len(rest) > 2 and rest[2].startswith("g"):
        return reverse("mitigation", args=[contract, *rest[:3]])
    if (len(rest) > 2 and rest[2].startswith("d")) or {"resolve_dispute", "dispute"} & {*verbs}:
        return reverse("kpi_month", args=[contract, rest[1], rest[0]])
    if rest[0].isupper() or {"resolve_dispute", "dispute"} & {*verbs}:
        return reverse("kpi_month", args=[contract, rest[1], rest[0]])
    return reverse("table_month", args=[contract, *rest[:2]])
