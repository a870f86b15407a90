"""Who calls, the contracts they see, and what waits for them."""

from datetime import date, datetime
from typing import Annotated, get_args

from ninja import Query, Router
from pydantic import Field

from muniment.adapters.stores.database.appointments import contracts_of_person
from muniment.application.stores import today_in
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.lifecycle.appointments import Role, side_of
from muniment.installation.tokens import Scope
from muniment.installation.viewer import DATABASE_ALIAS, SITE_ZONE
from muniment.installation.waiting import Wait, waits_in
from muniment.interfaces.api.operations import ApiRequest, api_viewer_of, reads
from muniment.interfaces.api.schemas import ContractId, Listed, ListSchema, Schema

who = Router(tags=["You"])


class You(Schema):
    """The person whose token it is, and what the token may do."""

    actor: Annotated[str, Field(description="By this id the record knows you.")]
    name: str
    scopes: list[Scope]
    contract: Annotated[str | None, Field(description="The only contract that the token opens; null: all of yours.")]
    expires_at: datetime


class ContractLine(Schema):
    """A contract in which you hold a role today."""

    contract: str
    authority: str
    roles: list[Role]


class Contracts(ListSchema[ContractLine]):
    """A page of contracts."""


class DeemedSchema(Schema):
    """What the agreed text says (deemed) because nobody answered or decided `of` by `due`: it is to be `then`.
    Whoever closes or decides it confirms that with `is_deemed`, or does something else. `under`: the place and the
    clause."""

    of: Annotated[str, Field(examples=["cssc/calls/2019-09/q1"])]
    due: date
    then: str
    effect: str | None
    under: str


class WaitsSchema(Schema):
    """Something that somebody must do. `by`: the last day in time. `since`: the entry that it waits on, 0 for none."""

    thing: Annotated[str, Field(examples=["cssc/calls/2019-09"])]
    what: str
    sentence: str
    side: str
    roles: list[Role]
    is_yours: Annotated[bool, Field(description="Whether one of your roles may do it.")]
    since: int
    by: date | None
    days_left: Annotated[int | None, Field(description="Business Days; negative when it is late.")]
    deemed: DeemedSchema | None


class WaitingList(ListSchema[WaitsSchema]):
    """A page of what waits, soonest first."""


def waits_to_dict(found: Wait, *, roles: frozenset[Role]) -> dict[str, Json]:
    """As `muniment waiting --format json` has it, with its sentence and what is deemed."""
    deemed = found.deemed
    return {
        "thing": found.thing,
        "what": found.what,
        "sentence": found.sentence,
        "side": side_of(found.roles[0]),
        "roles": [*found.roles],
        "is_yours": bool(roles & {*found.roles}),
        "since": found.since,
        "by": found.by.isoformat() if found.by else None,
        "days_left": found.days_left,
        "deemed": {
            "of": deemed.of,
            "due": deemed.due.isoformat(),
            "then": deemed.then,
            "effect": deemed.effect,
            "under": deemed.under,
        }
        if deemed
        else None,
    }


@reads(who, "/me", name="read_me", summary="Who you are", response=You, scopes=get_args(Scope))
def read_me(request: ApiRequest) -> You:
    """The person whose token it is, and what the token may do. Works with a token of any scope."""
    token = request.auth
    return You(
        actor=token.account.actor,
        name=token.account.name,
        scopes=sorted(token.scopes),
        contract=token.contract or None,
        expires_at=token.expires_at,
    )


@reads(who, "/contracts", name="list_contracts", summary="Your contracts", response=Contracts)
def list_contracts(request: ApiRequest) -> Listed:
    """The contracts in which you hold a role today, as far as the token opens them."""
    token, only = request.auth, request.auth.contract
    return [
        {"contract": seen.contract, "authority": seen.authority, "roles": [*seen.roles]}
        for seen in contracts_of_person(token.account.actor, on=today_in(SITE_ZONE), using=DATABASE_ALIAS)
        if only in ("", seen.contract)
    ]


_Subject = Annotated[
    str,
    Query("", max_length=200, description="Only what is about this thing: cssc/2019-11, cssc/calls/2019-09."),
]


@reads(who, "/contracts/{contract}/waiting", name="list_waiting", summary="What waits", response=WaitingList)
def list_waiting(request: ApiRequest, contract: ContractId, subject: _Subject) -> Listed:
    """Everything that somebody must do in the contract, soonest first, for you and for others. It is as of
    the entry that the answer names; the worker brings it up to date with the record and with the day."""
    viewer = api_viewer_of(request, contract)
    request.looked_at = min(viewer.seq, viewer.waiting.seq if viewer.waiting else 0)
    return [waits_to_dict(item, roles=viewer.roles) for item in waits_in(viewer, subject=subject or None)]
