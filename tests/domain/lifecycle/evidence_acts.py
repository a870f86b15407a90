"""Ten people do whatever they like to the evidence of a month; month_machine.py adds the rest of what they do."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from muniment.commands.challenges import answer_challenge, challenge_evidence, close_challenge
from muniment.commands.evidence import (
    accept_submission,
    approve_submission,
    receive_submission,
    withdraw_acceptance,
    withdraw_submission,
)
from muniment.commands.people import appoint_person
from muniment.commands.recording import open_record
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.lifecycle.appointments import ROLES, PersonAppointed
from muniment.domain.lifecycle.deemed import DeemedProposal, DeemedQuestion
from muniment.domain.lifecycle.policies import one_of
from muniment.domain.record.act import Act, RefusedError
from muniment.domain.record.entry import Draft, Entry
from muniment.domain.record.in_memory import MemoryLedger, ScriptedClock, ScriptedSalts
from muniment.domain.record.ports import Ledger
from muniment.domain.record.replay import head
from muniment.domain.regime.terms import DeemedOutcome
from tests.domain.lifecycle.month_model import MONTH, PEOPLE, TABLES, TODAY, FileModel, MonthModel, may, side_of

STALE_OR_NOT = st.sampled_from(["unsaid", "unsaid", "unsaid", "now", "now", "old"])
DEEMED_OR_NOT = st.sampled_from(["unsaid", "unsaid", "unsaid", "not agreed", "running", "over", "over"])
"""Whether an act is deemed, and whether the time for an answer is over then."""


def deemed_proposal(of: str, *, on: DeemedQuestion, then: DeemedOutcome, said: str) -> DeemedProposal | None:
    """What the agreed text says of it: the time is over at the end of the day `due`."""
    days = {"running": TODAY, "over": TODAY - timedelta(days=1)}
    return DeemedProposal(of, on, days[said], then, "contract.yaml:9:3, para 4") if said in days else None


def actors(command: str) -> st.SearchStrategy[str]:
    """Anybody, but more often somebody who may."""
    return st.sampled_from([*sorted(PEOPLE), *[name for name in sorted(PEOPLE) if may(name, command)] * 3])


TABLE = st.sampled_from(TABLES)


class AllBlobs:
    """A store that has every file."""

    def put(self, content: bytes) -> str:
        raise NotImplementedError

    def read(self, sha256: str) -> bytes:
        raise NotImplementedError

    def has(self, sha256: str) -> bool:
        return len(sha256) == 64


def fresh_ledger() -> MemoryLedger:
    return MemoryLedger(clock=ScriptedClock("2019-10-15T09:00:00Z"), salts=ScriptedSalts("machine"))


def appointed(ledger: Ledger) -> None:
    """The record is open, and everybody but the stranger is appointed. The turncoat stands in it for both sides, as
    older records can have it: nobody is appointed so any more."""
    admin = Act("admin", "authority", "the contract starts", on=date(2019, 4, 1))
    open_record(ledger=ledger, act=admin, contract="c")
    for person in sorted(PEOPLE, key=lambda name: name != "admin"):
        for role in PEOPLE[person][1]:
            if person == "turncoat":
                _appointed_as_it_was(ledger, admin, person, role)
            else:
                appoint_person(ledger=ledger, act=admin, person=person, role=role, first="2019-04-01")


def _appointed_as_it_was(ledger: Ledger, act: Act, person: str, role: str) -> None:
    known = ledger.entries()
    number = 1 + sum(entry.kind == PersonAppointed.kind for entry in known)
    made = PersonAppointed(person, one_of(role, words=ROLES, what="role"), date(2019, 4, 1))
    ledger.append([Draft(f"c/appointments/a{number}", made, act)], expected_head=head(known))


_START = fresh_ledger()
appointed(_START)
START = _START.entries()


def in_memory() -> Ledger:
    return MemoryLedger(clock=ScriptedClock("2019-10-15T09:00:00Z"), salts=ScriptedSalts("machine"), entries=START)


def outcome_of(call: Callable[[Act], Entry], act: Act) -> tuple[Entry | None, RefusedError | None]:
    """What came of an act: its entry, or why not."""
    try:
        return call(act), None
    except RefusedError as refused:
        return None, refused


RULES = {"role": "role", "supplier_only": "role", "authority_only": "role", "four_eyes": "four_eyes", "stale": "stale"}


class EvidenceActs(RuleBasedStateMachine):
    """`new_ledger` gives the store that is tried, open and with its people appointed."""

    new_ledger: Callable[[], Ledger] = staticmethod(in_memory)
    steps = 0
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.ledger = self.new_ledger()
        self.model = MonthModel()
        self.files = 0
        self.keys = 0
        self.last: tuple[Callable[[Act], Entry], Act, Entry] | None = None

    # ---- how every act is tried

    def try_act(
        self,
        command: str,
        actor: str,
        seen: str,
        about: str,
        error: Sequence[str | None],
        call: Callable[[Act], Entry],
    ) -> Entry | None:
        """The entry, where no rule stands against the act; otherwise one of the rules that do must have refused it."""
        type(self).steps += 1
        against = {rule for rule in error if rule is not None}
        if not may(actor, command):
            against.add("role")
        touched = self.model.touched.get(about, 0)
        if seen == "old" and touched:
            against.add("stale")
        self.keys += 1
        known = {"unsaid": None, "now": touched, "old": max(touched - 1, 0)}[seen]
        act = Act(actor, side_of(actor, command), "because", key=f"k{self.keys}", seen=known, on=TODAY)
        before = self.ledger.entries()
        entry, refused = outcome_of(call, act)
        if entry is None:
            assert refused is not None
            assert against, f"{command} by {actor} was refused: {refused}"
            assert RULES.get(refused.rule, "state") in against, f"{command}: {refused.rule} and not {against}"
            assert refused.who_could
            left = self.ledger.entries()[len(before) :]
            kinds = [entry.kind for entry in left]
            assert kinds == (["act.refused"] if actor != "stranger" else []), f"{command} left {kinds}"
            return None
        assert not against, f"{command} by {actor} should have been refused by {against}"
        self.last = (call, act, entry)
        type(self).done[command] += 1
        return entry

    def note(self, entry: Entry, before: dict[str, Json], *, is_input: bool = False) -> None:
        """What the entry touched, and whether the month's figures may follow from it."""
        parts = entry.subject.split("/")
        for thing in (entry.subject, "/".join(parts[:3]), f"{parts[0]}/{MONTH}"):
            self.model.touched[thing] = entry.seq
        if is_input:
            self.model.last_input = entry.seq
        self.model.settle_change(before)

    def sealed(self, is_old: bool) -> dict[str, Json]:
        return {"statement": {"of": "an hour ago"}} if is_old else {"statement": self.model.inputs()}

    def head(self) -> int:
        return len(self.ledger.entries())

    # ---- evidence

    @rule(actor=actors("submit"), seen=STALE_OR_NOT, name=TABLE)
    def submit(self, actor: str, seen: str, name: str) -> None:
        table, before = self.model.tables[name], self.model.inputs()
        self.files += 1
        sha256 = f"{self.files:064x}"
        entry = self.try_act("submit", actor, seen, f"c/{name}/{MONTH}", [], lambda act: receive_submission(
            ledger=self.ledger, blobs=AllBlobs(), act=act, table=name, period=MONTH, file_name="f.csv",
            file_kind="csv", sha256=sha256, rows=3, tables=TABLES,
        ))  # fmt: skip
        if entry is not None:
            table.count += 1
            assert entry.subject == f"c/{name}/{MONTH}/s{table.count}"
            assert entry.payload.get("after_lock") == self.model.locked_version()
            table.latest = FileModel(entry.subject, actor)
            table.forget_challenge()
            self.note(entry, before, is_input=True)

    @rule(actor=actors("approve"), seen=STALE_OR_NOT, name=TABLE, back=st.integers(0, 4))
    def approve(self, actor: str, seen: str, name: str, back: int) -> None:
        table, before = self.model.tables[name], self.model.inputs()
        target = self.target(name, back)
        error = [self.must_be_latest(name, target)]
        if table.latest is not None:
            error.append("state" if table.latest.is_approved else None)
            error.append("four_eyes" if table.latest.by == actor and table.latest.id == target else None)
        entry = self.try_act("approve", actor, seen, f"c/{name}/{MONTH}", error, lambda act: approve_submission(
            ledger=self.ledger, act=act, submission=target))  # fmt: skip
        if entry is not None and table.latest is not None:
            table.latest.is_approved, table.latest.approved_by = True, actor
            self.note(entry, before)

    @rule(actor=actors("withdraw"), seen=STALE_OR_NOT, name=TABLE, back=st.integers(0, 4))
    def withdraw(self, actor: str, seen: str, name: str, back: int) -> None:
        table, before = self.model.tables[name], self.model.inputs()
        target = self.target(name, back)
        is_accepted = table.accepted is not None and not table.is_proposal
        error = [self.must_be_latest(name, target), "state" if is_accepted else None]
        entry = self.try_act("withdraw", actor, seen, f"c/{name}/{MONTH}", error, lambda act: withdraw_submission(
            ledger=self.ledger, act=act, submission=target))  # fmt: skip
        if entry is not None:
            table.latest = table.accepted
            table.forget_challenge()
            self.note(entry, before, is_input=True)

    @rule(actor=actors("accept"), seen=STALE_OR_NOT, name=TABLE, back=st.integers(0, 4), rejects=st.booleans())
    def accept(self, actor: str, seen: str, name: str, back: int, rejects: bool) -> None:
        table, before = self.model.tables[name], self.model.inputs()
        target = self.target(name, back)
        is_approved = table.latest is not None and table.latest.is_approved
        can = is_approved and table.challenge is None and (table.accepted is None or table.is_proposal)
        error = [self.must_be_latest(name, target), None if can else "state"]
        if table.latest is not None and actor in (table.latest.by, table.latest.approved_by):
            error.append("four_eyes")
        rows = [("C-1", "a test call")] if rejects else []
        entry = self.try_act("accept", actor, seen, f"c/{name}/{MONTH}", error, lambda act: accept_submission(
            ledger=self.ledger, act=act, submission=target, rejected=rows))  # fmt: skip
        if entry is not None:
            assert entry.payload.get("after_lock") == self.model.locked_version()
            table.accepted, table.rejected = table.latest, tuple(row for row, _ in rows)
            table.forget_challenge()
            self.note(entry, before, is_input=True)

    @rule(actor=actors("withdraw_acceptance"), seen=STALE_OR_NOT, name=TABLE, back=st.integers(0, 4))
    def withdraw_acceptance(self, actor: str, seen: str, name: str, back: int) -> None:
        table, before = self.model.tables[name], self.model.inputs()
        target = self.target(name, back)
        can = table.accepted is not None and table.accepted.id == target and not self.model.versions
        entry = self.try_act(
            "withdraw_acceptance", actor, seen, f"c/{name}/{MONTH}", [None if can else "state"],
            lambda act: withdraw_acceptance(ledger=self.ledger, act=act, submission=target),
        )  # fmt: skip
        if entry is not None:
            table.accepted, table.rejected = None, ()
            self.note(entry, before, is_input=True)

    @rule(actor=actors("challenge"), seen=STALE_OR_NOT, name=TABLE, back=st.integers(0, 4))
    def challenge(self, actor: str, seen: str, name: str, back: int) -> None:
        table, before = self.model.tables[name], self.model.inputs()
        target = self.target(name, back)
        is_asked = table.challenge is not None or table.is_disputed or table.accepted is not None
        can = table.latest is not None and table.latest.is_approved and not is_asked
        error = [self.must_be_latest(name, target), None if can else "state"]
        entry = self.try_act("challenge", actor, seen, f"c/{name}/{MONTH}", error, lambda act: challenge_evidence(
            ledger=self.ledger, act=act, submission=target, question="why so few?"))  # fmt: skip
        if entry is not None:
            table.challenges += 1
            table.challenge = entry.subject
            assert entry.subject == f"c/{name}/{MONTH}/q{table.challenges}"
            self.note(entry, before)

    @rule(actor=actors("answer"), seen=STALE_OR_NOT, name=TABLE)
    def answer(self, actor: str, seen: str, name: str) -> None:
        table, before = self.model.tables[name], self.model.inputs()
        error = ["state" if table.challenge is None or table.is_answered else None]
        asked = table.challenge or f"c/{name}/{MONTH}/q{max(table.challenges, 1)}"
        entry = self.try_act("answer", actor, seen, f"c/{name}/{MONTH}", error, lambda act: answer_challenge(
            ledger=self.ledger, act=act, challenge=asked, answer="a quiet month"))  # fmt: skip
        if entry is not None:
            table.is_answered = True
            self.note(entry, before)

    @rule(
        actor=actors("close"),
        seen=STALE_OR_NOT,
        name=TABLE,
        outcome=st.sampled_from(["upheld", "withdrawn", "unresolved"]),
        deemed=DEEMED_OR_NOT,
    )
    def close(self, actor: str, seen: str, name: str, outcome: str, deemed: str = "unsaid") -> None:
        """Unanswered a challenge is deemed upheld only, and nothing else is deemed."""
        table, before = self.model.tables[name], self.model.inputs()
        is_upheld_silent = outcome == "upheld" and not table.is_answered
        can = not is_upheld_silent if deemed == "unsaid" else is_upheld_silent and deemed == "over"
        error = ["state" if table.challenge is None or not can else None]
        asked = table.challenge or f"c/{name}/{MONTH}/q{max(table.challenges, 1)}"
        agreed = deemed_proposal(asked, on="challenge", then="upheld", said=deemed)
        entry = self.try_act("close", actor, seen, f"c/{name}/{MONTH}", error, lambda act: close_challenge(
            ledger=self.ledger, act=act, challenge=asked, outcome=outcome, is_deemed=deemed != "unsaid",
            deemed=agreed,
        ))  # fmt: skip
        if entry is not None:
            assert ("silent_after" in entry.payload) == (deemed == "over")
            table.forget_challenge()
            table.is_disputed = outcome == "unresolved"
            self.note(entry, before, is_input=True)

    @rule(
        name=TABLE,
        preparer=st.sampled_from(["preparer", "lead", "turncoat"]),
        ends=st.integers(0, 8),
        meddler=st.sampled_from(sorted(PEOPLE)),
    )
    def go_as_it_should(self, name: str, preparer: str, ends: int, meddler: str) -> None:
        """The evidence of a table on its way from the preparer to the officer; it may stop anywhere, and a meddler
        tries each step first."""
        self.submit(actor=preparer, seen="now", name=name)
        if ends > 0:
            self.approve(actor=meddler, seen="now", name=name, back=0)
            self.approve(actor="approver", seen="now", name=name, back=0)
        if ends in (2, 3):
            self.accept(actor=meddler, seen="now", name=name, back=0, rejects=ends == 2)
            self.accept(actor=preparer, seen="now", name=name, back=0, rejects=ends == 2)
            self.accept(actor="officer", seen="now", name=name, back=4, rejects=False)
            self.accept(actor="officer", seen="now", name=name, back=0, rejects=ends == 2)
        if ends > 3:
            self.challenge(actor=meddler, seen="now", name=name, back=0)
            self.challenge(actor="officer", seen="now", name=name, back=0)
            self.accept(actor="officer", seen="now", name=name, back=0, rejects=False)
        if ends in (5, 7):
            self.answer(actor=meddler, seen="now", name=name)
            self.answer(actor="preparer", seen="now", name=name)
        if ends in (4, 6, 8):
            self.close(actor="officer", seen="now", name=name, outcome="upheld")
            self.close(actor="officer", seen="now", name=name, outcome="upheld", deemed="running")
        if ends > 5:
            says, deemed = ("unresolved" if ends == 6 else "upheld"), ("over" if ends == 8 else "unsaid")
            self.close(actor=meddler, seen="now", name=name, outcome="unresolved")
            self.close(actor="officer", seen="now", name=name, outcome=says, deemed=deemed)

    def target(self, name: str, back: int) -> str:
        """Mostly the latest file; sometimes an earlier one, or one that is not there."""
        table = self.model.tables[name]
        if back < 3 and table.latest is not None:
            return table.latest.id
        return f"c/{name}/{MONTH}/s{max(table.count + 3 - back, 1)}"

    def must_be_latest(self, name: str, target: str) -> str | None:
        latest = self.model.tables[name].latest
        return None if latest is not None and latest.id == target else "state"
