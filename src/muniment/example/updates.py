"""How the twenty projects stood at the end of October 2019 and in mid-January 2020. No figures are typed."""

from typing import NamedTuple

from muniment.example.acts import Rag


class Standing(NamedTuple):
    """`way`: the path to green; None for a green project."""

    rag: Rag
    stage: str
    why: str
    way: str | None = None


class Project(NamedTuple):
    id: str
    october: Standing
    january: Standing


PROJECTS = (
    Project(
        "tessera",
        Standing("red", "data migration", "The second trial load lost links between clients and their payments.",
                 "A third trial load follows once the links are rebuilt, and the move waits for its result."),
        Standing("green", "early life support", "All cases have moved, and payments ran from the new system."),
    ),
    Project(
        "wan",
        Standing("red", "delivery", "Damage to a main circuit and late access to sites stopped the roll-out.",
                 "The second route is rebuilt first, and site access is agreed a month ahead."),
        Standing("amber", "delivery", "The second route is in service; some sites in the east are still to follow.",
                 "The remaining sites have agreed dates before the spring."),
    ),
    Project(
        "refresh",
        Standing("amber", "delivery", "Devices reach staff without a fixed desk more slowly than planned.",
                 "Collection days are held at depots and libraries."),
        Standing("amber", "delivery", "Devices still to go belong to staff on leave or waiting for one application.",
                 "The application has been tested, and the last collection days are arranged."),
    ),
    Project(
        "mobile",
        Standing("green", "delivery", "Field staff receive their devices team by team, as planned."),
        Standing("green", "completed", "Every team has its devices, and the old ones have been returned and wiped."),
    ),
    Project(
        "telephony",
        Standing("amber", "design", "The change in call routing was taken back in part, so the design is under review.",
                 "Both parties agree the routing before anything else is built."),
        Standing("green", "delivery", "The routing is agreed, and the call-back service is being tested."),
    ),
    Project(
        "identity",
        Standing("green", "delivery", "Accounts are joined directorate by directorate, as planned."),
        Standing("green", "delivery", "Most directorates are done; starters and leavers follow next."),
    ),
    Project(
        "datacentre",
        Standing("amber", "planning", "Two old applications cannot be moved as they are.",
                 "One is replaced, and the other is moved to equipment of its own."),
        Standing("amber", "planning", "One of the two old applications still has no agreed home.",
                 "The services that use it decide in February whether it can be closed."),
    ),
    Project(
        "cyber",
        Standing("green", "delivery", "The findings of the last test are being closed in the agreed order."),
        Standing("amber", "delivery", "The yearly test found old servers that can no longer be updated.",
                 "The servers are set apart from the network until the data centre move replaces them."),
    ),
    Project(
        "payroll",
        Standing("green", "delivery", "Payslips are on line, and expenses follow."),
        Standing("green", "delivery", "Expenses are on line, and absence follows."),
    ),
    Project(
        "schools",
        Standing("green", "delivery", "The first schools have been handed over without errors in pay."),
        Standing("green", "delivery", "The second group of schools has been handed over."),
    ),
    Project(
        "printing",
        Standing("green", "delivery", "Printers are replaced building by building, as planned."),
        Standing("green", "delivery", "The county offices are done, and outlying buildings follow."),
    ),
    Project(
        "email",
        Standing("green", "pilot", "The pilot group has moved, and its questions have been answered."),
        Standing("green", "delivery", "Mailboxes move every week, as planned."),
    ),
    Project(
        "intranet",
        Standing("amber", "design", "Editors for half of the pages have not been named.",
                 "Directorates name their editors before content is moved."),
        Standing("amber", "delivery", "Content is being moved, but some directorates still have no editor.",
                 "Pages without an editor are left out of the new intranet."),
    ),
    Project(
        "invoices",
        Standing("green", "pilot", "Invoices of the pilot suppliers are matched without retyping."),
        Standing("green", "delivery", "More suppliers send electronic invoices each week."),
    ),
    Project(
        "debt",
        Standing("green", "delivery", "Reminders are sent from the new system."),
        Standing("green", "delivery", "Payment plans are kept in the new system as well."),
    ),
    Project(
        "portal",
        Standing("red", "design", "The supplier of the forms has withdrawn its product.",
                 "Other products are compared, and the Council decides on one."),
        Standing("red", "design", "No product that was compared meets the rules on accessibility.",
                 "A plan for building the forms in-house goes to the project board in February."),
    ),
    Project(
        "library",
        Standing("green", "delivery", "Wireless access is open in the larger libraries."),
        Standing("green", "delivery", "Wireless access is open in most libraries."),
    ),
    Project(
        "records",
        Standing("green", "planning", "Retention rules are agreed with each directorate in turn."),
        Standing("green", "delivery", "The rules are being applied to the first shared drives."),
    ),
    Project(
        "mapping",
        Standing("green", "delivery", "Service systems take their addresses from the register one by one."),
        Standing("green", "delivery", "The remaining systems have agreed dates."),
    ),
    Project(
        "rooms",
        Standing("green", "delivery", "Equipment is installed in committee rooms first."),
        Standing("green", "delivery", "Committee rooms are done, and smaller rooms follow."),
    ),
)  # fmt: skip
