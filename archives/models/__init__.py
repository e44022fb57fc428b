from carloan.archives.models.mark import PageMark
from carloan.archives.models.paper import Dossier, Paper, PaperField, PaperPage
from carloan.archives.models.search import SearchBlock, SearchSegment, SearchSlot

__all__ = ["Dossier", "PageMark", "Paper", "PaperField", "PaperPage", "SearchBlock", "SearchSegment", "SearchSlot"]
