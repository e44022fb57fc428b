from .paper import Dossier, Paper, PaperField, PaperPage
from .search import PageGrams

__all__ = ["Dossier", "PageGrams", "Paper", "PaperField", "PaperPage"]
