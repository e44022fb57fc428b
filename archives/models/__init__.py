from carloan.archives.models.originals import (
    Custody,
    CustodyDetail,
    CustodyReminder,
    CustodyRequest,
    HandoverItem,
    HandoverList,
    HandoverSignature,
    Original,
)
from carloan.archives.models.paper import Dossier, Paper, PaperField, PaperPage
from carloan.archives.models.search import SearchBlock, SearchSegment, SearchSlot
from carloan.archives.models.storage import StorageMove, StoragePlace

__all__ = [
    "Custody",
    "CustodyDetail",
    "CustodyReminder",
    "CustodyRequest",
    "Dossier",
    "HandoverItem",
    "HandoverList",
    "HandoverSignature",
    "Original",
    "Paper",
    "PaperField",
    "PaperPage",
    "SearchBlock",
    "SearchSegment",
    "SearchSlot",
    "StorageMove",
    "StoragePlace",
]
