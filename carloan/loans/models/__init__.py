from .desk import ImportBatch, ImportProfile, ImportRow
from .loan import FormerRole, Loan, LoanGrant, LoanParty, Vehicle
from .money import Allocation, Instalment, OpeningPosition, Payment, ScheduleVersion
from .people import ContactPoint, Party

__all__ = [
    "Allocation",
    "ContactPoint",
    "FormerRole",
    "ImportBatch",
    "ImportProfile",
    "ImportRow",
    "Instalment",
    "Loan",
    "LoanGrant",
    "LoanParty",
    "OpeningPosition",
    "Party",
    "Payment",
    "ScheduleVersion",
    "Vehicle",
]
