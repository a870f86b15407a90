"""The people of the example: ids in the record, names apart from it. Nobody here exists."""

from dataclasses import dataclass

from muniment.domain.record.act import Party

DOMAINS: dict[Party, str] = {"authority": "wolds.example", "supplier": "castlegate.example"}
"""Names that lead nowhere: .example is kept for that."""


@dataclass(frozen=True)
class Person:
    """`id` stands in the record; `name` can be erased without touching it."""

    id: str
    name: str
    role: str
    on_behalf_of: Party

    @property
    def email(self) -> str:
        """harriet.okonjo@wolds.example, with which they sign in to the demonstration."""
        return f"{self.name.lower().replace(' ', '.')}@{DOMAINS[self.on_behalf_of]}"


ADMINISTRATOR = Person("p-0d72c6b9f4", "Agnes Thorley", "administrator", "authority")
PREPARER = Person("p-7c41e09b52", "Imogen Tasker", "supplier_preparer", "supplier")
APPROVER = Person("p-e20d8f3a16", "Rufus Adeyemi-Clarke", "supplier_approver", "supplier")
CONTRACT_OFFICER = Person("p-a6e35b1d87", "Callum Brierley", "contract_officer", "authority")
CONTRACT_MANAGER = Person("p-3b96a57dc4", "Harriet Okonjo", "contract_manager", "authority")
DECISION_MAKER = Person("p-91f4c8027e", "Desmond Pell", "decision_maker", "authority")
PROJECT_OFFICE = Person("p-58ad13e6b0", "Lowri Fenwick", "project_office", "authority")
FINANCE = Person("p-c48e2710d5", "Gethin Marlow", "finance", "authority")
REPORT_AUTHOR = Person("p-27f6ab9c31", "Philippa Nwosu", "report_author", "authority")
DEMOCRATIC_SERVICES = Person("p-b5039de842", "Edmund Sallow", "democratic_services", "authority")
AUDITOR = Person("p-6ea170f94c", "Saoirse Venn", "auditor", "authority")

CAST = (
    ADMINISTRATOR,
    PREPARER,
    APPROVER,
    CONTRACT_OFFICER,
    CONTRACT_MANAGER,
    DECISION_MAKER,
    PROJECT_OFFICE,
)
"""Those whom the example's record appoints."""
JOINED_LATER = (FINANCE, REPORT_AUTHOR, DEMOCRATIC_SERVICES, AUDITOR)
"""Those whom the administrator appoints when the demonstration begins, after the example's record ends."""
EVERYBODY = (*CAST, *JOINED_LATER)
