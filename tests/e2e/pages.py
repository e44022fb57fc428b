"""Every page that the browser checks for accessibility, errors and sideways scrolling. Add yours."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page: who opens it (a role; "" is nobody) and where. Paths that start with // are outside the lender."""

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
    Page("roles", "/roles/"),
    Page("roles-one", "/roles/?role=officer"),
    Page("roles-reader", "/roles/", role="compliance"),
    Page("role-new", "/roles/new/"),
    Page("search", "/search/"),
    Page("search-nothing", "/search/?q=ZZ999"),
    Page("error-404", "/people/00000000-0000-0000-0000-000000000000/", status=404),
    Page("error-403", "/roles/new/", role="officer", status=403),
    Page("branches", "/branches/"),
    Page("api-keys", "/api-keys/"),
    Page("trail", "/compliance/trail/", role="compliance"),
)
