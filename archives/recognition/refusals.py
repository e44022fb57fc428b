"""Why a file is not taken, in words that say what to do next. The code is for machines and for the trail."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, str | Promise] = {
    "empty": _("The file is empty. Choose it again; if it stays empty, scan or photograph the paper once more."),
    "too_large": _("The file is larger than %(limit)s MB. Split it or scan it at 300 dpi or less."),
    "too_many_pages": _("The file has more than %(limit)s pages. Split it into several files."),
    "too_many_pixels": _("The picture has %(pixels)s million pixels; at most %(limit)s are read. Save it smaller."),
    "type_unknown": _(
        "This is neither a picture nor a PDF or OFD, whatever its name says. Upload a photo, a scan, a PDF or an OFD."
    ),
    "type_svg": _("SVG drawings can carry programs and are not taken. Save it as PNG or PDF."),
    "type_html": _("This is a web page, whatever its name says. Print it to PDF and upload that."),
    "type_office": _("Office files can carry programs and are not taken. Save it as PDF and upload that."),
    "type_program": _("This is a program, not a paper."),
    "polyglot": _("The file pretends to be two things at once and is not taken. Scan or photograph the paper again."),
    "malware": _("The virus scanner reported this file: %(name)s. Have the sender's computer checked."),
    "scanner_down": _("The virus scanner does not answer, so nothing can be taken. Try again in a few minutes."),
    "encrypted": _("The file is locked with a password. Save it without a password and upload that."),
    "active_content": _(
        "The PDF carries a program (%(what)s) and is not taken. Print it to a new PDF and upload that."
    ),
    "damaged": _("The file is damaged and cannot be opened. Scan or photograph the paper again."),
    "too_heavy": _("Opening the file needs too much time or memory. Scan the paper again at 300 dpi or less."),
    "zip_nested": _("There is an archive inside the archive. Unpack it first."),
    "zip_too_many": _("The archive holds %(count)s files; at most %(limit)s are taken at once. Split it."),
    "zip_bomb": _("The archive unpacks to far more than its size and is not taken. Upload the papers themselves."),
    "zip_unsafe": _("The archive carries unsafe file names (%(name)s). Pack the papers again."),
    "zip_link": _("The archive carries a link (%(name)s) in place of a file. Pack the papers themselves."),
    "zip_encrypted": _("The archive is locked with a password. Pack the papers without one."),
    "zip_damaged": _("The archive is damaged and cannot be opened. Pack the papers again."),
    "zip_method": _("This file is packed in a way that cannot be opened here. Pack it as an ordinary zip."),
    "zip_empty": _("The archive is empty: there is no file in it."),
}


class Refused(Exception):
    """A file that is not taken: an ordinary outcome, never an error of ours."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.data = data

    @property
    def message(self) -> str:
        return str(MESSAGES[self.code]) % self.data if self.data else str(MESSAGES[self.code])
