from .conftest import NewVisitor


def test_shot(visitor: NewVisitor) -> None:
    o = visitor("officer")
    for n, p in (
        ("paper", "/archives/papers/{paper}/"),
        ("desk", "/archives/"),
        ("loan", "/loans/{paper_loan}/?tab=papers"),
    ):
        o.open(p)
        o.page.wait_for_timeout(800)
        o.page.screenshot(path=f"/tmp/papers/shot-{n}.png")
    o.wear("dark")
    o.page.screenshot(path="/tmp/papers/shot-dark.png")
    o.page.set_viewport_size({"width": 390, "height": 844})
    o.open("/archives/papers/{paper}/")
    o.page.wait_for_timeout(500)
    o.page.screenshot(path="/tmp/papers/shot-phone.png", full_page=True)
