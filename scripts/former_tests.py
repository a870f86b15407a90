"""Cases of v0.1.0 that are gone under their names, and the case that holds each one's rule now."""

from collections.abc import Mapping

HELD_BY: Mapping[str, str] = {
    "test_the_lines_of_months_come_in_the_order_of_the_text": (
        "test_the_results_of_a_month_come_in_the_order_of_the_text"
    ),
    "test_a_contract_is_carried_under_its_own_name": "test_a_contract_is_imported_under_its_own_name",
    "test_a_contract_that_says_nothing_of_silence_gives_it_no_meaning": (
        "test_a_contract_without_the_term_deems_nothing"
    ),
    "test_a_decision_of_its_own_names_no_silence_even_when_it_comes_late": (
        "test_a_decision_of_its_own_is_not_deemed_even_when_it_comes_late"
    ),
    "test_a_file_that_was_altered_is_not_carried": "test_a_file_that_was_altered_is_not_imported",
    "test_a_format_that_means_nothing_is_laid_at_the_contracts_door": (
        "test_a_format_that_means_nothing_is_put_down_to_the_contract"
    ),
    "test_a_late_answer_ends_the_silence_as_long_as_nobody_confirmed_it": (
        "test_after_a_late_answer_nothing_is_deemed_as_long_as_nobody_confirmed_it"
    ),
    "test_a_locked_statement_that_nothing_asks_to_restate_is_kept": (
        "test_a_locked_statement_that_nothing_asks_to_restate_is_confirmed"
    ),
    "test_a_person_confirms_the_silence_and_the_log_says_on_what_it_rests": (
        "test_a_person_confirms_what_is_deemed_and_the_audit_trail_says_on_what_it_rests"
    ),
    "test_a_request_that_nobody_decided_in_time_is_decided_by_silence": (
        "test_a_request_that_nobody_decided_in_time_is_deemed_decided"
    ),
    "test_a_request_that_nobody_decided_is_granted_by_silence_by_a_person": (
        "test_a_request_that_nobody_decided_is_deemed_granted_by_a_person"
    ),
    "test_a_silence_does_nothing_but_what_the_text_says": "test_nothing_is_deemed_but_what_the_text_says",
    "test_after_the_limit_an_officer_confirms_the_silence_and_the_entry_says_on_what_it_rests": (
        "test_after_the_limit_an_officer_confirms_what_is_deemed_and_the_entry_says_on_what_it_rests"
    ),
    "test_an_entry_that_rests_on_a_silence_before_its_time_is_no_record_of_what_can_happen": (
        "test_an_entry_that_is_deemed_before_its_time_is_no_record_of_what_can_happen"
    ),
    "test_a_process_on_a_leash_ends_when_its_parent_lets_go": "test_a_bound_process_ends_when_its_parent_lets_go",
    "test_an_erased_text_is_never_carried_back": "test_an_erased_text_is_never_brought_back",
    "test_an_examples_rows_come_through_the_door_like_any_evidence": (
        "test_an_examples_rows_are_ingested_like_any_evidence"
    ),
    "test_an_overtaken_month_of_which_nothing_differs_is_kept_and_is_locked_again": (
        "test_a_month_changed_since_its_lock_without_a_difference_is_confirmed_and_locked"
    ),
    "test_an_overtaken_month_of_which_nothing_matters_is_kept": (
        "test_a_changed_month_where_nothing_matters_is_confirmed"
    ),
    "test_an_unanswered_challenge_is_not_upheld_without_naming_the_silence": (
        "test_an_unanswered_challenge_is_not_upheld_without_being_deemed"
    ),
    "test_carrying_again_changes_nothing": "test_importing_again_changes_nothing",
    "test_the_head_is_the_same_before_and_after_carrying": (
        "test_the_head_is_the_same_before_and_after_import_and_export"
    ),
    "test_what_the_other_side_was_refused_is_not_in_ones_trail": (
        "test_what_the_other_side_was_refused_is_not_in_ones_audit_trail"
    ),
    "test_what_waits_proposes_what_a_silence_amounts_to_with_the_clause_and_the_act": (
        "test_what_waits_proposes_what_is_deemed_with_the_clause_and_the_command"
    ),
    "test_what_waits_says_what_a_silence_amounts_to": "test_what_waits_says_what_is_deemed",
    "test_what_was_added_on_either_side_is_carried_to_the_other": (
        "test_what_was_added_on_either_side_comes_to_the_other"
    ),
    "test_without_the_term_a_silence_cannot_be_named": "test_without_the_term_nothing_can_be_deemed",
}
"""Name in v0.1.0 -> name of the case that holds its rule now."""
