from carloan.archives.models.checklist import PaperTick, StageClosing, Waiver
from carloan.archives.models.mark import PageMark
from carloan.archives.models.pack import PackItem, PackVersion, TemplatePack
from carloan.archives.models.paper import Dossier, Paper, PaperField, PaperPage
from carloan.archives.models.search import SearchBlock, SearchSegment, SearchSlot

__all__ = [
    "Dossier",
    "PackItem",
    "PackVersion",
    "PageMark",
    "Paper",
    "PaperField",
    "PaperPage",
    "PaperTick",
    "SearchBlock",
    "SearchSegment",
    "SearchSlot",
    "StageClosing",
    "TemplatePack",
    "Waiver",
]
