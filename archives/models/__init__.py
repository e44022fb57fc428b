from carloan.archives.models.paper import Dossier, Paper, PaperField, PaperPage
from carloan.archives.models.search import PageGrams

__all__ = ["Dossier", "PageGrams", "Paper", "PaperField", "PaperPage"]
