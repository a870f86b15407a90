"""The agreed text of a contract, read whole: its files, its notices, and the regime in force for any period.

`read_agreed_text` never raises for what people wrote: it returns the text and every problem in it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from muniment.domain.kernel.period import MONTHS_IN, Month, Period, PeriodLength, period_containing
from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError, raise_if_errors, suggestion
from muniment.domain.regime import nodes
from muniment.domain.regime.contract import Contract, contract_from_text
from muniment.domain.regime.former_words import without_former_words
from muniment.domain.regime.kpis import Kpi
from muniment.domain.regime.measures import Measure
from muniment.domain.regime.nodes import Source
from muniment.domain.regime.notices import Notice, consolidated, in_force, was_problems
from muniment.domain.regime.regime import ConsolidatedText, Regime, Suspension, regime_of
from muniment.domain.regime.schema import fit, fit_what_fits
from muniment.domain.regime.text import ChangeText, ContractText, EvidenceText, RegimeText, TextModel

_M = TypeVar("_M", bound=TextModel)

_THERE_IS_NO = frozenset({"R033", "R046", "R060", "R080", "R081", "R082", "R086", "R090", "R106", "R107", "L007"})
CONTRACT_FILE, EVIDENCE_FILE, REGIME_FILE = "contract.yaml", "evidence.yaml", "regime.yaml"


@dataclass
class AgreedText:
    """A contract's text. Regimes are consolidated when first asked for, and kept."""

    contract_text: ContractText
    evidence_text: EvidenceText
    contract_node: nodes.MappingNode
    evidence_node: nodes.MappingNode
    root: nodes.MappingNode
    signed: date
    notices: tuple[Notice, ...]
    _contracts: dict[date | None, Contract] = field(default_factory=dict)
    _regimes: dict[tuple[tuple[str, ...], int], Regime] = field(default_factory=dict)
    _measures: list[tuple[Measure, ...]] = field(default_factory=list)

    def contract(self, *, known: date | None) -> Contract:
        """The contract as known at the end of that day. Raises ProblemsFoundError."""
        if known not in self._contracts:
            found, problems = contract_from_text(
                text=self.contract_text,
                evidence=self.evidence_text,
                node=self.contract_node,
                evidence_node=self.evidence_node,
                known=known,
            )
            raise_if_errors(problems)
            same = next((contract for contract in self._contracts.values() if contract == found), found)
            self._contracts[known] = same
        return self._contracts[known]

    def regime_at(self, *, on: date, known: date | None) -> Regime:
        """The regime of measurement periods that start on that day, as known on `known` (None: all that is signed).

        Raises ProblemsFoundError outside the term, before the text was signed, or where the text is wrong.
        """
        contract = self.contract(known=known)
        if not contract.term_first <= on <= contract.term_last:
            what = f"{on} is outside the term, {contract.term_first} to {contract.term_last}"
            raise ProblemsFoundError([Problem(Place(CONTRACT_FILE), "R100", what, "ask for a period inside the term")])
        if known is not None and known < self.signed:
            what = f"the regime was signed on {self.signed}, so it was not known on {known}"
            raise ProblemsFoundError([Problem(Place(REGIME_FILE), "R101", what, "ask as known on a later day")])
        regime, problems = self._built(in_force(self.notices, on=on, known=known), contract)
        if regime is None:
            raise ProblemsFoundError(problems)
        return regime

    def _built(self, notices: tuple[Notice, ...], contract: Contract) -> tuple[Regime | None, tuple[Problem, ...]]:
        key = (tuple(notice.number for notice in notices), id(contract))
        if key in self._regimes:
            return self._regimes[key], ()
        regime, problems = regime_of(consolidated=self._consolidated(notices), contract=contract)
        if regime is not None and not problems:
            self._regimes[key] = regime
        return regime, problems

    def _consolidated(self, notices: tuple[Notice, ...]) -> ConsolidatedText:
        files = {notice.file: notice.number for notice in self.notices}
        tree = consolidated(self.root, notices)
        return ConsolidatedText(tree, tuple(notice.number for notice in notices), files)

    def all_measures(self) -> tuple[Measure, ...]:
        """Every measure of every version of the text, so that evidence is normalised once for all of them."""
        if not self._measures:
            found: dict[Measure, None] = {}
            for effective in [self.contract_text.term.first, *(notice.effective for notice in self.notices)]:
                on = max(self.contract_text.term.first, effective)
                found.update(dict.fromkeys(self.regime_at(on=on, known=None).measures.values()))
            self._measures.append(tuple(found))
        return self._measures[0]

    def all_kpis(self) -> tuple[str, ...]:
        """The code of every KPI of every version of the text."""
        days = [self.contract_text.term.first, *(notice.effective for notice in self.notices)]
        return tuple(dict.fromkeys(code for day in days for code in self.regime_at(on=day, known=None).kpis))

    def tables_of(self, kpi: str, *, known: date | None) -> frozenset[str]:
        """The evidence tables that a KPI is measured from, at any time; none for one that is not there."""
        contract = self.contract(known=known)
        first, last = contract.term_first, contract.term_last
        notices = (found for found in self.notices if known is None or found.signed <= known)
        days = {first, *(max(first, found.effective) for found in notices if found.effective <= last)}
        in_force = (self.regime_at(on=day, known=known).kpis for day in days)
        return frozenset(kpis[kpi].measure.table for kpis in in_force if kpi in kpis)

    def kpis_in_force(self, *, month: Month, known: date | None) -> dict[str, tuple[Kpi, Period]]:
        """The KPIs in force in a month by code, each with its measurement period, in the order of the text.

        A KPI stands by the text at the start of its own period: a notice applies to periods that start on or after
        its effective date.
        """
        start = self.contract(known=known).start
        lengths: list[PeriodLength] = list(MONTHS_IN)
        found: dict[str, tuple[Kpi, Period]] = {}
        for length in lengths:
            period = period_containing(month=month, length=length, start=start)
            regime = self.regime_at(on=period.first_day, known=known)
            found.update({kpi.code: (kpi, period) for kpi in regime.kpis.values() if kpi.length == length})
        order = list(self.regime_at(on=month.first_day, known=known).kpis)
        return dict(sorted(found.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))

    def suspensions(self, *, known: date | None) -> tuple[Suspension, ...]:
        """Every suspension signed by then."""
        found = []
        for notice in self.notices:
            suspend = notice.text.suspend
            if suspend is not None and (known is None or notice.signed <= known):
                kpis = None if suspend.kpis == "all" else frozenset(suspend.kpis)
                source = Source(notice.place_of("suspend"), notice.number)
                found.append(Suspension(suspend.what, kpis, suspend.first, suspend.last, notice.number, source))
        return tuple(found)

    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong in any version of the text: as signed, and after each notice, as known then and now."""
        contract, problems = contract_from_text(
            text=self.contract_text,
            evidence=self.evidence_text,
            node=self.contract_node,
            evidence_node=self.evidence_node,
            known=None,
        )
        found = [*problems, *was_problems(self.root, self.notices)]
        if not any(problem.severity == "error" for problem in problems):
            contract = self.contract(known=None)
        for notices in self._versions():
            _, problems = self._built(notices, contract)
            found += problems
        found += _notice_problems(self, contract)
        return tuple(sorted(set(found)))

    def _versions(self) -> tuple[tuple[Notice, ...], ...]:
        """Every different set of notices that shapes some period: now, and as known when each notice was signed."""
        known = [None, *(notice.signed for notice in self.notices)]
        sets = {
            tuple(in_force(self.notices, on=notice.effective, known=day)) for notice in self.notices for day in known
        }
        return ((), *sorted(sets - {()}, key=lambda notices: tuple(notice.number for notice in notices)))


def _notice_problems(text: AgreedText, contract: Contract) -> list[Problem]:
    codes = _all_kpis(text)
    problems = [*_opening_problems(text, codes)]
    numbers: dict[str, Notice] = {}
    for notice in text.notices:
        if numbers.setdefault(notice.number, notice) is not notice:
            what = f"'{notice.number}' is the number of two notices"
            problems.append(Problem(notice.place_of("change"), "R102", what, "give one of them another number"))
        if not _is_in_term(notice.effective, contract):
            what = f"{notice.effective} is outside the term"
            problems.append(Problem(notice.place_of("effective"), "R103", what, "write a day of the term"))
        elif notice.effective.day != 1 and not notice.skips_to_next_period:
            what = f"{notice.effective} is in the middle of a measurement period"
            remedy = "write the first day of a month, or 'from_period: next'"
            problems.append(Problem(notice.place_of("effective"), "R104", what, remedy))
        problems += _length_problems(notice, contract)
        suspend = notice.text.suspend
        if suspend is not None and suspend.last < suspend.first:
            problems.append(
                Problem(notice.place_of("suspend"), "R105", "the suspension ends before it begins", "correct 'to'")
            )
        for code in [] if suspend is None or suspend.kpis == "all" else suspend.kpis:
            if code not in codes:
                what = f"there is no KPI '{code}'"
                problems.append(
                    Problem(
                        notice.place_of("suspend", "kpis"),
                        "R106",
                        what,
                        suggestion(code, sorted(codes), "name a KPI of the text"),
                    )
                )
    return problems


def _length_problems(notice: Notice, contract: Contract) -> Iterator[Problem]:
    """A KPI that is given longer periods in the middle of one would be in no period until that one ends."""
    month = Month.of(notice.effective)
    for index, amendment in enumerate(notice.text.amend):
        length = next((length for length in MONTHS_IN if (amendment.set or {}).get("period") == length), None)
        if length is None:
            continue
        period = period_containing(month=month, length=length, start=contract.start)
        if period.first != month:
            what = f"no {length.replace('_', ' ')} of the term begins on {notice.effective}"
            remedy = f"write {period.first.first_day} or {period.last.plus(1).first_day}"
            yield Problem(notice.place_of("amend", index, "set", "period"), "R108", what, remedy)


def _is_in_term(day: date, contract: Contract) -> bool:
    """Whether the day is in the term; a term that ends before it begins has its own problem."""
    return contract.term_last < contract.term_first or contract.term_first <= day <= contract.term_last


def _opening_problems(text: AgreedText, codes: set[str]) -> Iterator[Problem]:
    for code in text.contract_text.opening.consecutive_failures:
        if code not in codes:
            place = nodes.key_place_at(text.contract_node, ("opening", "consecutive_failures", code))
            remedy = suggestion(code, sorted(codes), "name a KPI of the text")
            yield Problem(place, "R107", f"there is no KPI '{code}'", remedy)


def _effect_problems(regime: RegimeText, node: nodes.MappingNode, contract: ContractText) -> Iterator[Problem]:
    """A month of the record before the regime applies would be held to levels that nobody had agreed for it."""
    first = contract.term.first
    begins = max(first, contract.record_from.first_day) if contract.record_from else first
    if regime.effective > begins:
        what = f"the regime applies from {regime.effective}, and the record begins on {begins}"
        remedy = "write a day no later than that, or begin the record later with 'record_from:' in contract.yaml"
        yield Problem(nodes.place_at(node, ("effective",)), "R109", what, remedy)


def _all_kpis(text: AgreedText) -> set[str]:
    signed = text.root.get("kpis")
    codes = {entry.key.text for entry in signed} if isinstance(signed, nodes.MappingNode) else set()
    return codes | {amend.kpi for notice in text.notices for amend in notice.text.amend if amend.add and amend.kpi}


def read_agreed_text(
    files: Mapping[str, str], *, adopted: Collection[str] = ()
) -> tuple[AgreedText | None, tuple[Problem, ...]]:
    """Read the files (path -> text) of a contract. None where a file is missing or does not fit its schema.

    `adopted`: the files that were adopted as they stand, which alone may be written in former words."""
    problems: list[Problem] = []
    trees: dict[str, nodes.MappingNode] = {}
    for name in (CONTRACT_FILE, EVIDENCE_FILE, REGIME_FILE):
        if name not in files:
            problems.append(Problem(Place(name), "R110", f"there is no {name}", "a contract folder needs one"))
            continue
        tree, found = _read_file(files, name, adopted)
        problems.extend(found)
        if tree.entries or not found:
            trees[name] = tree
    notices, notice_problems = _notices(files, adopted)
    problems.extend(notice_problems)
    contract, contract_problems, contract_node, lost_from_contract = _fitted(ContractText, trees.get(CONTRACT_FILE))
    evidence, evidence_problems, evidence_node, lost_from_evidence = _fitted(EvidenceText, trees.get(EVIDENCE_FILE))
    regime, regime_problems, regime_node, lost_from_regime = _fitted(RegimeText, trees.get(REGIME_FILE))
    problems += [*contract_problems, *evidence_problems, *regime_problems]
    if contract is None or evidence is None or regime is None:
        return None, tuple(sorted(set(problems)))
    text = AgreedText(
        contract_text=contract,
        evidence_text=evidence,
        contract_node=contract_node,
        evidence_node=evidence_node,
        root=_with_terms(_with_charges(regime_node, contract_node), contract_node),
        signed=regime.signed,
        notices=notices,
    )
    problems += _effect_problems(regime, regime_node, contract)
    lost = lost_from_contract | lost_from_evidence | lost_from_regime
    problems += [problem for problem in text.problems() if not _follows_from(problem, lost)]
    return text, tuple(sorted(set(problems)))


def _read_file(
    files: Mapping[str, str], name: str, adopted: Collection[str]
) -> tuple[nodes.MappingNode, tuple[Problem, ...]]:
    tree, problems = nodes.read_nodes(text=files[name], file=name)
    tree, former = without_former_words(tree, is_adopted=name in adopted)
    return tree, (*problems, *former)


def _fitted(
    model: type[_M], tree: nodes.MappingNode | None
) -> tuple[_M | None, tuple[Problem, ...], nodes.MappingNode, frozenset[str]]:
    """As `fit_what_fits`; a file that could not be read at all has no further problems."""
    return (None, (), nodes.MappingNode((), Place("")), frozenset()) if tree is None else fit_what_fits(model, tree)


def _follows_from(problem: Problem, taken_out: frozenset[str]) -> bool:
    """Whether a missing thing is only missing because its own text was wrong."""
    return problem.code in _THERE_IS_NO and any(f"'{name}'" in problem.what for name in taken_out)


def _with_charges(regime: nodes.MappingNode, contract: nodes.MappingNode) -> nodes.MappingNode:
    """Charges stand in contract.yaml and are amended by notices, so they are consolidated with the regime."""
    own = next((entry for entry in contract if entry.key.text == "charges"), None)
    return regime.with_entry(own.key, own.value) if own is not None else regime


def _with_terms(regime: nodes.MappingNode, contract: nodes.MappingNode) -> nodes.MappingNode:
    """So are the terms on what is deemed and on late evidence, each by its name."""
    deemed = contract.get("deemed")
    entries = [*deemed] if isinstance(deemed, nodes.MappingNode) else []
    entries += [entry for entry in contract if entry.key.text == "late_evidence"]
    if not entries:
        return regime
    place = entries[0].key.place
    return regime.with_entry(nodes.ScalarNode("terms", place, place), nodes.MappingNode(tuple(entries), place))


def _notices(files: Mapping[str, str], adopted: Collection[str]) -> tuple[tuple[Notice, ...], list[Problem]]:
    notices: list[Notice] = []
    problems: list[Problem] = []
    for name in sorted(name for name in files if name.startswith("changes/")):
        node, found = _read_file(files, name, adopted)
        problems += found
        if found and not node.entries:
            continue
        text, misfits = fit(ChangeText, node)
        problems += misfits
        if text is None:
            continue
        if text.effective is None and (text.amend or text.suspend is None):
            problems.append(Problem(node.place, "R111", "the notice has no 'effective' date", "add 'effective:'"))
            continue
        effective = text.effective or (text.suspend.first.first_day if text.suspend else text.signed)
        skips = text.from_period == "next"
        notices.append(Notice(text.change, text.title, text.signed, effective, skips, text, node))
    return tuple(notices), problems
