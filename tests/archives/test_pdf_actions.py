"""PDFs that do something by themselves when they are opened: wherever that hangs and however it is spelt."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from carloan.archives.recognition import guard, pdf_actions
from carloan.archives.recognition.refusals import Refused
from carloan.lib.nursery import Unreadable

Change = Callable[[Pdf], None]


def written(catalog: str = "", page: str = "", *more: str) -> bytes:
    """A page as one writes it by hand, with these entries and further objects from number 4 on."""
    objects = (
        f"<</Type/Catalog/Pages 2 0 R {catalog}>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200] {page}>>", *more,
    )  # fmt: skip
    body, places = "%PDF-1.7\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        f"{body}xref\n0 {size}\n0000000000 65535 f \n{rows}"
        f"trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    ).encode()


def packed(change: Change, *, locked: bool = False) -> bytes:
    """A page whose objects all lie compressed in object streams, perhaps encrypted with an empty password."""
    pdf, file = Pdf.new(), io.BytesIO()
    pdf.add_blank_page(page_size=(300, 200))
    change(pdf)
    pdf.save(
        file, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True,
        encryption=pikepdf.Encryption(owner="owner", user="", R=6) if locked else False,
    )  # fmt: skip
    assert b"Launch" not in file.getvalue()
    return file.getvalue()


def launching(pdf: Pdf) -> None:
    pdf.Root.OpenAction = pdf.make_indirect(Dictionary(S=Name.Launch, F="pay.exe"))


def annotated(pdf: Pdf) -> None:
    follows = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS="app.alert(1)"))
    link = Dictionary(S=Name.URI, URI="https://example.org/", Next=Array([follows]))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=link)
    pdf.pages[0].Annots = Array([pdf.make_indirect(note)])


def annotation(action: str) -> str:
    return f"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<<{action}>>>>]"


def form(field: str) -> tuple[str, ...]:
    return "/AcroForm<</Fields[4 0 R]>>", "", f"<</FT/Btn/T(go){field}>>"


def whole(data: bytes) -> str:
    """The refusal and what it names, or how many pages come in."""
    try:
        return str(guard.examine(data).pages)
    except Refused as refused:
        return f"{refused.code} {refused.data.get('what', '')}".strip()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (written("/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), "JavaScript"),
        (written("/OpenAction<</#53/J#61vaScript/JS(x)>>"), "JavaScript"),
        (written("/Names<</JavaScript<</Names[(a) 4 0 R]>>>>", "", "<</S/JavaScript/JS(x)>>"), "JavaScript"),
        (written("", "/AA<</O<</S/JavaScript/JS(x)>>>>"), "JavaScript"),
        (written("", "/AA<</O 4 0 R>>", "<</S/Named/N/NextPage/Next 5 0 R>>", "<</S/JavaScript/JS(x)>>"), "JavaScript"),
        (written("", "/AA<</C<</S/Rendition/OP 0/JS(x)>>>>"), "JavaScript"),
        (written("/OpenAction<</S/L#61unch/F(pay.exe)>>"), "Launch"),
        (written("/OpenAction<</S 4 0 R/F(pay.exe)>>", "", "/Launch"), "Launch"),
        (written("", annotation("/S/GoToR/F(other.pdf)/D[0/Fit]")), "GoToR"),
        (written("", annotation("/S/GoToE/F(other.pdf)")), "GoToE"),
        (written(*form("/A<</S/SubmitForm/F(http://a.example)>>")), "SubmitForm"),
        (written(*form("/AA<</D<</S/ImportData/F(a.fdf)>>>>")), "ImportData"),
        (packed(launching), "Launch"),
        (packed(launching, locked=True), "Launch"),
        (packed(annotated), "JavaScript"),
    ],
)  # fmt: skip
def test_a_pdf_that_does_something_by_itself_is_refused(data: bytes, what: str) -> None:
    assert whole(data) == f"active_content {what}"


@pytest.mark.parametrize(
    "data",
    [
        written("/OpenAction[3 0 R/Fit]"),
        written("/OpenAction<</S/GoTo/D[3 0 R/Fit]>>"),
        written("", annotation("/S/URI/URI(https://example.org/)")),
        # The word alone is no action, whatever a text or a name says.
        written("/Info 4 0 R", "", "<</Title(/S/Launch /S/JavaScript)/Launch true>>"),
        written("", "/Group<</S/Transparency>>"),
    ],
)
def test_links_and_words_come_in(data: bytes) -> None:
    assert whole(data) == "1"


def test_what_is_too_much_to_look_through_does_not_come_in() -> None:
    with pytest.raises(Unreadable) as caught:
        pdf_actions.refuse_actions(written(f"/A[{'[1 2]' * 50}]"), most=100)
    assert caught.value.code == "too_heavy"
    with pytest.raises(Unreadable) as caught:
        pdf_actions.refuse_actions(b"%PDF-1.7\nnothing")
    assert caught.value.code == "damaged"
    pdf_actions.refuse_actions(written(f"/A{'[' * 60}{']' * 60}"))
