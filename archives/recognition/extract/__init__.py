"""One module a kind: typed fields from the pages of such a paper."""

from carloan.archives.recognition.extract.field import Field, Fields

__all__ = ["Field", "Fields"]
