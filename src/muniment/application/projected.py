"""What is projected of a contract, read from its database as the read models that pages and the API show.

None where nothing is projected yet, or only in the form of another version, which the worker replaces.
"""

import json
from functools import cache
from typing import TypeVar

from muniment.application.read_models.contracts import ContractHome
from muniment.application.read_models.explanations import KpiMonthPage
from muniment.application.read_models.kpi_months import KpiHistoryPage, KpiMonth
from muniment.application.read_models.mitigations import MitigationImpact
from muniment.application.read_models.statements import StatementPage
from muniment.application.read_models.stored import form_of, load
from muniment.domain.record.index import is_month

_T = TypeVar("_T")


@cache
def projection_form() -> int:
    """In which all of it is kept. With other read models it is another one, and what a database has is computed
    again."""
    return form_of(ContractHome, StatementPage, KpiMonthPage, KpiHistoryPage, MitigationImpact, KpiMonth)


def name_of_contract() -> str:
    """The page of the contract itself, as titles are read from it too."""
    from muniment.adapters.stores.database.pages import HOME

    return HOME


def name_of_signed(month: str) -> str:
    """The page of a statement as it was signed first."""
    return f"signed/{month}"


def name_of_kpi_month(month: str, kpi: str) -> str:
    return f"{month}/{kpi}"


def name_of_history(kpi: str) -> str:
    return f"history/{kpi}"


def name_of_impact(mitigation: str) -> str:
    """`mitigation`: its id, cssc/CSC_KPI_04/2019-09/g1."""
    return mitigation.partition("/")[2]


def projected_contract(contract: str, *, using: str) -> ContractHome | None:
    """Raises ProblemsFoundError."""
    return _page(ContractHome, contract, name_of_contract(), using=using)


def projected_statement(contract: str, month: str, *, using: str) -> StatementPage | None:
    """As it is computed now. Raises ProblemsFoundError."""
    return _page(StatementPage, contract, month, using=using) if is_month(month) else None


def projected_as_signed(contract: str, month: str, *, using: str) -> StatementPage | None:
    """As it was signed first, while it waits for its second signature. Raises ProblemsFoundError."""
    return _page(StatementPage, contract, name_of_signed(month), using=using) if is_month(month) else None


def projected_kpi_month(contract: str, month: str, kpi: str, *, using: str) -> KpiMonthPage | None:
    """Raises ProblemsFoundError."""
    return _page(KpiMonthPage, contract, name_of_kpi_month(month, kpi), using=using) if is_month(month) else None


def projected_history(contract: str, kpi: str, *, using: str) -> KpiHistoryPage | None:
    """Raises ProblemsFoundError."""
    return _page(KpiHistoryPage, contract, name_of_history(kpi), using=using)


def projected_impact(contract: str, mitigation: str, *, using: str) -> MitigationImpact | None:
    """Of a request that waits. Raises ProblemsFoundError."""
    return _page(MitigationImpact, contract, name_of_impact(mitigation), using=using)


def projected_results(contract: str, month: str, *, using: str) -> tuple[KpiMonth, ...]:
    """Every KPI of a month, in the order of the agreed text. Raises ProblemsFoundError."""
    from muniment.adapters.stores.database.pages import month_results

    found = month_results(contract, month, form=projection_form(), using=using)
    return tuple(load(KpiMonth, json.loads(content)) for content in found)


def _page(kind: type[_T], contract: str, name: str, *, using: str) -> _T | None:
    from muniment.adapters.stores.database.pages import page

    content = page(contract, name, form=projection_form(), using=using)
    return None if content is None else load(kind, json.loads(content))
