"""May this person do it? Which side may act, and whom four eyes keep apart."""

from muniment.domain.record.act import Act, Party, is_same_person
from muniment.domain.record.refused import Refused


def must_act_for(party: Party, *, act: Act, what: str) -> None:
    """Raises Refused where the act is on behalf of the other side. `what`: 'decide a mitigation'."""
    if act.on_behalf_of != party:
        other = f"{act.actor} acts for the {act.on_behalf_of}, which may not {what}"
        raise Refused(f"{party}_only", other, f"somebody who acts for the {party} could")


def must_be_another(actor: str, *, act: Act, did: str, what: str) -> None:
    """Four eyes. `did`: 'asked for cssc/K/2019-09/g1'. `what`: 'decide it'. Raises Refused for the same person."""
    if is_same_person(actor, act.actor):
        same = f"{act.actor} {did} and may not {what} too"
        raise Refused("four_eyes", same, f"another person of the {act.on_behalf_of} could")
