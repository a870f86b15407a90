"""Where the page of a thing is: from the ids that the record uses to addresses that can be mailed."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse

from muniment.domain.record.index import is_month
from muniment.installation.viewer import Viewer
from muniment.installation.waiting import Wait

OF_KPI: frozenset[str] = frozenset({"dispute", "resolve_dispute", "explain_failure", "request_mitigation"})
"""What is done about a KPI's month. Every other act on a thing of that form is about a table's."""


def place_of(viewer: Viewer, thing: str, *, commands: Sequence[str] = ()) -> str:
    """The page on which somebody sees, or does something about, cssc/calls/2019-09, cssc/2019-09 or cssc/K/2019-09/g1.

    `commands`: what waits to be done about it. Without any, what the contract has tells a table from a KPI.
    """
    contract, *rest = thing.split("/")
    if not rest:
        return reverse("contract", args=[contract])
    if is_month(rest[0]):
        name = "restatement" if len(rest) > 1 and rest[1].startswith("r") else "statement"
        return reverse(name, args=[contract, *rest[: 2 if name == "restatement" else 1]])
    if len(rest) < 2 or not is_month(rest[1]):
        return reverse("contract", args=[contract])
    of, month, number = rest[0], rest[1], rest[2] if len(rest) > 2 else ""
    if number.startswith("g"):
        return reverse("mitigation", args=[contract, of, month, number])
    if number.startswith("q"):
        return reverse("challenge", args=[contract, of, month, number])
    if number.startswith(("d", "f")):
        part = "dispute" if number.startswith("d") else "failure"
        return f"{reverse('kpi_month', args=[contract, month, of])}#{part}"
    if number or not _is_of_kpi(viewer, of, commands):
        return reverse("table_month", args=[contract, of, month])
    there = "#dispute" if "resolve_dispute" in commands else ""
    return f"{reverse('kpi_month', args=[contract, month, of])}{there}"


def place_of_wait(viewer: Viewer, waiting: Wait) -> str:
    """The page on which somebody does what waits; of a restatement that is to be decided, its own."""
    return place_of(viewer, waiting.restatement or waiting.thing, commands=waiting.commands)


def place_of_comparison(*, earlier: str, later: str) -> str:
    """The page that compares two submissions, given their ids."""
    contract, table, month, which = later.split("/")
    asked = {"which": which, "with": earlier.rpartition("/")[2]}
    return f"{reverse('compare', args=[contract, table, month])}?{urlencode(asked)}"


def _is_of_kpi(viewer: Viewer, name: str, commands: Sequence[str]) -> bool:
    if commands:
        return bool(OF_KPI & {*commands})
    return name in viewer.kpi_tables and name not in viewer.tables
