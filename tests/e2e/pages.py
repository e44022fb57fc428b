"""Every page that the browser checks for accessibility, errors and sideways scrolling. Add yours."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page: who opens it (a role; "" is nobody) and where. Paths that start with // are outside the lender;
    {loan} stands for a seeded one."""

    name: str
    path: str
    role: str = "admin"
    status: int = 200


PAGES = (
    Page("sign-in", "//accounts/login/", role=""),
    Page("password-forgotten", "//accounts/password/forgotten/", role=""),
    Page("home", "/home/"),
    Page("profile", "/profile/"),
    Page("profile-outside", "//profile/", role="officer"),
    Page("second-factors", "/accounts/2fa/"),
    Page("reauthenticate", "/accounts/reauthenticate/"),
    Page("password-change", "/accounts/password/change/"),
    Page("people", "/people/"),
    Page("people-nobody", "/people/?q=nobody-has-this-name"),
    Page("person-new", "/people/new/"),
    Page("person", "/people/{person}/"),
    Page("person-change", "/people/{person}/change/"),
    Page("person-leaves", "/people/{person}/deactivate/"),
    Page("job", "/jobs/{job}/"),
    Page("roles", "/roles/"),
    Page("roles-one", "/roles/?role=officer"),
    Page("roles-reader", "/roles/", role="compliance"),
    Page("role-new", "/roles/new/"),
    Page("search", "/search/"),
    Page("search-nothing", "/search/?q=ZZ999"),
    Page("error-404", "/people/00000000-0000-0000-0000-000000000000/", status=404),
    Page("error-403", "/roles/new/", role="officer", status=403),
    Page("error-404-outside", "//nothing/", role="", status=404),
    Page("branches", "/branches/"),
    Page("branch", "/branches/{branch}/"),
    Page("calendar", "/calendar/"),
    Page("calendar-unknown-year", "/calendar/?year=2031"),
    Page("calendar-reader", "/calendar/", role="compliance"),
    Page("api-keys", "/api-keys/"),
    Page("loans", "/loans/", role="officer"),
    Page("loans-nothing", "/loans/?q=ZZ-999999", role="officer"),
    Page("loan", "/loans/{loan}/", role="officer"),
    Page("loan-papers", "/loans/{loan}/?tab=papers", role="officer"),
    Page("intake-desk", "/archives/", role="officer"),
    Page("intake-desk-nothing", "/archives/?q=没有这样的文字", role="officer"),
    Page("text-search", "/archives/search/", role="officer"),
    Page("text-search-hits", "/archives/search/?q=机动车", role="officer"),
    Page("text-search-nothing", "/archives/search/?q=没有这样的文字", role="officer"),
    Page("text-search-masked", "/archives/search/?q=机动车", role="compliance"),
    Page("paper", "/archives/papers/{paper}/", role="officer"),
    Page("intake-desk-by-risk", "/archives/?state=review&order=risk", role="archivist"),
    Page("paper-two-pages", "/archives/papers/{pages}/?q=公民身份", role="archivist"),
    Page("paper-masked", "/archives/papers/{paper}/", role="compliance"),
    Page("paper-loan", "/loans/{paper_loan}/?tab=papers", role="officer"),
    Page("loan-plan", "/loans/{loan}/?tab=plan", role="officer"),
    Page("loan-payments", "/loans/{loan}/?tab=payments", role="officer"),
    Page("loan-timeline", "/loans/{loan}/?tab=timeline", role="officer"),
    Page("loan-masked", "/loans/{loan}/", role="service"),
    Page("loan-pay", "/loans/{loan}/pay/", role="officer"),
    Page("loan-person-new", "/loans/{loan}/people/new/", role="officer"),
    Page("loan-person", "/loans/{loan}/people/{guarantor}/", role="officer"),
    Page("loan-person-ends", "/loans/{loan}/people/{guarantor}/end/", role="officer"),
    Page("loan-edit", "/loans/{loan}/edit/", role="officer"),
    Page("loan-new", "/loans/new/", role="officer"),
    Page("loan-imports", "/loans/imports/", role="officer"),
    Page("loan-import", "/loans/imports/new/", role="officer"),
    Page("intake-desk", "/archives/", role="archivist"),
    Page("trail", "/compliance/trail/", role="compliance"),
)
