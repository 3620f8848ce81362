//! The cockpit's rules, each with the tests that show it.

#[path = "common/index.rs"]
mod index;

/// A rule, and the tests that show it.
const RULES: &[index::Shown] = &[
    (
        "1 input, drawing and network wait for nobody; what is red is seen with every backend dead",
        &[
            "with_every_backend_hanging_each_key_has_its_frame",
            "at_a_backend_that_hangs_everything_has_its_turn",
            "a_backend_that_hangs_holds_up_no_other",
        ],
    ),
    (
        "2 no flip without preview and read-back, and none is tried again by itself",
        &["every_view_in_every_state_looks_like_this", "an_unknown_pull_is_read_back_and_not_fired_again"],
    ),
    ("3 every action in three keys", &["a_lever_is_armed_and_fired_in_three_keys"]),
    (
        "4 arm and fire are two keys; the guard, the expiry, the read-out that is looked at again, the typed target",
        &[
            "keys_in_the_first_700_ms_are_dropped",
            "keys_in_the_guard_are_dropped_and_enter_never_fires",
            "arm_says_f_fires_only_once_it_is_live",
            "a_key_held_down_fires_nothing",
            "arming_expires_after_30_s",
            "an_old_read_out_is_read_again",
            "enter_and_space_are_never_bound_to_what_fires_sends_or_speaks_for_a_person",
        ],
    ),
    (
        "5 every number shows its age; what is not fresh is never green",
        &[
            "a_touched_log_without_a_new_line_turns_stale_by_its_own_times",
            "value_baseline_and_limits_stand_in_one_row",
        ],
    ),
    ("6 clocks, debts and backends are always there", &["the_clocks_and_the_hold_stay_on_top_at_every_width"]),
    (
        "7 with half of the backends down there is a way by hand, and messages fall back to files",
        &[
            "a_message_without_a_receiver_says_which_file_it_goes_into",
            "every_view_in_every_state_looks_like_this",
            "every_lever_we_ship_is_copied_as_a_line_that_a_shell_can_read",
        ],
    ),
    (
        "8 steps in any order, which costs a reason",
        &["leaving_the_order_costs_a_reason", "skip_override_defer_and_reopen_carry_their_reason"],
    ),
    (
        "9 a breach offers the checklist; what is selected is an identity",
        &[
            "nothing_runs_before_a_declaration_and_breach_offers_it",
            "selection_is_bound_to_identity",
            "a_pick_is_chosen_by_rank_and_its_order_stays_while_it_is_open",
        ],
    ),
    (
        "10 nothing turns up by itself, least of all under arms",
        &["every_view_in_every_state_looks_like_this", "under_arms_nothing_of_observers_turns_up_between_two_keys"],
    ),
    (
        "11 after half a minute away the row says RESUME",
        &["after_half_a_minute_away_the_current_step_says_resume_and_what_was_done_last"],
    ),
    (
        "12 closing over debts costs a reason; a drill has no live carrier; bare goaround explains itself",
        &["going_past_the_watch_names_what_is_not_green", "it_is_one_page_of_the_smallest_terminal"],
    ),
    (
        "13 paste is text, never keys",
        &["paste_is_text_and_never_keys", "a_pasted_line_never_fires_however_it_is_pasted"],
    ),
    (
        "14 one commander writes; handing over is accepted and written down",
        &[
            "an_observer_sees_what_the_commander_does_and_can_do_nothing_of_it",
            "an_objection_reaches_the_commander_the_journal_once_and_the_report",
            "command_that_was_handed_over_is_taken_only_when_the_journal_is_let_go_also_by_a_crash",
            "whoever_hands_command_over_by_lines_goes_on_as_an_observer_by_lines",
            "whoever_watches_by_lines_is_there_until_they_leave",
            "an_objection_to_what_the_pilot_flies_is_written_down_once_and_taken_away",
        ],
    ),
];

#[test]
fn every_rule_of_the_cockpit_is_shown_by_tests_that_exist() {
    index::is_kept(RULES, 14);
}
