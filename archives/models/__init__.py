from carloan.archives.models.checklist import PaperTick, StageClosing, Waiver
from carloan.archives.models.mark import PageMark
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
from carloan.archives.models.pack import PackItem, PackVersion, TemplatePack
from carloan.archives.models.paper import Dossier, Paper, PaperField, PaperPage
from carloan.archives.models.rooms import RoomDevice, RoomEvent
from carloan.archives.models.search import SearchBlock, SearchSegment, SearchSlot
from carloan.archives.models.shredding import ShreddingItem, ShreddingOrder, ShreddingScan
from carloan.archives.models.stocktakes import StockDifference, StockExpected, StockScan, StockTake
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
    "PackItem",
    "PackVersion",
    "PageMark",
    "Paper",
    "PaperField",
    "PaperPage",
    "PaperTick",
    "RoomDevice",
    "RoomEvent",
    "SearchBlock",
    "SearchSegment",
    "SearchSlot",
    "ShreddingItem",
    "ShreddingOrder",
    "ShreddingScan",
    "StageClosing",
    "StockDifference",
    "StockExpected",
    "StockScan",
    "StockTake",
    "StorageMove",
    "StoragePlace",
    "TemplatePack",
    "Waiver",
]
