"""Pages that ask for no file keep none."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory


def test_a_page_without_a_door_for_files_stops_at_the_first_one() -> None:
    file = SimpleUploadedFile("a.bin", b"x" * 3_000_000)
    request = RequestFactory().post("/accounts/login/", {"login": "somebody", "file": file, "later": "never read"})
    assert request.POST.get("login") == "somebody"
    assert list(request.FILES) == []
    assert "later" not in request.POST
