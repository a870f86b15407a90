"""muniment audit-trail | waiting | heads | reported | changed | since-lock: what the record says."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from muniment.application.agreed_terms import waiting_in
from muniment.application.load import open_contract, read_contract
from muniment.application.stores import open_store
from muniment.commands.queries.facts import ReportedFact, fact_known, reported_facts
from muniment.commands.queries.reading import Reading
from muniment.commands.queries.recalculation import Recalculation
from muniment.commands.waiting import WaitingItem
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.lifecycle.deemed import DeemedProposal
from muniment.domain.lifecycle.visibility import seen_by
from muniment.domain.record.entry import Entry
from muniment.domain.record.versions import is_about
from muniment.interfaces.cli.arguments import day_argument, month_argument, where_of
from muniment.interfaces.cli.printing import TextTable, next_steps, print_json, print_table

_NAMED = 5
"""Tables of a month that are named one by one; of more, their number."""

_REPORTED_HEADINGS = ("Fact", "Known", "Reported", "Where", "On", "Verdict")
_CHANGED_HEADINGS = ("What", "Before", "After")
_SINCE_LOCK_HEADINGS = ("Statement", "If it were computed now", "Class", "Cause", "Differences")


def run_audit_trail(arguments: argparse.Namespace) -> int:
    entries = open_store(where_of(arguments)).ledger.entries()
    if arguments.actor is not None and entries:
        entries = seen_by(entries, actor=arguments.actor, on=date.fromisoformat(entries[-1].recorded_at[:10]))
    chosen = [e for e in entries if arguments.subject is None or is_about(e.subject, arguments.subject)]
    if arguments.format == "json":
        print_json({"entries": [entry.canonical() for entry in chosen]})
        return 0
    title = f"{len(chosen)} of {len(entries)} entries; who acted is declared, not authenticated"
    headings = ("Entry", "When (UTC)", "Who", "For", "What", "About", "Says", "Reason")
    print_table(
        TextTable(title=title, headings=headings, rows=[_entry_row(entry) for entry in chosen], right=frozenset({0}))
    )
    return 0


def _expected(found: Sequence[WaitingItem]) -> Iterator[str]:
    """Evidence that has not come, a line for the tables of a month that are due on one day."""
    together: dict[tuple[str, date | None], list[WaitingItem]] = {}
    for item in found:
        if "submit" in item.commands:
            together.setdefault((item.thing.rpartition("/")[2], item.by), []).append(item)
    for (month, _), items in together.items():
        names = [item.thing.split("/")[1] for item in items]
        tables = ", ".join(names) if len(names) <= _NAMED else f"{len(names)} tables"
        yield items[0].sentence.replace(items[0].thing, f"{tables} of {month}")


def _entry_row(entry: Entry) -> tuple[str, ...]:
    when = entry.recorded_at.replace("T", " ").removesuffix("Z")
    texts = [f"{name}: {entry.text(name)}" for name in entry.commitments if name != "reason"]
    said = "; ".join([*(f"{name} {_said(value)}" for name, value in entry.payload.items() if _is_short(value)), *texts])
    what = entry.kind.replace(".", " ").replace("_", " ")
    return (str(entry.seq), when, entry.actor, entry.on_behalf_of, what, entry.subject, said, entry.reason)


def _is_short(value: Json) -> bool:
    return value not in (None, [], "") and not isinstance(value, dict | list)


def _said(value: Json) -> str:
    text = str(value)
    return text[:12] if len(text) == 64 else text


def _confirming(deemed: DeemedProposal, folder: str) -> str:
    """The command that confirms what is deemed: a person types it, or does not."""
    command = "close-challenge" if deemed.on == "challenge" else "decide-mitigation"
    effect = f" --effect {deemed.effect}" if deemed.effect else ""
    return f"{command} {folder} {deemed.of} --outcome {deemed.then}{effect} --deemed --as ACTOR ..."


def run_waiting(arguments: argparse.Namespace) -> int:
    opened = open_contract(folder=where_of(arguments), known=day_argument(arguments.on) if arguments.on else None)
    on = opened.known
    found = waiting_in(opened, on=on, subject=arguments.subject) if on is not None else ()
    if arguments.format == "json":
        rows: list[Json] = [
            {
                "thing": item.thing,
                "what": item.what,
                "side": item.side,
                "roles": [*item.roles],
                "since": item.since,
                "by": item.by.isoformat() if item.by else None,
                "days_left": item.days_left,
                "deemed": item.deemed.then if item.deemed else None,
            }
            for item in found
        ]
        print_json({"on": on.isoformat() if on else None, "waiting": rows})
        return 0
    print(f"{len(found)} thing{'s' if len(found) != 1 else ''} waiting{f' on {on}' if on else ''}.")
    for item in found:
        if "submit" not in item.commands:
            print(f"  {item.sentence}")
        if item.deemed is not None:
            print(f"    muniment {_confirming(item.deemed, arguments.folder)}")
    for sentence in _expected(found):
        print(f"  {sentence}")
    return 0


def run_heads(arguments: argparse.Namespace) -> int:
    from muniment.application.heads import heads_json, heads_of

    known = day_argument(arguments.known) if arguments.known else None
    contract, heads = heads_of(folder=where_of(arguments), known=known)
    if arguments.format == "json":
        print_json(heads_json(contract, heads))
        return 0
    rows = [(head.of, str(head.entry), head.recorded_at, head.hash, head.sealed or "") for head in heads]
    print_table(
        TextTable(
            title=f"Heads of {contract}. Keep them where nobody who writes to the record can change them.",
            headings=("Of", "Entry", "Recorded", "Head", "Fingerprint of the statement"),
            rows=rows,
            right=frozenset({1}),
        )
    )
    is_folder = isinstance(where_of(arguments), Path)
    folder = arguments.folder if is_folder else "a-folder"
    export = () if is_folder else (f"muniment export {arguments.folder} --out {folder}",)
    next_steps(*export, f"python verify.py {folder}/ledger.jsonl --head {heads[0].hash}  (verify.py: in any bundle)")
    return 0


def run_reported(arguments: argparse.Namespace) -> int:
    from muniment.application.read_models.findings import ReportedFacts
    from muniment.application.read_models.stored import dump

    folder, on = where_of(arguments), day_argument(arguments.on)
    opened = open_contract(folder=folder, known=None)

    @cache
    def reading_known(day: date) -> Reading:
        known = open_contract(folder=folder, known=day)
        return read_contract(opened=known, engine=arguments.engine, elsewhere={})

    found = reported_facts(
        entries=opened.entries,
        on=on,
        facts=arguments.fact,
        value_known=lambda fact, day: fact_known(reading_known(day), fact),
    )
    if arguments.format == "json":
        print_json(dump(ReportedFacts(contract=opened.text.contract(known=None).id, on=on, facts=found)))
    else:
        title = f"As reported on {on}: {sum(fact.verdict.endswith('due') for fact in found)} to put right"
        print_table(TextTable(title, _REPORTED_HEADINGS, [_reported_row(fact) for fact in found]))
    return 0


def _reported_row(fact: ReportedFact) -> tuple[str, ...]:
    return (
        fact.fact,
        fact.known or "cannot be computed",
        fact.printed or "nothing",
        fact.where or "",
        fact.on.isoformat() if fact.on else "",
        fact.verdict,
    )


def run_changed(arguments: argparse.Namespace) -> int:
    from muniment.application.read_models.findings import changed_statement
    from muniment.application.read_models.stored import dump
    from muniment.commands.queries.locked_statements import changed, lock_named

    opened = open_contract(folder=where_of(arguments), known=None)
    before, after = (lock_named(opened.entries, name) for name in (arguments.before, arguments.after))
    found = changed(before.locked.sealed, after.locked.sealed)
    if arguments.format == "json":
        print_json(dump(changed_statement(before=before.id, after=after.id, found=found)))
        return 0
    if found.is_same:
        print(f"{before.id} and {after.id} are the same.")
        return 0
    causes = ", ".join(found.causes) or "no input differs"
    rows = [(f"{item.of}, {item.part}", item.before, item.after) for item in found.differences]
    print_table(TextTable(f"From {before.id} to {after.id}: {causes}", _CHANGED_HEADINGS, rows))
    return 0


def run_since_lock(arguments: argparse.Namespace) -> int:
    from muniment.application.read_models.findings import recalculated_statements
    from muniment.application.read_models.stored import dump
    from muniment.application.restatements import recalculations

    opened = open_contract(folder=where_of(arguments), known=None)
    found = recalculations(opened=opened, months=tuple(month_argument(month) for month in arguments.months))
    contract = opened.text.contract(known=opened.known).id
    if arguments.format == "json":
        print_json(dump(recalculated_statements(contract=contract, found=found)))
        return 0
    due = [recalculation for recalculation in found if recalculation.needs_restating]
    title = f"{len(found)} locked statement{'s' if len(found) != 1 else ''}: {len(due)} to be restated"
    print_table(
        TextTable(
            title,
            _SINCE_LOCK_HEADINGS,
            [_since_lock_row(recalculation) for recalculation in found],
            right=frozenset({4}),
        )
    )
    for recalculation in due:
        print(f"\n{recalculation.statement}")
        for difference in recalculation.found.differences:
            print(f"  {difference}")
    for recalculation in found:
        if recalculation.note is not None:
            print(f"\n{recalculation.statement}: {recalculation.note}.")
    if due:
        next_steps(f"muniment propose-restatement {arguments.folder} {due[0].statement.split('/')[1]} --as ACTOR ...")
    return 0


def _since_lock_row(recalculation: Recalculation) -> tuple[str, ...]:
    outputs = [difference for difference in recalculation.found.differences if difference.kind != "input"]
    is_same = recalculation.effect == "no effect"
    causes = ", ".join(recalculation.found.causes) or ("" if is_same else "no input differs")
    return (
        recalculation.statement,
        recalculation.effect,
        "" if is_same else recalculation.restates,
        causes,
        str(len(outputs)),
    )
