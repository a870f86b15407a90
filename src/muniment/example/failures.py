"""What the supplier said of each failure from July to November 2019: cause, effect, remedy. No figures are typed."""

from typing import NamedTuple

from muniment.domain.kernel.period import Month


class Note(NamedTuple):
    month: Month
    kpi: str
    cause: str
    effect: str
    remedy: str


JULY, AUGUST, SEPTEMBER = Month(2019, 7), Month(2019, 8), Month(2019, 9)
OCTOBER, NOVEMBER = Month(2019, 10), Month(2019, 11)

NOTES = (
    Note(
        JULY,
        "PM_KPI_06",
        "A new adviser keyed changes of hours from an outdated form.",
        "Records in the spot check showed the wrong contracted hours. No pay was affected.",
        "The form has been withdrawn, and the adviser's other entries have been checked and put right.",
    ),
    Note(
        JULY,
        "IMT_KPI_14",
        "The monthly update failed on one model of laptop and was held back while the maker looked into it.",
        "Those laptops ran without the update past the agreed time. Other protections stayed in place.",
        "The corrected update has since been installed. New models are now part of the pilot group.",
    ),
    Note(
        JULY,
        "CSC_KPI_12",
        "Advisers promised call backs for the end of the day, when the lines are busiest.",
        "Some callers were called back later than promised, and a few rang again before that.",
        "The diary now offers only times for which an adviser is free.",
    ),
    Note(
        JULY,
        "ACF_KPI_03",
        "The backlog that came with the new care system was still being worked through, oldest cases first.",
        "Many clients waited longer than agreed to learn what they have to pay towards their care.",
        "The improvement plan goes on: two more assessors have started, and weekly reviews look at every open case.",
    ),
    Note(
        JULY,
        "F_KPI_01",
        "Invoices sent to service teams instead of the finance office were registered late.",
        "Some suppliers were paid after the agreed time. None claimed interest.",
        "Suppliers have been asked to send invoices to one address, and the finance office chases approvals weekly.",
    ),
    Note(
        AUGUST,
        "IMT_KPI_03",
        "Contractors working on the roads cut a main circuit, and the second route was not in service.",
        "Several sites in the east of the county worked without a network for days.",
        "The circuit has been repaired. The second route is being rebuilt as part of the network upgrade.",
    ),
    Note(
        AUGUST,
        "CSC_KPI_02",
        "Calls were shared with a second centre to make the service more resilient, and advisers there were still new.",
        "Callers waited longer for an adviser than agreed.",
        "Advisers at the second centre receive extra training, and fewer kinds of calls are sent there.",
    ),
    Note(
        AUGUST,
        "CSC_KPI_04",
        "The change in call routing, meant to improve efficiency, lengthened the queue at the busiest times.",
        "More callers than agreed gave up before an adviser answered.",
        "The routing is being reviewed, and overtime covers Monday mornings.",
    ),
    Note(
        AUGUST,
        "ACF_KPI_03",
        "Assessors were on leave, and evidence from clients came in slowly over the summer.",
        "Clients waited longer than agreed for the outcome of their assessment.",
        "The improvement plan goes on. Reminders to clients are now sent earlier.",
    ),
    Note(
        AUGUST,
        "ACF_KPI_05",
        "A payment file was rejected by the bank and sent again the next working day.",
        "Some care providers were paid a day or more later than scheduled. None reported hardship.",
        "The file is now checked against the bank's rules before it is sent.",
    ),
    Note(
        SEPTEMBER,
        "IMT_KPI_03",
        "Repairs after the damage of the month before took the network down at some sites again.",
        "Staff at those sites worked from other offices or without the network for part of the day.",
        "The repairs are finished, and further work is done outside service hours.",
    ),
    Note(
        SEPTEMBER,
        "IMT_KPI_04",
        "Engineers were moved to the serious incidents of the month and to the start of the school year.",
        "Staff waited longer than agreed for ordinary faults to be put right.",
        "A separate team now deals with ordinary faults, and the backlog has been cleared.",
    ),
    Note(
        SEPTEMBER,
        "IMT_KPI_05",
        "A storage controller failed, and its replacement failed again within the week.",
        "Several business systems were unavailable while data was moved to other equipment.",
        "The maker has replaced the whole unit, and the old one is being examined.",
    ),
    Note(
        SEPTEMBER,
        "CSC_KPI_02",
        "School transport and bus pass calls came on top of the new call routing, and several advisers had left.",
        "Callers waited much longer than agreed, most of all in the first half of the month.",
        "Fewer calls are sent to the second centre, and new advisers start work in October.",
    ),
    Note(
        SEPTEMBER,
        "CSC_KPI_04",
        "The second centre could not answer the calls sent to it, and school transport calls peaked at the same time.",
        "Many callers gave up and rang again, which made the queue longer still.",
        "Fewer calls are routed to the second centre, and advisers have been added at the first.",
    ),
    Note(
        SEPTEMBER,
        "CSC_KPI_06",
        "Advisers who usually answer e-mails were moved to the telephones.",
        "Some people who wrote to the Council waited longer than agreed for an answer.",
        "E-mails have advisers of their own again.",
    ),
    Note(
        SEPTEMBER,
        "CSC_KPI_11",
        "Vacancies in the review team were filled late in the quarter.",
        "Some clients and carers waited longer than agreed for their review to begin.",
        "The team is complete again and starts the oldest reviews first.",
    ),
    Note(
        SEPTEMBER,
        "ACF_KPI_03",
        "More referrals than usual came from hospitals, and the oldest cases still take up assessors' time.",
        "Clients waited longer than agreed for the outcome of their assessment.",
        "The improvement plan has been reviewed and goes on, with one assessor for hospital cases alone.",
    ),
    Note(
        SEPTEMBER,
        "F_KPI_06",
        "Requests to invoice schools for transport arrived together at the start of the school year.",
        "Some customers were invoiced later than agreed.",
        "Schools' requests are now collected before the summer break.",
    ),
    Note(
        OCTOBER,
        "PM_KPI_02",
        "A change to the travel expenses policy brought many questions at once.",
        "Some employees and managers waited longer than agreed for an answer.",
        "Answers to the most frequent questions are on the intranet, and advisers have been briefed.",
    ),
    Note(
        OCTOBER,
        "IMT_KPI_05",
        "The telephone system and the link to the data centre failed on different days.",
        "Staff could not be reached by telephone, and some systems were unavailable, for part of those days.",
        "Both makers have supplied corrections, and the data centre link now has a tested second route.",
    ),
    Note(
        OCTOBER,
        "IMT_KPI_08",
        "Requests for equipment waited for a delivery that arrived late.",
        "Some new starters used spare devices for a time.",
        "A larger stock of the usual equipment is kept.",
    ),
    Note(
        OCTOBER,
        "IMT_KPI_12",
        "Milestones of the network upgrade depended on access to sites that was given late.",
        "The upgrade of those sites moved to the next month. Other projects were not affected.",
        "Access is now agreed a month ahead with each site.",
    ),
    Note(
        OCTOBER,
        "ACF_KPI_03",
        "Assessors gave time to preparing the move of residential cases to the new care system.",
        "Clients waited longer than agreed for the outcome of their assessment.",
        "The improvement plan goes on, and preparation for the move is now done by the project team.",
    ),
    Note(
        NOVEMBER,
        "IMT_KPI_05",
        "A faulty update to the directory service and a power failure led to several serious incidents.",
        "Staff could not sign in for part of a morning, and systems were unavailable after the power failure.",
        "Updates to the directory service are tested on a copy first, and the power supply has been replaced.",
    ),
    Note(
        NOVEMBER,
        "CSC_KPI_06",
        "The election brought far more e-mails and forms about voter registration than had been forecast.",
        "Some people waited longer than agreed for an answer. Every registration was dealt with in time for the vote.",
        "Demand is back to its usual level, and advisers have returned to their own work.",
    ),
    Note(
        NOVEMBER,
        "ACF_KPI_03",
        "Long-standing cases still take up assessors' time, although fewer of them are left.",
        "Clients waited longer than agreed for the outcome of their assessment.",
        "The improvement plan goes on, and its results are reviewed monthly by both parties.",
    ),
    Note(
        NOVEMBER,
        "ACF_KPI_04",
        "Residential cases moved to the new care system, and assessors worked in two systems for part of the month.",
        "Some families waited longer than agreed for the outcome of an assessment.",
        "The move is complete, and the cases that waited are being finished first.",
    ),
)
