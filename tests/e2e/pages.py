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
    Page("lenders", "/lenders/"),
    Page("sign-out", "/accounts/logout/"),
    Page("sessions", "/accounts/sessions/"),
    Page("account-closed", "//accounts/inactive/", role=""),
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
    Page("loan-pay", "/loans/{paid_loan}/pay/", role="officer"),
    Page("loan-unpay", "/loans/{paid_loan}/payments/{payment}/undo/", role="officer"),
    Page("loan-reallocate", "/loans/{paid_loan}/payments/{payment}/allocate/", role="officer"),
    Page("loan-move", "/loans/{loan}/move/submit/", role="officer"),
    Page("loan-move-with-reason", "/loans/{loan}/move/withdraw/", role="officer"),
    Page("loan-grants", "/loans/{loan}/grants/"),
    Page("loan-borrower", "/loans/{loan}/people/{row}/", role="officer"),
    Page("loan-person-new", "/loans/{loan}/people/new/", role="officer"),
    Page("loan-person", "/loans/{loan}/people/{guarantor}/", role="officer"),
    Page("loan-person-ends", "/loans/{loan}/people/{guarantor}/end/", role="officer"),
    Page("loan-edit", "/loans/{loan}/edit/", role="officer"),
    Page("loan-new", "/loans/new/", role="officer"),
    Page("loan-imports", "/loans/imports/", role="officer"),
    Page("loan-import", "/loans/imports/new/", role="officer"),
    Page("loan-import-mapping", "/loans/imports/{batch}/", role="officer"),
    Page("loan-import-results", "/loans/imports/{batch}/results/", role="officer"),
    Page("intake-desk-archivist", "/archives/", role="archivist"),
    Page("trail", "/compliance/trail/", role="compliance"),
    Page("trail-who-looked", "/compliance/trail/?about=archives.paper:{paper}&looks=on", role="compliance"),
    Page("trail-nothing", "/compliance/trail/?contract_no=ZZ-999", role="compliance"),
    Page("trail-event", "/compliance/trail/{event}/", role="compliance"),
    Page("proof", "/compliance/trail/{event}/proof/", role="compliance"),
    Page("seal", "/compliance/seal/", role="compliance"),
    Page("anomalies", "/compliance/anomalies/", role="compliance"),
    Page("anomalies-none", "/compliance/anomalies/?state=closed", role="compliance"),
    Page("anomaly", "/compliance/anomalies/{anomaly}/", role="compliance"),
    Page("anomaly-reader", "/compliance/anomalies/{anomaly}/"),
    Page("anomaly-rules", "/compliance/anomalies/rules/", role="compliance"),
    Page("verify", "//compliance/verify/", role=""),
    Page("reveal", "/compliance/reveal/loans.party/{party}/id_number/", role="officer"),
)

PAPERS, LOANS = "tests/archives/test_pages.py::", "tests/loans/test_pages.py::"
DESK = "tests/compliance/test_audit_desk.py::"
RESULTS = "tests/loans/test_import_results.py::"
APP = "tests/e2e/test_sign_in.py::test_an_authenticator_app_is_set_up_and_asked_for"
PASSKEY = "tests/e2e/test_sign_in.py::test_a_passkey_opens_without_a_password"
# Addresses that answer GET and are opened elsewhere: no pages of their own, or pages that need what a seeded person
# does not have. View name -> the test that opens it.
ELSEWHERE = {
    "core:entry": "tests/core/test_pages.py::test_the_front_page_leads_to_sign_in_and_then_home",
    "healthz": "tests/core/test_health.py::test_many_who_ask_at_once_cause_one_check",
    # Forms that were refused stand there; they lead to the paper.
    "archives:correct": "tests/archives/test_pages.py::test_the_address_of_a_refused_form_opens_the_paper",
    "archives:move": "tests/archives/test_pages.py::test_the_address_of_a_refused_form_opens_the_paper",
    "archives:return": "tests/archives/test_pages.py::test_the_address_of_a_refused_form_opens_the_paper",
    # Files.
    "loans:export-csv": LOANS + "test_an_export_is_the_filtered_list_masked_guarded_and_told",
    "loans:export-xlsx": LOANS + "test_an_export_is_the_filtered_list_masked_guarded_and_told",
    "compliance:proof-file": "tests/e2e/test_proofs.py::test_a_proof_is_checked_in_the_browser_and_taken_away",
    "compliance:trail-export-csv": DESK + "test_an_export_says_what_it_is_and_is_told_before_and_after",
    "compliance:trail-export-xlsx": DESK + "test_an_export_says_what_it_is_and_is_told_before_and_after",
    "loans:batch-results-csv": RESULTS + "test_the_results_come_as_csv_in_the_language_of_whoever_asks",
    "loans:batch-errors": LOANS + "test_the_wizard_leads_from_file_to_book",
    "archives:original": PAPERS + "test_the_original_comes_as_a_download",
    "archives:page": PAPERS + "test_a_page_is_drawn_once_kept_sealed_and_every_look_is_in_the_trail",
    "archives:page-received": PAPERS
    + "test_the_picture_is_what_the_boxes_were_read_on_and_the_page_as_it_came_is_there_too",
    "mfa_download_recovery_codes": APP,
    # Parts of pages, ways to other pages, answers for scripts.
    "loans:batch-map": "tests/e2e/test_imports.py::test_a_file_goes_from_the_desk_into_the_book",
    "archives:next": "tests/e2e/test_review.py::test_keys_lead_from_paper_to_paper_and_back",
    "archives:search-facets": "tests/archives/test_search_page.py::test_facets_count_and_narrow",
    "archives:loan-papers": PAPERS + "test_a_dropped_file_is_answered_for_the_list_and_polled",
    "archives:paper-state": PAPERS + "test_a_dropped_file_is_answered_for_the_list_and_polled",
    "mfa_login_webauthn": PASSKEY,
    # Signing in with more than a password.
    "mfa_authenticate": APP,
    "mfa_reauthenticate": APP,
    "mfa_activate_totp": APP,
    "mfa_deactivate_totp": APP,
    "mfa_view_recovery_codes": APP,
    "mfa_generate_recovery_codes": APP,
    "mfa_list_webauthn": PASSKEY,
    "mfa_add_webauthn": PASSKEY,
    "mfa_edit_webauthn": PASSKEY,
    "mfa_remove_webauthn": PASSKEY,
    "mfa_reauthenticate_webauthn": PASSKEY,
}
