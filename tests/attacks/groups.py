"""Sixty ways of attacking a lender's records, and the tests that refuse each: `file.py::test` below `tests/`.

A way that this product offers no target for says so; what a later part will offer gets its tests with it.
"""

from typing import Final

from tests.attacks.group import Group
from tests.attacks.where import (
    DOORS,
    FENCES,
    FILES,
    HERE_DOORS,
    HERE_FILES,
    HERE_POOL,
    HERE_PROOFS,
    HERE_STATEMENTS,
    HOSTILE,
    PAPERS,
    POOL,
    RECEIVING,
    ROUTES,
    SANDBOX,
    SIGN_ON,
    WORDS,
)
from tests.attacks.workflow import WORKFLOW

GROUPS: Final = (
    # Tenant and object access
    Group(
        1,
        "ids of another lender on every route and method",
        (
            ROUTES + "test_the_banks_ids_mean_nothing_in_the_other_lender",
            ROUTES + "test_the_other_lenders_administrator_finds_nothing_behind_the_banks_address",
            ROUTES + "test_every_argument_of_a_path_is_covered",
        ),
    ),
    Group(
        2,
        "the lender named in a body, a header or a host",
        (
            DOORS + "test_no_header_chooses_the_lender",
            DOORS + "test_a_mapped_host_leads_to_no_other_lender",
            DOORS + "test_a_key_opens_nothing_below_the_address_of_another_lender",
        ),
    ),
    Group(
        3,
        "a colleague of another branch",
        (
            PAPERS + "test_another_branch_s_officer_and_strangers_find_nothing",
            "compliance/test_reach.py::test_the_api_masks_what_lies_in_another_branch",
        ),
    ),
    Group(
        4,
        "a colleague without the right; hidden routes and twin methods",
        (
            ROUTES + "test_a_colleague_without_the_right_is_refused",
            ROUTES + "test_every_route_has_a_door_or_belongs_to_a_known_library",
            ROUTES + "test_a_head_is_the_page_without_its_body",
            HOSTILE + "test_methods_nobody_offers_are_405_with_those_that_are",
            "core/test_families.py::test_a_key_of_the_system_administrator_waits_for_whoever_gives_roles",
        ),
    ),
    Group(
        5,
        "fields that nobody may write, written along",
        (
            HERE_DOORS + "test_a_loan_takes_no_field_that_is_not_the_callers_to_write",
            "archives/test_api.py::test_fields_that_nobody_reads_and_fields_given_twice_are_refused",
        ),
    ),
    Group(
        6,
        "a masked value sent back",
        (
            "compliance/test_free_text.py::test_a_masked_text_that_comes_back_is_not_what_is_kept",
            "core/test_member_change.py::test_the_form_masks_the_email_for_those_who_do_not_see_it_and_empty_keeps_it",
        ),
    ),
    Group(
        7,
        "keys and uniqueness that tell of another lender",
        (
            FENCES + "test_a_row_cannot_point_into_the_other_lender",
            FENCES + "test_the_same_natural_key_may_stand_in_both",
            "core/test_people_and_roles.py::test_a_taken_name_is_refused_and_tells_only_about_the_own_house",
        ),
    ),
    Group(
        8,
        "guessing masked values by filters, orders and searches",
        (
            "archives/test_text_search.py::test_a_reader_of_masked_values_cannot_guess_by_searching",
            "core/test_searching.py::test_who_sees_masks_asks_so_often_and_no_more",
            "loans/test_import_sight.py::test_a_dry_run_does_not_tell_which_sealed_values_are_as_guessed",
        ),
    ),
    Group(
        9,
        "connections that others used: faults, timeouts, cancelled statements, savepoints",
        (
            HERE_POOL + "test_what_went_wrong_on_a_shared_connection_leaves_no_lender_behind",
            POOL + "test_clients_that_share_connections_never_see_each_others_lender",
            FENCES + "test_the_setting_ends_with_its_block",
        ),
    ),
    Group(
        10,
        "messages to workers with another lender; work of a closed one",
        (
            "core/test_lookup_jobs_tasks.py::test_a_forged_message_is_refused",
            FENCES + "test_a_disabled_tenant_has_no_tasks",
            "supervisor/test_junk_messages.py::test_only_tasks_of_ours_can_be_asked_for",
        ),
    ),
    Group(
        11,
        "caches that keep one person's answer for another",
        (
            HOSTILE + "test_no_answer_about_a_person_is_kept_by_anybody",
            "core/test_cache_values.py::test_a_pickle_in_the_broker_runs_nothing",
        ),
    ),
    Group(
        12,
        "an address of a file used by somebody else or later",
        (
            PAPERS + "test_another_branch_s_officer_and_strangers_find_nothing",
            DOORS + "test_a_withdrawn_role_and_a_leaver_count_at_once",
        ),
    ),
    Group(
        13,
        "SQL that sets the lender or another role",
        (
            FENCES + "test_the_application_role_cannot_step_over_the_fence",
            FENCES + "test_raw_sql_sees_nothing_without_a_tenant_and_only_its_own_with_one",
            "supervisor/test_roles.py::test_a_login_role_may_not",
            HERE_STATEMENTS + "test_no_statement_removes_what_a_register_holds",
            HERE_STATEMENTS + "test_no_statement_takes_a_lender_s_keys_away",
        ),
    ),
    Group(14, "subscribing to another lender's channel", none="pages poll; there are no channels to subscribe to"),
    Group(
        15,
        "the work of one person fetched by another",
        (
            HERE_DOORS + "test_the_work_of_one_person_is_not_there_for_another",
            "compliance/test_openings_at_once.py::test_of_two_windows_one_opens_and_of_two_words_one_counts",
        ),
    ),
    # Files
    Group(
        16,
        "archives that swell",
        (
            RECEIVING + "test_a_zip_bomb_is_refused_before_it_is_unpacked",
            RECEIVING + "test_an_archive_of_too_many_files_is_refused_with_the_limit_before_any_is_opened",
            HERE_PROOFS + "test_a_hostile_bundle_is_called_what_it_is_and_ends",
            HERE_PROOFS + "test_bombs_in_place_of_a_certificate_end_soon",
        ),
    ),
    Group(
        17,
        "names that leave the archive",
        (
            RECEIVING + "test_an_archive_with_an_unsafe_name_is_refused_whole",
            RECEIVING + "test_any_file_name_is_taken_and_harmless_wherever_it_goes",
            "archives/test_ofd.py::test_names_never_leave_the_package",
        ),
    ),
    Group(
        18,
        "PDFs that loop, swell, act or hide",
        (
            "archives/test_outcomes.py::test_every_hostile_pdf_stands_in_one_group_of_those_that_were_judged",
            FILES + "test_every_pdf_of_the_torture_set_is_opened_or_refused",
            "archives/test_pdf_actions.py::test_a_pdf_that_does_something_by_itself_is_refused",
        ),
    ),
    Group(
        19,
        "pictures that claim too much or break off",
        (
            SANDBOX + "test_a_picture_that_claims_too_much_is_refused_by_its_header",
            FILES + "test_every_hostile_file_has_its_outcome",
            FILES + "test_every_colour_space_comes_out_as_black_on_white",
        ),
    ),
    Group(
        20,
        "files that are two things",
        (
            HERE_FILES + "test_a_file_that_is_two_things_leaves_as_the_one_it_was_taken_for",
            FILES + "test_every_format_is_known_for_what_it_is",
        ),
    ),
    Group(21, "SVG", (HERE_FILES + "test_what_can_run_a_script_is_no_paper",)),
    Group(
        22,
        "entities in XML",
        (
            "archives/test_ofd.py::test_no_entity_is_ever_resolved",
            "archives/test_ofd.py::test_elements_without_end_are_too_heavy",
        ),
    ),
    Group(
        23,
        "places and thumbnails inside photographs",
        (HERE_FILES + "test_a_picture_of_a_page_tells_nothing_of_the_camera",),
    ),
    Group(
        24,
        "bodies too large, too slow, without length or end",
        (
            HOSTILE + "test_a_body_without_a_length_is_told",
            HOSTILE + "test_more_than_a_request_may_hold_is_413_in_words",
            "supervisor/test_web_worker.py::test_half_requests_of_strangers_hold_nobody_up_and_end",
            "supervisor/test_web_worker.py::test_a_form_that_is_too_large_is_told_so_once_it_is_sent",
            "supervisor/test_web_worker.py::test_what_is_sent_behind_an_answer_is_not_taken_for_ever",
            "operations/test_proxy.py::test_a_body_beyond_the_bound_is_refused",
        ),
    ),
    Group(
        25,
        "the same file at two lenders",
        (
            HERE_FILES + "test_the_same_file_at_two_lenders_is_two_files_and_tells_nothing",
            RECEIVING + "test_the_same_bytes_in_two_loans_are_two_papers_with_two_keys",
        ),
    ),
    Group(
        26,
        "office files with programs",
        (
            RECEIVING + "test_an_office_file_among_papers_refuses_itself_only",
            HERE_FILES + "test_what_can_run_a_script_is_no_paper",
        ),
    ),
    Group(
        27,
        "a virus in an archive in a document",
        (
            "archives/test_scanner.py::test_a_finding_is_refused_by_name",
            "archives/test_scanner.py::test_the_whole_file_reaches_the_scanner",
            "archives/test_scanner.py::test_a_dead_scanner_lets_nothing_in",
        ),
    ),
    Group(
        28,
        "names that break out of a header",
        (
            PAPERS + "test_no_name_of_a_file_breaks_out_of_the_header",
            "archives/test_file_names.py::test_any_name_makes_a_header_that_holds_all_of_it",
        ),
    ),
    Group(29, "ranges of a sealed file", (HERE_FILES + "test_ranges_get_the_whole_file_or_nothing",)),
    Group(
        30,
        "sealed bytes changed, cut, swapped, or of a weaker suite",
        (
            "core/test_suites.py::test_a_container_that_was_changed_is_refused",
            "core/test_suites.py::test_a_file_in_the_place_of_another_is_refused",
            "core/test_keys_and_sealing.py::test_a_swapped_wrapping_does_not_open",
        ),
    ),
    # Output and server side
    Group(
        31,
        "formulas in tables that leave",
        (
            "lib/test_spreadsheet.py::test_a_sheet_is_read_back_as_it_was_written",
            HERE_FILES + "test_no_cell_that_leaves_is_a_formula",
        ),
    ),
    Group(
        32,
        "markup in names, files and recognised text",
        (
            "compliance/test_trail.py::test_names_with_markup_stay_text",
            HERE_FILES + "test_markup_in_a_file_name_and_in_what_was_read_stays_text",
        ),
    ),
    Group(
        33,
        "PDFs of ours that fetch or read",
        (
            "lib/test_pdf.py::test_it_visits_nobody",
            "lib/test_pdf.py::test_it_reads_no_file",
        ),
    ),
    Group(
        34,
        "addresses that lead into our own network",
        (
            SIGN_ON + "test_no_provider_leads_into_our_own_network",
            "lib/test_http.py::test_an_address_is_public_or_not",
        ),
    ),
    Group(35, "programs in templates of people", (WORDS + "run_nothing", WORDS + "are_looked_at_when_they_are_saved")),
    Group(
        36,
        "text that takes for ever to read",
        (
            "archives/test_policies.py::test_hostile_text_is_read_in_time",
            "lib/test_personal.py::test_work_grows_with_the_length_of_the_text_and_not_with_its_square",
        ),
    ),
    Group(
        37,
        "letters that look like others or turn the line",
        (
            "archives/test_file_names.py::test_a_name_is_kept_whole_and_shown_without_deceit",
            "lib/test_personal.py::test_a_number_against_han_signs_in_full_width_or_in_parts_is_one",
            HERE_DOORS + "test_a_name_that_looks_like_anothers_signs_in_as_nobody",
        ),
    ),
    Group(
        38,
        "lines forged in the log",
        (
            "core/test_logs_and_errors.py::test_a_message_cannot_forge_a_line",
            "core/test_logs_and_errors.py::test_a_line_takes_time_by_its_length_and_not_by_its_square",
        ),
    ),
    Group(
        39,
        "redirects to elsewhere",
        (
            "core/test_pages.py::test_the_language_switch_leads_nowhere_else",
            SIGN_ON + "test_the_way_leads_nowhere_else",
            HERE_DOORS + "test_signing_in_leads_nowhere_else",
        ),
    ),
    Group(
        40,
        "an original that runs in the browser",
        (
            PAPERS + "test_the_original_comes_as_a_download",
            HERE_FILES + "test_a_file_that_is_two_things_leaves_as_the_one_it_was_taken_for",
        ),
    ),
    Group(
        41,
        "JSON with names twice, numbers without end, depth",
        (
            HOSTILE + "test_a_name_that_stands_twice_is_refused_at_every_depth",
            HOSTILE + "test_json_that_cannot_be_read_is_refused_in_one_language",
            HERE_DOORS + "test_numbers_that_are_none_are_told_by_field",
        ),
    ),
    *WORKFLOW,
)
