"""A form that is too large, sent by a browser to the site's own web server, is answered by a page with words."""

from playwright.sync_api import expect

from .conftest import NewVisitor


def test_a_field_of_ten_megabytes_meets_a_page_that_says_the_limit(visitor: NewVisitor) -> None:
    who = visitor("officer")
    who.open("/profile/")
    who.expected_status = {413}
    form = who.page.locator("form:has(#id_language)")
    form.evaluate(
        """form => {
            const field = document.createElement("textarea");
            field.name = "more";
            field.value = "x".repeat(10 * 1024 * 1024);
            form.append(field);
            form.submit();
        }"""
    )
    expect(who.page.locator("[data-message]")).to_contain_text("文件以外的内容超过 5 MB")
    expect(who.page.locator("h1")).to_have_text("内容过大")
