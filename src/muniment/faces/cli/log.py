"""muniment log FOLDER [--subject SUBJECT], muniment waiting FOLDER [--on DAY]"""

import argparse
from collections.abc import Iterator, Sequence
from datetime import date

from muniment.commands.queries.waiting import Waiting
from muniment.domain.kernel.fingerprint import Json
from muniment.domain.lifecycle.silence import Silence
from muniment.domain.lifecycle.visibility import seen_by
from muniment.domain.record.entry import Entry
from muniment.domain.record.versions import is_about
from muniment.faces.cli.asked import day_of, where_of
from muniment.faces.cli.printing import Printed, print_json, print_table
from muniment.faces.desk.agreed_terms import waiting_in
from muniment.faces.desk.opening import open_contract
from muniment.faces.desk.stores import open_store

NAMED = 5
"""Tables of a month that are named one by one; of more, their number."""


def run(arguments: argparse.Namespace) -> int:
    if arguments.command == "waiting":
        return _waiting(arguments)
    entries = open_store(where_of(arguments)).ledger.entries()
    if arguments.actor is not None and entries:
        entries = seen_by(entries, actor=arguments.actor, on=date.fromisoformat(entries[-1].recorded_at[:10]))
    chosen = [e for e in entries if arguments.subject is None or is_about(e.subject, arguments.subject)]
    if arguments.format == "json":
        print_json({"entries": [entry.canonical() for entry in chosen]})
        return 0
    title = f"{len(chosen)} of {len(entries)} entries; who acted is declared, not authenticated"
    headings = ("Entry", "When (UTC)", "Who", "For", "What", "About", "Says", "Reason")
    print_table(Printed(title=title, headings=headings, rows=[_row(entry) for entry in chosen], right=frozenset({0})))
    return 0


def _expected(found: Sequence[Waiting]) -> Iterator[str]:
    """Evidence that has not come, a line for the tables of a month that are due on one day."""
    together: dict[tuple[str, date | None], list[Waiting]] = {}
    for item in found:
        if "submit" in item.verbs:
            together.setdefault((item.thing.rpartition("/")[2], item.by), []).append(item)
    for (month, _), items in together.items():
        names = [item.thing.split("/")[1] for item in items]
        tables = ", ".join(names) if len(names) <= NAMED else f"{len(names)} tables"
        yield items[0].sentence.replace(items[0].thing, f"{tables} of {month}")


def _row(entry: Entry) -> tuple[str, ...]:
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


def _confirming(silence: Silence, folder: str) -> str:
    """The act that confirms what a silence amounts to: a person types it, or does not."""
    act = "close-challenge" if silence.on == "challenge" else "decide-mitigation"
    effect = f" --effect {silence.effect}" if silence.effect else ""
    return f"{act} {folder} {silence.of} --outcome {silence.then}{effect} --by-silence --as ACTOR ..."


def _waiting(arguments: argparse.Namespace) -> int:
    opened = open_contract(folder=where_of(arguments), known=day_of(arguments.on) if arguments.on else None)
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
                "by_silence": item.silence.then if item.silence else None,
            }
            for item in found
        ]
        print_json({"on": on.isoformat() if on else None, "waiting": rows})
        return 0
    print(f"{len(found)} thing{'s' if len(found) != 1 else ''} waiting{f' on {on}' if on else ''}.")
    for item in found:
        if "submit" not in item.verbs:
            print(f"  {item.sentence}")
        if item.silence is not None:
            print(f"    muniment {_confirming(item.silence, arguments.folder)}")
    for sentence in _expected(found):
        print(f"  {sentence}")
    return 0
