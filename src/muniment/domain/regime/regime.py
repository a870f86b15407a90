"""The regime in force for a measurement period, built from the consolidated text; each level with its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import Field

from muniment.domain.kernel.fingerprint import fingerprint
from muniment.domain.kernel.money import Money
from muniment.domain.kernel.period import Month, Period
from muniment.domain.kernel.problem import Problem, suggestion
from muniment.domain.regime import nodes
from muniment.domain.regime.contract import Contract
from muniment.domain.regime.kpis import Kpi, KpiSite, kpi_of
from muniment.domain.regime.measures import Measure, MeasureSite, measure_of
from muniment.domain.regime.nodes import Source
from muniment.domain.regime.scalars import MoneyText, NameText
from muniment.domain.regime.schema import fit
from muniment.domain.regime.terms import Terms, terms_of
from muniment.domain.regime.text import GroundText, RegimeText, ServiceCreditsText, TextModel


@dataclass(frozen=True)
class Suspension:
    """Points or credits suspended by a notice; numbers and statuses go on. `kpis` None: all of them."""

    what: str
    kpis: frozenset[str] | None
    first: Month
    last: Month
    notice: str
    source: Source

    def covers(self, *, kpi: str, period: Period) -> bool:
        inside = self.first <= period.last and period.first <= self.last
        return inside and (self.kpis is None or kpi in self.kpis)


@dataclass(frozen=True)
class Regime:
    """The consolidated text for measurement periods that start on a day. `fingerprint` is of the text alone, as it is
    written; no figure is computed from the `terms` on what is deemed and on late evidence, so they stand outside it."""

    schedule: str
    kpis: Mapping[str, Kpi]
    grounds: Mapping[str, GroundText]
    service_credits: ServiceCreditsText | None
    charges: Mapping[str, Mapping[str, Money]]
    measures: Mapping[str, Measure]
    notices: tuple[str, ...]
    fingerprint: str
    terms: Terms


def charge_base(regime: Regime) -> Money:
    """The sum over all areas of the charges that credits are a percentage of."""
    if regime.service_credits is None:
        return Money(0)
    return Money(sum(amount.pence for amount in regime.charges[regime.service_credits.of].values()))


class ChargesText(TextModel):
    """The charges as amended by notices."""

    charges: dict[NameText, dict[NameText, MoneyText]] = Field(default_factory=dict)


@dataclass(frozen=True)
class ConsolidatedText:
    """The regime's tree with its notices applied, the charges and terms of contract.yaml beside it, and which notice
    each file is."""

    node: nodes.MappingNode
    notices: tuple[str, ...]
    notice_of_file: Mapping[str, str]


def regime_of(*, consolidated: ConsolidatedText, contract: Contract) -> tuple[Regime | None, tuple[Problem, ...]]:
    """The regime, or everything wrong with the text at this moment."""
    node = consolidated.node.without("charges").without("terms")
    text, problems = fit(RegimeText, node)
    charges_text, charge_problems = fit(ChargesText, _only(consolidated.node, "charges"))
    terms, term_problems = terms_of(_only(consolidated.node, "terms"), notice_of_file=consolidated.notice_of_file)
    if text is None or charges_text is None or terms is None:
        return None, (*problems, *charge_problems, *term_problems)
    charges = charges_text.charges
    found = [*_credit_problems(text, node, charges), *_default_problems(text, node)]
    measures, measure_problems = _measures(text, node, contract)
    kpis, kpi_problems = _kpis(text, node, contract, measures, consolidated.notice_of_file)
    found += [*measure_problems, *kpi_problems]
    if any(problem.severity == "error" for problem in found):
        return None, tuple(found)
    return Regime(
        schedule=text.schedule,
        kpis=kpis,
        grounds=text.mitigation_grounds,
        service_credits=text.service_credits,
        charges=charges,
        measures=measures,
        notices=consolidated.notices,
        fingerprint=fingerprint(nodes.canonical_node(consolidated.node.without("terms"))),
        terms=terms,
    ), tuple(found)


def _only(node: nodes.MappingNode, key: str) -> nodes.MappingNode:
    return nodes.MappingNode(tuple(entry for entry in node if entry.key.text == key), node.place)


def _child(node: nodes.MappingNode, *path: str) -> nodes.MappingNode:
    found = nodes.node_at(node, path)
    return found if isinstance(found, nodes.MappingNode) else node


def _measures(
    text: RegimeText, node: nodes.MappingNode, contract: Contract
) -> tuple[dict[str, Measure], list[Problem]]:
    built: dict[str, Measure] = {}
    problems: list[Problem] = []
    for name, measure_text in text.measures.items():
        site = MeasureSite(name, measure_text, _child(node, "measures", name), contract.tables, contract.calendars)
        measure, found = measure_of(site)
        problems.extend(found)
        if measure is not None:
            built[name] = measure
    return built, problems


def _kpis(
    text: RegimeText,
    node: nodes.MappingNode,
    contract: Contract,
    measures: Mapping[str, Measure],
    notice_of_file: Mapping[str, str],
) -> tuple[dict[str, Kpi], list[Problem]]:
    built: dict[str, Kpi] = {}
    problems: list[Problem] = []
    for code, kpi_text in text.kpis.items():
        kpi_node = _child(node, "kpis", code)
        kpi, found = kpi_of(KpiSite(code, kpi_text, kpi_node, text, contract.areas, measures, notice_of_file))
        problems.extend(found)
        if kpi is not None:
            built[code] = kpi
    return built, problems


def _credit_problems(
    text: RegimeText, node: nodes.MappingNode, charges: Mapping[str, Mapping[str, Money]]
) -> Iterator[Problem]:
    credits = text.service_credits
    if credits is None:
        return
    if credits.of not in charges:
        remedy = suggestion(credits.of, charges, "add it to 'charges:' in contract.yaml")
        yield Problem(
            nodes.place_at(node, ("service_credits", "of")), "R090", f"there is no charge '{credits.of}'", remedy
        )
    if credits.round.places > 2:
        place = nodes.place_at(node, ("service_credits", "round"))
        yield Problem(place, "R091", "money is rounded to at most 2 decimal places", "write '2 dp half up'")


def _default_problems(text: RegimeText, node: nodes.MappingNode) -> Iterator[Problem]:
    """What the defaults name and nobody declares: said once, not again for every KPI."""
    points, repeat_failure = text.defaults.points, text.defaults.repeat_failure
    if points is not None and points not in text.points_scales:
        remedy = suggestion(points, text.points_scales, "add it to 'points_scales:'")
        place = nodes.place_at(node, ("defaults", "points"))
        yield Problem(place, "R086", f"there is no points scale '{points}'", remedy)
    if repeat_failure is not None and repeat_failure not in text.repeat_failures:
        remedy = suggestion(repeat_failure, text.repeat_failures, "add it to 'repeat_failures:'")
        place = nodes.place_at(node, ("defaults", "repeat_failure"))
        yield Problem(place, "R082", f"there is no repeat-failure rule '{repeat_failure}'", remedy)
