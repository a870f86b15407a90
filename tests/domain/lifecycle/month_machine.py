"""Ten people do whatever they like to a month; the commands must answer as the model of it does."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from muniment.commands.entry_kinds import payload_problems
from muniment.commands.mitigation import decide_mitigation, request_mitigation, withdraw_mitigation
from muniment.commands.queries.locked_statements import StatementComparison
from muniment.commands.queries.recalculation import Recalculation
from muniment.commands.restatements import decide_restatement, propose_restatement
from muniment.commands.results import dispute_result, resolve_dispute
from muniment.commands.statements import confirm_statement, lock_month, sign_statement
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.assessment.restatement import VersionDifference
from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.evidence.submissions import counting_submissions
from muniment.domain.kernel.period import Month, Period
from muniment.domain.lifecycle.check import record_problems
from muniment.domain.lifecycle.guards import MonthToLock
from muniment.domain.lifecycle.states import state_in, states_known
from muniment.domain.record.act import Act
from muniment.domain.record.chain import verify_chain
from tests.domain.lifecycle.evidence_acts import (
    DEEMED_OR_NOT,
    STALE_OR_NOT,
    EvidenceActs,
    actors,
    deemed_proposal,
    outcome_of,
)
from tests.domain.lifecycle.month_model import (
    DUE,
    FAILING,
    KPIS,
    MONTH,
    PEOPLE,
    TABLES,
    TODAY,
    ProposalModel,
    RequestModel,
)

SEPTEMBER = Month(2019, 9)
THING = f"c/{MONTH}"
TO_LOCK = MonthToLock(SEPTEMBER, DUE, FAILING)
KPI = st.sampled_from(KPIS)
EARLY = 60
"""Entries up to which evidence goes to and fro before anybody settles the month."""
GROUND = st.sampled_from(["storm", "change"])
ANYBODY = st.sampled_from(sorted(PEOPLE))
SIGNERS = st.sampled_from(["manager", "deputy", "turncoat"])
LOCKERS = st.sampled_from(["approver", "approver", "deputy", "turncoat", "manager", "nobody"])
DECIDERS = st.sampled_from(["decider", "decider", "deputy", "turncoat"])
OUTCOMES = st.sampled_from(["granted", "granted_in_part", "refused"])


class MonthMachine(EvidenceActs):
    """Mitigation, disputes, signatures, the lock and what comes after it."""

    @initialize(begins=st.sampled_from(["open", "open", "challenged", "locked"]))
    def begin(self, begins: str) -> None:
        """Some months are locked, or signed over a challenge, when the trouble begins."""
        if begins == "challenged":
            self.go_as_it_should(name="calls", preparer="preparer", ends=4, meddler="stranger")
            self.settle_as_it_should_be(decides=False, signer="manager", locker="nobody", is_old=5, meddler="stranger")
        if begins == "locked":
            self.settle_as_it_should_be(decides=True, signer="manager", locker="approver", is_old=5, meddler="stranger")

    @rule(actor=actors("dispute"), seen=STALE_OR_NOT, kpi=KPI)
    def dispute(self, actor: str, seen: str, kpi: str) -> None:
        before = self.model.inputs()
        error = ["state" if kpi in self.model.disputes else None]
        entry = self.try_act("dispute", actor, seen, f"c/{kpi}/{MONTH}", error, lambda act: dispute_result(
            ledger=self.ledger, act=act, kpi=kpi, period=MONTH, supplier_value="4.9 %", kpis=KPIS))  # fmt: skip
        if entry is not None:
            self.model.raised[kpi] = self.model.raised.get(kpi, 0) + 1
            assert entry.subject == f"c/{kpi}/{MONTH}/d{self.model.raised[kpi]}"
            self.model.disputes[kpi], self.model.disputed_by[kpi] = entry.subject, actor
            self.note(entry, before, is_input=True)

    @rule(actor=actors("resolve"), seen=STALE_OR_NOT, kpi=KPI, outcome=st.sampled_from(["upheld", "not_upheld"]))
    def resolve(self, actor: str, seen: str, kpi: str, outcome: str) -> None:
        before = self.model.inputs()
        error = [
            "state" if kpi not in self.model.disputes else None,
            "four_eyes" if self.model.disputed_by.get(kpi) == actor else None,
        ]
        named = self.model.disputes.get(kpi, f"c/{kpi}/{MONTH}/d1")
        entry = self.try_act("resolve", actor, seen, f"c/{kpi}/{MONTH}", error, lambda act: resolve_dispute(
            ledger=self.ledger, act=act, dispute=named, outcome=outcome))  # fmt: skip
        if entry is not None:
            assert entry.payload.get("after_lock") == self.model.locked_version()
            del self.model.disputes[kpi], self.model.disputed_by[kpi]
            changes = outcome == "upheld" or not self.model.versions
            self.model.resolved += changes
            self.note(entry, before, is_input=changes)

    @rule(actor=actors("request"), seen=STALE_OR_NOT, kpi=KPI, ground=GROUND)
    def request(self, actor: str, seen: str, kpi: str, ground: str) -> None:
        before = self.model.inputs()
        stand = [r for r in self.model.requests if r.outcome not in ("refused", "withdrawn")]
        error = ["state" if any((r.kpi, r.ground) == (kpi, ground) for r in stand) else None]
        entry = self.try_act("request", actor, seen, f"c/{kpi}/{MONTH}", error, lambda act: request_mitigation(
            ledger=self.ledger, act=act, kpi=kpi, ground=ground, first=MONTH, last=MONTH, kpis=KPIS,
            grounds=["storm", "change"], term=Period(Month.parse(MONTH), Month.parse(MONTH)),
        ))  # fmt: skip
        if entry is not None:
            self.model.requests.append(RequestModel(entry.subject, kpi, ground, actor))
            self.note(entry, before, is_input=True)

    @rule(actor=actors("decide"), seen=STALE_OR_NOT, which=st.integers(0, 9), outcome=OUTCOMES, deemed=DEEMED_OR_NOT)
    def decide(self, actor: str, seen: str, which: int, outcome: str, deemed: str = "unsaid") -> None:
        """The text deems it refused; the person confirms that, and nothing before its time is over."""
        before = self.model.inputs()
        request = self.request_at(which)
        can = deemed == "unsaid" or (deemed == "over" and outcome == "refused")
        agreed = deemed_proposal(request.id, on="mitigation request", then="refused", said=deemed)
        error = [
            "state" if request.outcome is not None or not can else None,
            "four_eyes" if request.by == actor else None,
        ]
        effect = None if outcome == "refused" else "no_points"
        days = ["2019-09-03"] if outcome == "granted_in_part" else []
        entry = self.try_act("decide", actor, seen, request.id, error, lambda act: decide_mitigation(
            ledger=self.ledger, act=act, mitigation=request.id, outcome=outcome, effect=effect, days=days,
            is_deemed=deemed != "unsaid", deemed=agreed,
        ))  # fmt: skip
        if entry is not None:
            assert ("silent_after" in entry.payload) == (deemed == "over")
            version = self.model.locked_version()
            assert entry.payload.get("after_locks") == ([[MONTH, version]] if version else None)
            request.outcome = outcome
            self.note(entry, before, is_input=True)

    @rule(kpi=KPI, meddler=ANYBODY, outcome=st.sampled_from(["upheld", "not_upheld"]))
    def dispute_and_resolve(self, kpi: str, meddler: str, outcome: str) -> None:
        """A dispute and its end, before the lock or after it; a meddler tries each step first."""
        self.dispute(actor=meddler, seen="now", kpi=kpi)
        self.dispute(actor="approver", seen="now", kpi=kpi)
        self.resolve(actor=meddler, seen="now", kpi=kpi, outcome=outcome)
        self.resolve(actor="decider", seen="now", kpi=kpi, outcome=outcome)

    @rule(asker=ANYBODY, decider=ANYBODY, kpi=KPI, ground=GROUND, outcome=OUTCOMES)
    def ask_and_decide(self, asker: str, decider: str, kpi: str, ground: str, outcome: str) -> None:
        """A request, and a decision by anybody; the second decision comes too late."""
        self.request(actor=asker, seen="now", kpi=kpi, ground=ground)
        which = max(sum(request.outcome is None for request in self.model.requests) - 1, 0)
        self.decide(actor=asker, seen="now", which=which, outcome=outcome)
        self.decide(actor=decider, seen="now", which=which, outcome=outcome)
        self.decide(actor="decider", seen="now", which=9, outcome="granted")

    @rule(actor=actors("take_back"), seen=STALE_OR_NOT, which=st.integers(0, 9))
    def take_back(self, actor: str, seen: str, which: int) -> None:
        before = self.model.inputs()
        request = self.request_at(which)
        error = ["state" if request.outcome is not None else None]
        entry = self.try_act("take_back", actor, seen, request.id, error, lambda act: withdraw_mitigation(
            ledger=self.ledger, act=act, mitigation=request.id))  # fmt: skip
        if entry is not None:
            request.outcome = "withdrawn"
            self.note(entry, before, is_input=True)

    def request_at(self, which: int) -> RequestModel:
        """One of the requests, the open ones more often; or one that nobody made."""
        waiting = [request for request in self.model.requests if request.outcome is None]
        known = waiting if which < 7 and waiting else self.model.requests
        return known[which % len(known)] if known else RequestModel(f"c/K1/{MONTH}/g1", "K1", "storm", "", "none")

    # ---- the month

    @rule(
        actor=actors("sign"),
        seen=STALE_OR_NOT,
        is_old=st.integers(0, 5),
        says=st.sampled_from(["right", "right", "wrong"]),
    )
    def sign(self, actor: str, seen: str, is_old: int, says: str) -> None:
        before = self.model.inputs()
        overdue = tuple(t for t in TABLES if DUE[t] < TODAY and self.model.tables[t].is_settled == (says == "wrong"))
        computed_on = max(self.model.last_input - 1, 0) if is_old == 0 else self.head()
        sealed = self.sealed(is_old == 1)
        error = [
            "state" if self.model.versions else None,
            None if self.model.is_ready(overdue) else "state",
            "stale" if computed_on < self.model.last_input else None,
        ]
        entry = self.try_act("sign", actor, seen, THING, error, lambda act: sign_statement(
            ledger=self.ledger, act=act, to_lock=TO_LOCK, statement=sealed_fingerprint(sealed), known=TODAY,
            computed_on=computed_on, overdue=[(table, "the system was down") for table in overdue],
        ))  # fmt: skip
        if entry is not None:
            self.note(entry, before)
            self.model.signed_by, self.model.signed, self.model.overdue = actor, sealed, overdue

    @rule(actor=actors("lock"), seen=STALE_OR_NOT, is_old=st.integers(0, 5))
    def lock(self, actor: str, seen: str, is_old: int) -> None:
        before = self.model.inputs()
        sealed = self.sealed(is_old == 1)
        computed_on = max(self.model.last_input - 1, 0) if is_old == 0 else self.head()
        is_same = sealed == self.model.signed
        can = self.model.state() == "signed" and is_same and self.model.is_ready(self.model.overdue)
        error = [
            None if can else "state",
            "four_eyes" if self.model.signed_by == actor else None,
            "stale" if computed_on < self.model.last_input else None,
        ]
        entry = self.try_act("lock", actor, seen, THING, error, lambda act: lock_month(
            ledger=self.ledger, act=act, to_lock=TO_LOCK, sealed=sealed, computed_on=computed_on))  # fmt: skip
        if entry is not None:
            self.note(entry, before)
            self.model.versions.append(sealed)
            self.model.signed_by = None

    @rule(actor=actors("propose"), seen=STALE_OR_NOT, is_old=st.integers(0, 5))
    def propose(self, actor: str, seen: str, is_old: int) -> None:
        before = self.model.inputs()
        sealed = self.sealed(is_old == 1)
        computed_on = max(self.model.last_input - 1, 0) if is_old == 0 else self.head()
        versions = self.model.versions
        can = versions and self.model.proposal is None and versions[-1] != sealed
        error = [None if can else "state", "stale" if computed_on < self.model.last_input else None]
        entry = self.try_act("propose", actor, seen, THING, error, lambda act: propose_restatement(
            ledger=self.ledger, act=act, month=MONTH, restates="revision", cause="late evidence", sealed=sealed,
            computed_on=computed_on, differences=[VersionDifference("K1/value", "1", "2")],
        ))  # fmt: skip
        if entry is not None:
            self.model.proposals += 1
            assert entry.subject == f"{THING}/r{self.model.proposals}"
            self.note(entry, before)
            self.model.proposal = ProposalModel(entry.subject, actor, sealed, computed_on)

    @rule(actor=actors("confirm"), seen=STALE_OR_NOT, is_old=st.integers(0, 5), differs=st.booleans())
    def confirm(self, actor: str, seen: str, is_old: int, differs: bool) -> None:
        """A version that changed since its lock is confirmed, where nothing that matters would differ."""
        before = self.model.inputs()
        computed_on = max(self.model.last_input - 1, 0) if is_old == 0 else self.head()
        can = self.model.state() == "changed_since_lock" and not differs
        error = [None if can else "state", "stale" if computed_on < self.model.last_input else None]
        recalculation = Recalculation(
            f"{THING}/{self.model.locked_version()}", "status or credit changes" if differs else "no effect",
            "revision", StatementComparison("0" * 64, "0" * 64, (), ()),
        )  # fmt: skip
        entry = self.try_act(
            "confirm",
            actor,
            seen,
            THING,
            error,
            lambda act: confirm_statement(
                ledger=self.ledger,
                act=act,
                month=SEPTEMBER,
                recalculation=recalculation,
                known=TODAY,
                computed_on=computed_on,
            ),
        )
        if entry is not None:
            self.note(entry, before)
            self.model.is_changed = False

    @rule(actor=actors("decide_restatement"), seen=STALE_OR_NOT, outcome=st.sampled_from(["approved", "refused"]))
    def decide_restatement(self, actor: str, seen: str, outcome: str) -> None:
        before = self.model.inputs()
        proposal = self.model.proposal or ProposalModel(f"{THING}/r{max(self.model.proposals, 1)}", "", {}, 0)
        approves = outcome == "approved"
        error = [
            "state" if self.model.proposal is None or (approves and proposal.is_changed) else None,
            "four_eyes" if proposal.by == actor else None,
            "stale" if approves and proposal.computed_on < self.model.last_input else None,
        ]
        entry = self.try_act("decide_restatement", actor, seen, THING, error, lambda act: decide_restatement(
            ledger=self.ledger, act=act, restatement=proposal.id, outcome=outcome))  # fmt: skip
        if entry is not None:
            self.note(entry, before)
            self.model.touched[THING] += approves
            self.model.is_changed = proposal.is_changed
            self.model.proposal = None
            if approves:
                self.model.versions.append(proposal.sealed)

    @precondition(lambda self: self.head() > EARLY)
    @rule(decides=st.booleans(), signer=SIGNERS, locker=LOCKERS, is_old=st.integers(0, 9), meddler=ANYBODY)
    def settle_as_it_should_be(self, decides: bool, signer: str, locker: str, is_old: int, meddler: str) -> None:
        """What waits is done by whoever may, until two people sign: mostly as they should."""
        for name in TABLES:
            if decides and self.model.tables[name].challenge is not None:
                said = "unsaid" if self.model.tables[name].is_answered else "over"
                self.close(actor="officer", seen="now", name=name, outcome="upheld", deemed=said)
            if not self.model.tables[name].is_settled and self.model.tables[name].challenge is None:
                self.go_as_it_should(name=name, preparer="preparer", ends=3, meddler=meddler)
        for request in self.model.requests:
            if decides and request.outcome is None:
                self.decide(actor=meddler, seen="now", which=0, outcome="granted")
                self.decide(actor="decider", seen="now", which=0, outcome="granted")
        self.sign(actor=meddler, seen="now", is_old=5, says="right")
        self.sign(actor=signer, seen="now", is_old=0, says="right")
        self.sign(actor=signer, seen="now", is_old=5, says="right")
        if locker != "nobody":
            self.lock(actor=locker, seen="now", is_old=0)
            self.lock(actor=locker, seen="now", is_old=is_old)

    @rule(name=st.sampled_from(TABLES), keeper=SIGNERS, meddler=ANYBODY)
    def confirm_as_it_should_be(self, name: str, keeper: str, meddler: str) -> None:
        """Late evidence that changes nothing, and whoever may confirms the version."""
        self.go_as_it_should(name=name, preparer="lead", ends=3, meddler=meddler)
        self.confirm(actor=meddler, seen="now", is_old=5, differs=False)
        self.confirm(actor=keeper, seen="now", is_old=0, differs=False)
        self.confirm(actor=keeper, seen="now", is_old=5, differs=True)
        self.confirm(actor=keeper, seen="now", is_old=5, differs=False)

    @rule(name=st.sampled_from(TABLES), proposer=SIGNERS, decider=DECIDERS, is_changed=st.booleans(), meddler=ANYBODY)
    def restate_as_it_should_be(self, name: str, proposer: str, decider: str, is_changed: bool, meddler: str) -> None:
        """Late evidence, a proposal, sometimes something later still, and a decision."""
        self.go_as_it_should(name=name, preparer="lead", ends=3, meddler=meddler)
        self.propose(actor=proposer, seen="now", is_old=0)
        self.propose(actor=proposer, seen="now", is_old=5)
        if is_changed:
            self.go_as_it_should(name=name, preparer="preparer", ends=3, meddler=meddler)
        self.propose(actor=meddler, seen="now", is_old=1)
        self.decide_restatement(actor=meddler, seen="now", outcome="approved")
        self.decide_restatement(actor=decider, seen="now", outcome="approved")

    # ---- the same act again

    @precondition(lambda self: self.last is not None)
    @rule()
    def repeat(self) -> None:
        """A double click, or a retry after a lost answer: one effect, the same answer."""
        assert self.last is not None
        call, act, entry = self.last
        count = self.head()
        assert call(act) == entry
        assert self.head() == count

    @precondition(lambda self: self.last is not None)
    @rule()
    def repeat_with_another_reason(self) -> None:
        """The same key with another content is another act, and is refused."""
        assert self.last is not None
        call, act, _ = self.last
        another = Act(act.actor, act.on_behalf_of, "another reason", key=act.key, seen=act.seen, on=TODAY)
        entry, refused = outcome_of(call, another)
        assert entry is None
        assert refused is not None
        assert refused.rule == "idempotency_key"

    # ---- what always holds

    @invariant()
    def the_same_evidence_counts(self) -> None:
        counting = counting_submissions(self.ledger.entries())
        for name in TABLES:
            found = counting.get((name, SEPTEMBER))
            rows = tuple(row.row for row in found.rejected) if found else ()
            assert (found and (found.id, found.is_provisional, rows)) == self.model.tables[name].counting

    @invariant()
    def the_month_stands_where_the_model_says(self) -> None:
        things = states_known(self.ledger.entries())
        assert state_in(things, machine="month", thing=THING) == self.model.state()
        for name, table in self.model.tables.items():
            assert state_in(things, machine="table_month", thing=f"c/{name}/{MONTH}") == table.state
        for kpi in KPIS:
            state = state_in(things, machine="kpi_month", thing=f"c/{kpi}/{MONTH}")
            assert state.endswith("dispute") or state == "disputed" or kpi not in self.model.disputes
            assert state.startswith("settled") == bool(self.model.versions)

    def teardown(self) -> None:
        """No locked version ever changed, and the whole record holds."""
        entries = self.ledger.entries()
        locks = locks_known(entries).get(SEPTEMBER, ())
        assert [lock.locked.sealed for lock in locks] == self.model.versions
        assert verify_chain(entries) == ()
        assert payload_problems(entries) == ()
        assert record_problems(entries) == ()
