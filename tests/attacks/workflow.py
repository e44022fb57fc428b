"""Ways of attacking what people decide and how they come in (42 to 60 of `groups.py`)."""

from typing import Final

from tests.attacks.group import Group
from tests.attacks.where import (
    DOORS,
    FACTORS,
    HERE_DOORS,
    HERE_PROOFS,
    HERE_STATEMENTS,
    RACES,
    REVEAL,
    SEALING,
    SIGN_ON,
)

WORKFLOW: Final = (
    # Workflow and races
    Group(
        42,
        "approvers at the same moment, twice, or of a list that changes",
        (
            RACES,
            "compliance/test_destruction.py::test_who_proposed_who_spoke_and_who_administers_do_not_approve",
        ),
    ),
    Group(
        43,
        "a hold between approval and execution, and its release",
        (
            RACES,
            "compliance/test_holds_at_once.py::test_a_destruction_that_comes_behind_a_hold_is_refused",
            HERE_STATEMENTS + "test_the_key_of_what_is_held_is_not_written_over",
            HERE_STATEMENTS + "test_nobody_is_cut_off_from_a_held_loan",
            "compliance/test_retention.py::test_a_reopened_loan_stops_its_clock_and_what_did_not_move_is_not_written",
        ),
    ),
    Group(
        44,
        "a worker killed between key and certificate",
        (
            "compliance/test_executing.py::test_a_killed_run_converges_and_tells_nothing_twice",
            "compliance/test_shredding.py::test_the_film_of_one_destruction_is_not_that_of_another",
        ),
    ),
    Group(
        45,
        "clocks: 29 February, other zones, days to come, a clock set forward",
        (
            "compliance/test_retention_policy.py::test_a_leap_day_settlement_goes_through_its_phases",
            "compliance/test_retention.py::test_days_are_those_of_the_branch",
            "attacks/test_clocks.py::test_a_clock_set_forward_shortens_no_cooling_off",
            "attacks/test_clocks.py::test_the_stamps_of_a_sandbox_say_nothing_of_the_time",
        ),
    ),
    Group(
        46,
        "the same request again",
        (
            "core/test_answered.py::test_the_same_request_again_is_answered_and_not_done_again",
            "core/test_answered.py::test_the_same_key_with_another_body_is_refused",
        ),
    ),
    Group(
        47,
        "an old backup that brings back what was destroyed",
        ("operations/test_shredded_stays.py::test_a_backup_from_before_brings_no_shredded_loan_back",),
    ),
    Group(
        48,
        "a ledger that somebody bends",
        (
            SEALING + "test_two_sealers_at_once_seal_each_event_once",
            "compliance/test_bundle.py::test_a_history_forked_behind_a_witness_is_refused",
            "compliance/test_witnessing.py::test_a_database_that_was_rolled_back_is_refused_before_and_after_it_grew_again",
            "supervisor/test_sealer.py::test_a_transaction_that_stays_open_is_told_with_its_process",
            "core/test_audit.py::test_a_back_dated_event_is_refused",
            HERE_PROOFS + "test_a_bundle_with_two_files_of_one_name_is_none",
            HERE_PROOFS + "test_a_certificate_whose_pages_or_names_were_changed_is_not_called_proven",
        ),
    ),
    Group(
        49,
        "rules that change behind an approval",
        (
            "compliance/test_retention.py::test_what_is_published_stands_also_for_plain_sql",
            RACES,
        ),
    ),
    Group(
        50,
        "one lender who uses everything up",
        (
            "core/test_quotas.py::test_one_actors_questions_do_not_wait_for_anothers",
            "archives/test_faults.py::test_a_long_lane_is_not_made_longer_by_what_waits_in_it",
        ),
    ),
    # Signing in, tokens, hooks
    Group(
        51,
        "hooks from outside sent again or late",
        ("messaging/test_delivery.py::test_forged_receipts_are_refused_and_told_folded",),
    ),
    Group(
        52,
        "tokens that lie",
        (
            SIGN_ON + "test_a_token_that_lies_lets_nobody_in",
            SIGN_ON + "test_a_signature_of_somebody_else_is_none",
        ),
    ),
    Group(
        53,
        "sign-in that tells who exists",
        (
            "messaging/test_door.py::test_unknown_expired_revoked_finished_and_locked_look_the_same",
            HERE_DOORS + "test_sign_in_costs_and_says_the_same_for_everybody",
            DOORS + "test_an_unknown_lender_looks_like_a_known_one_to_strangers",
        ),
    ),
    Group(
        54,
        "many passwords, and addresses that are claimed",
        (
            "operations/test_proxy.py::test_what_a_client_claims_about_its_address_ends_at_the_proxy",
            "core/test_bursts.py::test_tries_behind_a_lock_are_told_once",
            HERE_DOORS + "test_a_claimed_address_gives_no_new_tries",
        ),
    ),
    Group(
        55,
        "codes again, and pages behind the second factor",
        (
            FACTORS + "test_the_code_that_set_up_an_app_opens_no_sign_in",
            FACTORS + "test_codes_beyond_the_limit_are_told_with_a_wait",
            DOORS + "test_a_lender_that_requires_a_second_factor_waits_for_it",
        ),
    ),
    Group(
        56,
        "sessions that were given, kept or stolen",
        (
            HERE_DOORS + "test_a_session_that_was_planted_is_not_the_one_that_signs_in",
            HERE_DOORS + "test_cookies_are_for_this_site_alone",
            "supervisor/test_cookies.py::test_a_cookie_by_the_former_name_opens_nothing_over_https",
            "core/test_sessions.py::test_a_session_ends_when_nobody_uses_it",
            "core/test_sessions.py::test_one_session_too_many_ends_the_oldest_which_is_told_why",
            DOORS + "test_a_withdrawn_role_and_a_leaver_count_at_once",
        ),
    ),
    Group(
        57,
        "passwords asked for by mail",
        ("core/test_pages.py::test_sign_up_and_mail_pages_of_the_library_do_not_exist",),
    ),
    Group(
        58,
        "fields revealed one after the other",
        (
            REVEAL + "test_revealing_has_a_quota_a_minute_and_a_day",
            "compliance/test_anomalies.py::test_many_reveals_are_asked_about",
        ),
    ),
    Group(59, "marks removed from pictures", none="marks on pictures come with the whole archive"),
    Group(
        60,
        "a stolen backup without its keys",
        (
            "operations/test_backup.py::test_what_is_backed_up_holds_no_root_key_and_no_index_of_text",
            "operations/test_backup.py::test_without_a_root_key_nothing_is_restored",
        ),
    ),
)
