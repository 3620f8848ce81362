//! What backends do wrong, each with the tests that show what is said of it: an index that cannot name a test which
//! does not exist.

#[path = "common/index.rs"]
mod index;

/// A fault, and the tests that show it.
const FAULTS: &[index::Shown] = &[
    (
        "1 connection refused: NotSent",
        &["a_refused_connection_sent_nothing", "redis_through_a_bad_wire_is_told_honestly_real_servers"],
    ),
    ("2 name does not resolve: NotSent", &["a_name_that_does_not_resolve_sent_nothing"]),
    ("3 black hole: NotSent after 2 s", &["a_black_hole_is_given_up_after_two_seconds_and_sent_nothing"]),
    (
        "4 certificate expired or of another host: Rejected",
        &[
            "an_expired_certificate_is_refused",
            "a_certificate_for_another_host_is_refused",
            "a_certificate_nobody_vouches_for_is_refused",
        ],
    ),
    ("5 reset after connecting: Unknown", &["a_reset_after_connecting_is_lost"]),
    ("6 reset in the middle of the request: Unknown", &["a_reset_in_the_middle_of_the_request_is_lost"]),
    (
        "7 read and not answered: Unknown",
        &[
            "a_request_that_was_read_and_not_answered_is_lost",
            "an_http_api_through_a_bad_wire_is_told_honestly_real_servers",
        ],
    ),
    (
        "8 answered too late: Unknown, never fired again",
        &[
            "an_answer_after_the_deadline_is_lost",
            "an_unleash_flag_goes_off_after_its_caller_gave_up_when_the_database_is_back_real_servers",
        ],
    ),
    (
        "9 headers, then a drip: Unknown at the total deadline",
        &["a_body_that_drips_for_ever_is_lost_at_the_total_deadline"],
    ),
    (
        "10 endless body: cut, the status decides",
        &["an_endless_body_is_cut_at_the_cap", "a_cut_body_leaves_the_decision_to_the_status"],
    ),
    ("11 gzip bomb: cut", &["a_gzip_bomb_is_cut_while_it_unpacks"]),
    (
        "12 redirect: Rejected, Location shown",
        &["no_redirect_is_followed_neither_by_a_lever_nor_by_a_look", "a_redirect_shows_where_to_and_a_limit_how_long"],
    ),
    (
        "13 401 and 403: Rejected with a hint",
        &["every_status_says_how_the_act_ended", "unleash_flag_goes_off_for_services_and_on_again_real_servers"],
    ),
    ("14 404: Rejected", &["every_status_says_how_the_act_ended"]),
    (
        "15 conflict: Rejected, who changed it",
        &["a_conflict_names_who_changed_it_last", "a_change_in_between_is_a_conflict_with_the_object_that_names_who"],
    ),
    ("16 422: Rejected", &["every_status_says_how_the_act_ended"]),
    (
        "17 429: a lever waits for a person, a message sends itself again",
        &[
            "a_redirect_shows_where_to_and_a_limit_how_long",
            "a_receiver_that_wants_peace_is_left_in_peace_for_as_long_as_it_said",
        ],
    ),
    ("18 500, 502, 504: Unknown", &["every_status_says_how_the_act_ended"]),
    ("19 503: Unknown unless declared", &["every_status_says_how_the_act_ended", "a_status_declared_as_rejected_is"]),
    (
        "20 200 with an error in it: Unknown, or Rejected where a no is known",
        &["a_success_whose_body_says_otherwise_is_unknown", "a_no_inside_of_a_yes_is_rejected"],
    ),
    (
        "21 200 and the read-back differs: accepted, not effective",
        &["haproxy_map_moves_users_and_back_real_servers", "caddy_upstream_moves_users_and_back_real_servers"],
    ),
    (
        "22 a read-back that flaps: two agreeing looks in a row",
        &["a_read_back_that_flaps_never_agrees_and_two_looks_in_a_row_do"],
    ),
    (
        "23 garbage JSON, no UTF-8, a login page: no data",
        &["only_a_sound_answer_is_a_value", "bytes_that_are_no_text_and_values_that_would_be_cut_are_failures"],
    ),
    (
        "24 empty, NaN, a part of a series: no data, the hold pauses",
        &["every_shape_of_a_reading_is_told_apart", "a_stop_limit_that_cannot_be_judged_pauses_the_hold"],
    ),
    ("25 a time in the future or long past: no data", &["a_value_without_a_way_to_know_its_age_is_no_data"]),
    ("26 a million series: cut", &["an_endless_body_is_cut_at_the_cap"]),
    ("27 one lies green while another is red: the worst wins", &["the_worst_alert_is_acknowledged_first"]),
    ("28 Redis READONLY: Rejected", &["redis_answers_values_and_refusals_in_its_own_words"]),
    (
        "29 a write lost in a failover: the read-back regresses, alarm",
        &["a_pointer_that_reverts_raises_a_breach_with_both_values_and_starts_the_hold_again"],
    ),
    (
        "30 a program that hangs, forks or asks: killed with its group",
        &["at_the_deadline_the_whole_group_is_killed", "a_password_prompt_finds_no_terminal"],
    ),
    ("31 code 0 with complaints: shown, the read-back decides", &["exit_code_signal_and_complaints_are_told_apart"]),
    (
        "32 killed by a signal: Unknown",
        &["every_way_to_end_says_how_the_act_ended", "the_last_words_of_a_killed_program_are_told"],
    ),
    (
        "33 no kubectl, another context: told beforehand",
        &[
            "a_program_that_is_not_there_grounds_its_lever",
            "a_context_that_leads_elsewhere_sends_nothing_and_both_are_named",
        ],
    ),
    (
        "34 a DNS flip that is cached: set, propagating, until every resolver agrees",
        &[
            "a_cached_resolver_keeps_the_flip_propagating_until_its_ttl_has_run_real_servers",
            "a_resolver_that_keeps_the_old_name_for_too_long_is_named_real_servers",
            "a_read_back_through_two_probes_names_the_one_that_does_not_follow",
        ],
    ),
    (
        "35 Slack down: blocks no lever, queued and sent again",
        &["a_receiver_that_wants_peace_is_left_in_peace_for_as_long_as_it_said"],
    ),
];

#[test]
fn every_fault_of_a_backend_is_shown_by_tests_that_exist() {
    index::is_kept(FAULTS, 35);
}
