"""The people of the example: ids in the record, names apart from it. Nobody here exists."""

from dataclasses import dataclass

from muniment.example.acts import Party


@dataclass(frozen=True)
class Person:
    """`id` stands in the record; `name` can be erased without touching it."""

    id: str
    name: str
    role: str
    on_behalf_of: Party


PREPARER = Person("p-7c41e09b52", "Imogen Tasker", "supplier preparer", "supplier")
APPROVER = Person("p-e20d8f3a16", "Rufus Adeyemi-Clarke", "supplier approver", "supplier")
CONTRACT_MANAGER = Person("p-3b96a57dc4", "Harriet Okonjo", "contract manager", "authority")
DECISION_MAKER = Person("p-91f4c8027e", "Desmond Pell", "decision maker", "authority")
PROJECT_OFFICE = Person("p-58ad13e6b0", "Lowri Fenwick", "project office", "authority")

CAST = (PREPARER, APPROVER, CONTRACT_MANAGER, DECISION_MAKER, PROJECT_OFFICE)
