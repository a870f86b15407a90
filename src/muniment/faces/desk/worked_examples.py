"""The worked examples of a contract folder, worked: values by the rules alone, rows through the door and measured."""

from collections.abc import Iterator, Mapping

from muniment.domain.assessment.example_text import GivenText, RowsText, WorkedExample, read_examples
from muniment.domain.assessment.worked_examples import given_problems, kpi_in_force, rows_problems
from muniment.domain.evidence.tally import Tally
from muniment.domain.kernel.period import Period
from muniment.domain.kernel.problem import Problem, suggestion
from muniment.domain.regime import nodes
from muniment.domain.regime.agreed import AgreedText
from muniment.domain.regime.measures import Measure
from muniment.domain.regime.regime import Contract, Kpi
from muniment.faces.desk.evidence import EvidenceFile, engine_over, taken_in
from muniment.faces.desk.stores import Store

FOLDER = "examples/"


def example_problems(*, store: Store, texts: Mapping[str, str], text: AgreedText) -> tuple[Problem, ...]:
    """Every worked example that cannot be read, cannot be worked, or does not hold."""
    problems: list[Problem] = []
    for file in sorted(name for name in texts if name.startswith(FOLDER)):
        examples, found = read_examples(text=texts[file], file=file)
        problems += found
        for example in examples:
            match example.text:
                case GivenText():
                    problems += given_problems(example=example, given=example.text, text=text)
                case RowsText():
                    problems += _rows_problems(store, text, example, example.text)
    return tuple(problems)


def _rows_problems(store: Store, text: AgreedText, example: WorkedExample, rows: RowsText) -> tuple[Problem, ...]:
    place = nodes.place_at(example.node, ("period",))
    kpi, period, problems = kpi_in_force(text=text, example=example, month=rows.period, month_place=place)
    contract = text.contract(known=None)
    problems = (*problems, *_file_problems(store, contract, example, rows))
    if kpi is None or problems:
        return problems
    if kpi.measure.table not in rows.rows:
        what = f"{kpi.code} is measured from '{kpi.measure.table}', and no rows of it are given"
        remedy = f"add '{kpi.measure.table}: a file'"
        return (Problem(nodes.place_at(example.node, ("rows",)), "W032", what, remedy),)
    tally, problems = _measured(store, contract, rows, kpi, period)
    return problems if tally is None else rows_problems(example=example, rows=rows, kpi=kpi, tally=tally)


def _file_problems(store: Store, contract: Contract, example: WorkedExample, rows: RowsText) -> Iterator[Problem]:
    for table, name in rows.rows.items():
        if table not in contract.tables:
            place = nodes.key_place_at(example.node, ("rows", table))
            remedy = suggestion(table, contract.tables, "name a table of evidence.yaml")
            yield Problem(place, "W030", f"there is no evidence table '{table}'", remedy)
        path = store.path / name
        if not path.is_file() or not path.resolve().is_relative_to(store.path.resolve()):
            place = nodes.place_at(example.node, ("rows", table))
            what = f"there is no file '{name}' in the contract folder"
            near = [f"{FOLDER}{found.name}" for found in (store.path / FOLDER).glob("*.csv")]
            yield Problem(place, "W031", what, suggestion(name, near, "name it from there, as examples/edge-calls.csv"))


def _measured(
    store: Store, contract: Contract, rows: RowsText, kpi: Kpi, period: Period
) -> tuple[Tally | None, tuple[Problem, ...]]:
    """The tally of the example's rows, by the reference engine; or what is wrong in its files."""
    month = period.last if period.first == period.last else None
    files = [
        EvidenceFile(table, store.path / name, "parquet" if name.endswith(".parquet") else "csv", name, month)
        for table, name in rows.rows.items()
    ]
    measures: tuple[Measure, ...] = (kpi.measure,)
    evidence, problems = taken_in(store=store, contract=contract, measures=measures, files=files)
    if problems:
        return None, problems
    engine = engine_over(name="reference", parts=evidence.parts, contract=contract)
    tallies = engine.tallies(measures=measures, first=period.first, last=period.last)
    return sum(tallies.values(), start=Tally.empty(len(kpi.measure.left_out))), ()
