"""Who may sign in to the pages, kept by whoever runs the machine: through the site's own commands."""

from dataclasses import dataclass
from typing import Literal

from muniment.application.site_commands import ask_site, problems_in
from muniment.application.stores import DatabaseAddress
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.kernel.problem import ProblemsFoundError

AccountChange = Literal["add", "password", "close"]


@dataclass(frozen=True)
class AccountSummary:
    """`actor`: the id in every record. `last_signed_in`: a day, None while they never did."""

    email: str
    name: str
    actor: str
    is_open: bool
    last_signed_in: str | None


def change_account(
    change: AccountChange,
    *,
    where: DatabaseAddress,
    email: str,
    name: str = "",
    actor: str | None = None,
    password: str = "",
) -> AccountSummary:
    """Add an account (or open a closed one again), give one a new password, or close it. Raises ProblemsFoundError."""
    given: Json = {"email": email, "name": name, "actor": actor, "password": password}
    (account,) = _asked(change, where, given)
    return account


def accounts_kept(where: DatabaseAddress) -> tuple[AccountSummary, ...]:
    """All of them, by their addresses. Raises ProblemsFoundError."""
    return _asked("list", where, None)


def _asked(what: str, where: DatabaseAddress, given: Json) -> tuple[AccountSummary, ...]:
    answer = ask_site("accounts", what, where=where, given=given)
    if problems := problems_in(answer):
        raise ProblemsFoundError(problems)
    rows = answer["accounts"] if isinstance(answer, dict) else []
    return tuple(_account(row) for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()


def _account(row: dict[str, Json]) -> AccountSummary:
    last = row["last_signed_in"]
    return AccountSummary(
        email=str(row["email"]),
        name=str(row["name"]),
        actor=str(row["actor"]),
        is_open=row["is_open"] is True,
        last_signed_in=None if last is None else str(last),
    )
