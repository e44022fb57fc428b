from .links import LinkVisit, OneTimeLink
from .messages import Message, MessageTemplate
from .setup import ContactPolicy, Gateway
from .uploads import LinkUpload, UploadPiece

__all__ = [
    "ContactPolicy",
    "Gateway",
    "LinkUpload",
    "LinkVisit",
    "Message",
    "MessageTemplate",
    "OneTimeLink",
    "UploadPiece",
]
