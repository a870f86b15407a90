"""How the twenty projects stood at the end of October 2019 and in mid-January 2020. No figures are typed."""

from typing import NamedTuple

from muniment.domain.portfolio.updates import Rag


class ProjectRating(NamedTuple):
    """`way`: the path to green; None for a green project."""

    rag: Rag
    stage: str
    why: str
    way: str | None = None


class Project(NamedTuple):
    id: str
    october: ProjectRating
    january: ProjectRating


PROJECTS = (
    Project(
        "tessera",
        ProjectRating(
            "red",
            "data migration",
            "The second trial load lost links between clients and their payments.",
            "A third trial load follows once the links are rebuilt, and the move waits for its result.",
        ),
        ProjectRating("green", "early life support", "All cases have moved, and payments ran from the new system."),
    ),
    Project(
        "wan",
        ProjectRating(
            "red",
            "delivery",
            "Damage to a main circuit and late access to sites stopped the roll-out.",
            "The second route is rebuilt first, and site access is agreed a month ahead.",
        ),
        ProjectRating(
            "amber",
            "delivery",
            "The second route is in service; some sites in the east are still to follow.",
            "The remaining sites have agreed dates before the spring.",
        ),
    ),
    Project(
        "refresh",
        ProjectRating(
            "amber",
            "delivery",
            "Devices reach staff without a fixed desk more slowly than planned.",
            "Collection days are held at depots and libraries.",
        ),
        ProjectRating(
            "amber",
            "delivery",
            "Devices still to go belong to staff on leave or waiting for one application.",
            "The application has been tested, and the last collection days are arranged.",
        ),
    ),
    Project(
        "mobile",
        ProjectRating("green", "delivery", "Field staff receive their devices team by team, as planned."),
        ProjectRating(
            "green", "completed", "Every team has its devices, and the old ones have been returned and wiped."
        ),
    ),
    Project(
        "telephony",
        ProjectRating(
            "amber",
            "design",
            "The change in call routing was taken back in part, so the design is under review.",
            "Both parties agree the routing before anything else is built.",
        ),
        ProjectRating("green", "delivery", "The routing is agreed, and the call-back service is being tested."),
    ),
    Project(
        "identity",
        ProjectRating("green", "delivery", "Accounts are joined directorate by directorate, as planned."),
        ProjectRating("green", "delivery", "Most directorates are done; starters and leavers follow next."),
    ),
    Project(
        "datacentre",
        ProjectRating(
            "amber",
            "planning",
            "Two old applications cannot be moved as they are.",
            "One is replaced, and the other is moved to equipment of its own.",
        ),
        ProjectRating(
            "amber",
            "planning",
            "One of the two old applications still has no agreed home.",
            "The services that use it decide in February whether it can be closed.",
        ),
    ),
    Project(
        "cyber",
        ProjectRating("green", "delivery", "The findings of the last test are being closed in the agreed order."),
        ProjectRating(
            "amber",
            "delivery",
            "The yearly test found old servers that can no longer be updated.",
            "The servers are set apart from the network until the data centre move replaces them.",
        ),
    ),
    Project(
        "payroll",
        ProjectRating("green", "delivery", "Payslips are on line, and expenses follow."),
        ProjectRating("green", "delivery", "Expenses are on line, and absence follows."),
    ),
    Project(
        "schools",
        ProjectRating("green", "delivery", "The first schools have been handed over without errors in pay."),
        ProjectRating("green", "delivery", "The second group of schools has been handed over."),
    ),
    Project(
        "printing",
        ProjectRating("green", "delivery", "Printers are replaced building by building, as planned."),
        ProjectRating("green", "delivery", "The county offices are done, and outlying buildings follow."),
    ),
    Project(
        "email",
        ProjectRating("green", "pilot", "The pilot group has moved, and its questions have been answered."),
        ProjectRating("green", "delivery", "Mailboxes move every week, as planned."),
    ),
    Project(
        "intranet",
        ProjectRating(
            "amber",
            "design",
            "Editors for half of the pages have not been named.",
            "Directorates name their editors before content is moved.",
        ),
        ProjectRating(
            "amber",
            "delivery",
            "Content is being moved, but some directorates still have no editor.",
            "Pages without an editor are left out of the new intranet.",
        ),
    ),
    Project(
        "invoices",
        ProjectRating("green", "pilot", "Invoices of the pilot suppliers are matched without retyping."),
        ProjectRating("green", "delivery", "More suppliers send electronic invoices each week."),
    ),
    Project(
        "debt",
        ProjectRating("green", "delivery", "Reminders are sent from the new system."),
        ProjectRating("green", "delivery", "Payment plans are kept in the new system as well."),
    ),
    Project(
        "portal",
        ProjectRating(
            "red",
            "design",
            "The supplier of the forms has withdrawn its product.",
            "Other products are compared, and the Council decides on one.",
        ),
        ProjectRating(
            "red",
            "design",
            "No product that was compared meets the rules on accessibility.",
            "A plan for building the forms in-house goes to the project board in February.",
        ),
    ),
    Project(
        "library",
        ProjectRating("green", "delivery", "Wireless access is open in the larger libraries."),
        ProjectRating("green", "delivery", "Wireless access is open in most libraries."),
    ),
    Project(
        "records",
        ProjectRating("green", "planning", "Retention rules are agreed with each directorate in turn."),
        ProjectRating("green", "delivery", "The rules are being applied to the first shared drives."),
    ),
    Project(
        "mapping",
        ProjectRating("green", "delivery", "Service systems take their addresses from the register one by one."),
        ProjectRating("green", "delivery", "The remaining systems have agreed dates."),
    ),
    Project(
        "rooms",
        ProjectRating("green", "delivery", "Equipment is installed in committee rooms first."),
        ProjectRating("green", "delivery", "Committee rooms are done, and smaller rooms follow."),
    ),
)
