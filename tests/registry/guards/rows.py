"""A row for each constraint that it alone refuses, and for each trigger one that it protects."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

_ONE, _TWO = "00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"
_BACKWARDS = {"period_start": "2025-02-01", "period_end": "2025-01-31"}
_LAPSED = {"valid_from": "2025-02-01", "valid_until": "2025-01-31"}
_NOON = "2026-01-01T12:00Z"

_NEGATIVE: list[Row] = [{"tonnes": -1}, {"stated_emissions": -1}, {"spend": -1}]
_TWO_WAYS: list[Row] = [
    {},
    {"tonnes": 1},
    {"tonnes": 1, "factor_intensity": 1, "stated_emissions": 1},
]

# (table, constraint): rows that it refuses.
REFUSED: dict[tuple[str, str], list[Row]] = {
    ("accounts_accountblock", "somebody_lifts_a_block"): [
        {"lifted_at": _NOON},
        {"lifted_by_id": _ONE},
    ],
    ("claims_assurance", "an_opinion_names_who_and_when"): [{"state": "given", "opinion": ""}],
    ("claims_claimedrange", "a_claimed_range_is_a_real_range_from_one_up"): [
        {"serials": each} for each in ("empty", "[0,5]", "(,5]", "[5,)")
    ],
    ("claims_inventory", "a_reporting_period_does_not_end_before_it_starts"): [_BACKWARDS],
    ("claims_importedline", "importedline_has_emissions_in_one_way"): _TWO_WAYS,
    ("claims_importedline", "importedline_is_not_negative"): _NEGATIVE,
    ("claims_inventoryline", "inventoryline_has_emissions_in_one_way"): _TWO_WAYS,
    ("claims_inventoryline", "inventoryline_is_not_negative"): _NEGATIVE,
    ("claims_pendingclaim", "a_pending_claim_that_was_made_names_its_claim"): [
        {"state": "made"},
        {"state": "waiting", "claim_id": _ONE},
    ],
    ("claims_statement", "a_published_statement_names_who_and_when"): [
        {"state": "published"},
        {"state": "superseded"},
    ],
    ("claims_statement", "a_submitted_statement_has_its_document"): [{"state": "submitted"}],
    ("registry_accreditation", "an_accreditation_does_not_end_before_it_starts"): [_LAPSED],
    ("registry_additionality", "additionality_is_of_an_agreement_or_a_production"): [
        {},
        {"agreement_id": _ONE, "production_id": _TWO},
    ],
    ("registry_adjustment", "a_shortfall_is_not_negative"): [{"shortfall": -1}],
    ("registry_adjustment", "two_people_adjust_an_issuance"): [
        {"state": "in_force"},
        {"state": "in_force", "proposed_by_id": _ONE, "decided_by_id": _ONE},
    ],
    ("registry_agreement", "an_agreement_has_one_to_three_claims"): [
        {"claims_agreed": 0},
        {"claims_agreed": 4},
    ],
    ("registry_agreementrights", "an_offtake_begins_before_it_ends"): [
        {"forward_from": "2025-02-01", "forward_until": "2025-01-31"}
    ],
    ("registry_agreementrights", "an_option_has_units_and_a_last_day"): [
        {"option_units": 1},
        {"option_until": "2025-01-31"},
        {"option_units": 0, "option_until": "2025-01-31"},
    ],
    ("registry_agreementrights", "roles_are_named_where_they_limit_transfers"): [
        {"transfer_to": "roles", "transfer_roles": []},
        {"transfer_to": "anyone", "transfer_roles": ["intermediary"]},
    ],
    ("registry_auditfinding", "a_contested_finding_has_a_reason"): [
        {"response": "contested", "reason": ""}
    ],
    ("registry_auditfinding", "a_finding_is_resolved_after_its_response"): [
        {"resolved_at": _NOON, "response": ""}
    ],
    ("registry_baseline", "a_baseline_is_one_value_or_two_points"): [{"kind": "sliding_scale"}],
    ("registry_cancellation", "a_cancellation_has_its_day"): [
        {"state": "cancelled"},
        {"state": "awaiting_approval", "cancelled_on": "2025-01-31"},
    ],
    ("registry_cancellation", "a_cancellation_says_why"): [{"reason": ""}],
    ("registry_cancellation", "nobody_approves_their_own_cancellation"): [
        {"state": "cancelled", "asked_by_id": _ONE, "decided_by_id": _ONE}
    ],
    ("registry_coclaimseat", "a_reserved_seat_has_no_holder_yet"): [
        {"state": "reserved", "account_id": _ONE},
        {"state": "reserved", "organisation_id": _ONE},
    ],
    ("registry_coclaimseat", "a_seat_is_held_in_an_account"): [
        {"state": "held"},
        {"state": "consented"},
    ],
    ("registry_coclaimseat", "a_seat_is_of_copy_one_to_three"): [{"copy": 0}, {"copy": 4}],
    ("registry_confirmation", "confirmed_units_lack_nothing"): [
        {"is_confirmed": True, "shortfall": 1}
    ],
    ("registry_confirmation", "the_shortfall_of_a_confirmation_is_not_negative"): [
        {"shortfall": -1}
    ],
    ("registry_coolingoff", "a_cooling_off_lasts_a_day_at_most"): [{"minutes": 1_441}],
    ("registry_deliverynotice", "an_undertaking_has_a_date_and_a_person"): [
        {"state": "undertaken"},
        {"state": "undertaken", "undertaken_at": _NOON},
    ],
    ("registry_elsewhereissuance", "a_period_elsewhere_does_not_end_before_it_starts"): [
        _BACKWARDS
    ],
    ("registry_elsewhereissuance", "units_elsewhere_are_at_least_one"): [{"units": 0}],
    ("registry_elsewhereissuance", "units_elsewhere_name_their_site"): [{"identifier": ""}],
    ("registry_entry", "an_entry_is_a_real_range_from_one_up"): [
        {"serials": each} for each in ("empty", "[0,5]", "(,5]", "[5,)")
    ],
    ("registry_evidencerequest", "an_answer_names_who_and_when"): [
        {"answer": "Here."},
        {"answer": "", "answered_at": _NOON},
    ],
    ("registry_exanteaudit", "a_signed_ex_ante_audit_names_who_when_and_what"): [
        {"state": "signed"}
    ],
    ("registry_holding", "a_copy_is_one_two_or_three"): [{"copy": 0}, {"copy": 4}],
    ("registry_holding", "a_holding_has_a_known_state"): [{"state": "lent"}],
    ("registry_holding", "a_holding_is_a_real_range_from_one_up"): [
        {"serials": each} for each in ("empty", "[0,5]", "(,5]", "[5,)")
    ],
    ("registry_holding", "a_second_or_third_copy_has_a_layer"): [{"copy": 2}, {"copy": 3}],
    ("registry_holding", "an_order_has_units_only_while_it_holds_them"): [
        {"state": "active", "order": _ONE},
        *({"state": each} for each in ("reserved", "retiring", "suspended", "retired")),
    ],
    ("registry_holding", "only_a_reserved_seat_has_no_account"): [
        {"copy": 1, "state": "reserved"},
        {"copy": 2, "state": "active"},
    ],
    ("registry_ironlot", "iron_of_this_registry_names_its_production"): [{"origin": "here"}],
    ("registry_issuance", "an_issuance_code_is_capital_letters_and_digits"): [
        {"code": each} for each in ("", "abc", "A-1", "Ä")
    ],
    ("registry_issuance", "an_issuance_has_at_least_one_unit"): [{"quantity": 0}],
    ("registry_issuance", "units_do_not_outnumber_delivered_tonnes"): [
        {"quantity": 11, "delivered_tonnes": 10}
    ],
    ("registry_logleaf", "leaves_are_numbered_from_zero"): [{"number": -1}],
    ("registry_policychange", "a_trusted_account_is_another"): [
        {"kind": "trust", "account_id": _ONE, "other_id": _ONE},
        {"kind": "trust"},
        {"kind": "limits", "other_id": _ONE},
    ],
    ("registry_policychange", "nobody_approves_their_own_change_of_policy"): [
        {"state": "approved"},
        {"state": "approved", "proposed_by_id": _ONE, "decided_by_id": _ONE},
    ],
    ("registry_production", "a_production_period_does_not_end_before_it_starts"): [_BACKWARDS],
    ("registry_retirement", "a_retirement_is_for_a_whole_period_or_none"): [
        _BACKWARDS,
        {"period_end": "2025-01-31"},
    ],
    ("registry_retirementorder", "a_retirement_order_cools_off"): [
        {"ordered_at": _NOON, "due_at": _NOON}
    ],
    ("registry_sitecertificate", "a_certificate_does_not_end_before_it_starts"): [_LAPSED],
    ("registry_suspension", "a_suspension_has_one_scope"): [
        {"scope": "account"},
        {"scope": "account", "account_id": _ONE, "issuance_id": _ONE},
        {"scope": "ranges", "issuance_id": _ONE},
    ],
    ("registry_suspension", "two_people_begin_a_suspension"): [
        {"proposed_by_id": _ONE, "approved_by_id": _ONE}
    ],
    ("registry_suspension", "two_people_end_a_suspension"): [
        {"end_proposed_by_id": _ONE, "ended_by_id": _ONE}
    ],
    ("registry_transfer", "a_transfer_has_two_accounts"): [
        {"from_account_id": _ONE, "to_account_id": _ONE}
    ],
    ("registry_transfer", "a_transfer_surrenders_the_right_to_claim"): [{"surrendered": False}],
    ("registry_transfer", "nobody_approves_their_own_transfer"): [
        {"proposed_by_id": _ONE, "approved_by_id": _ONE}
    ],
    ("registry_verification", "a_signed_verification_names_who_and_when"): [{"state": "signed"}],
}

# (table, exclusion or partial index): two rows that it refuses together.
TOGETHER: dict[tuple[str, str], tuple[Row, Row]] = {
    ("accounts_accountblock", "an_account_is_blocked_once_at_a_time"): (
        {"account_id": _ONE},
        {"account_id": _ONE},
    ),
    ("claims_assurance", "a_statement_has_one_open_engagement"): (
        {"statement_id": _ONE, "state": "open"},
        {"statement_id": _ONE, "state": "open"},
    ),
    ("claims_job", "a_statement_is_made_by_one_job_at_a_time"): (
        {"statement_id": _ONE, "state": "waiting"},
        {"statement_id": _ONE, "state": "running"},
    ),
    ("claims_job", "one_wish_is_one_open_job"): (
        {
            "inventory_id": _ONE,
            "kind": "plan",
            "asked_by_id": _ONE,
            "asked_sha256": "a",
            "state": "waiting",
        },
        {
            "inventory_id": _ONE,
            "kind": "plan",
            "asked_by_id": _ONE,
            "asked_sha256": "a",
            "state": "running",
        },
    ),
    ("claims_pendingline", "a_line_waits_for_one_pending_claim"): (
        {"line_id": _ONE, "is_waiting": True},
        {"line_id": _ONE, "is_waiting": True},
    ),
    ("claims_statementfile", "a_file_supports_a_statement_once"): (
        {"statement_id": _ONE, "sha256": "a"},
        {"statement_id": _ONE, "sha256": "a"},
    ),
    ("claims_statement", "an_inventory_has_one_statement_in_preparation"): (
        {"inventory_id": _ONE, "state": "draft"},
        {"inventory_id": _ONE, "state": "assured"},
    ),
    ("claims_claimedrange", "no_tonne_has_two_claims_at_one_layer"): (
        {"issuance_id": _ONE, "copy": 1, "layer": 4, "serials": "[1,10]"},
        {"issuance_id": _ONE, "copy": 2, "layer": 4, "serials": "[10,20]"},
    ),
    ("claims_claimedrange", "no_unit_is_claimed_twice"): (
        {"issuance_id": _ONE, "copy": 1, "serials": "[1,10]"},
        {"issuance_id": _ONE, "copy": 1, "serials": "[10,20]"},
    ),
    ("registry_adjustment", "one_adjustment_at_a_time"): (
        {"issuance_id": _ONE, "state": "proposed"},
        {"issuance_id": _ONE, "state": "proposed"},
    ),
    ("registry_deliverynotice", "a_producer_gives_a_delivery_reference_once"): (
        {"producer_id": _ONE, "delivery_reference": "A 1", "state": "sent"},
        {"producer_id": _ONE, "delivery_reference": "A 1", "state": "undertaken"},
    ),
    ("registry_exanteaudit", "a_site_has_one_open_ex_ante_audit_of_a_unit"): (
        {"site_id": _ONE, "functional_unit": "iron", "state": "open"},
        {"site_id": _ONE, "functional_unit": "iron", "state": "open"},
    ),
    ("registry_holding", "no_tonne_is_claimed_twice_at_one_layer"): (
        {"issuance_id": _ONE, "copy": 1, "layer": 4, "serials": "[1,10]"},
        {"issuance_id": _ONE, "copy": 2, "layer": 4, "serials": "[10,20]"},
    ),
    ("registry_holding", "no_unit_is_in_two_places"): (
        {"issuance_id": _ONE, "copy": 1, "serials": "[1,10]"},
        {"issuance_id": _ONE, "copy": 1, "serials": "[10,20]"},
    ),
    ("registry_suspendedrange", "a_suspension_covers_a_tonne_once"): (
        {"issuance_id": _ONE, "suspension_id": _ONE, "serials": "[1,10]"},
        {"issuance_id": _ONE, "suspension_id": _ONE, "serials": "[10,20]"},
    ),
    ("registry_verification", "a_production_has_one_open_verification"): (
        {"production_id": _ONE, "state": "open"},
        {"production_id": _ONE, "state": "overdue"},
    ),
}

_BOTH = ("UPDATE {table} SET {change}", "DELETE FROM {table}")
_UPDATE, _DELETE, _TRUNCATE = _BOTH[:1], _BOTH[1:], ("TRUNCATE {table} CASCADE",)

# (table, trigger): a row that it protects, and what it refuses to do with it.
PROTECTED: dict[tuple[str, str], tuple[Row, tuple[str, ...]]] = {
    ("accounts_account", "an_account_is_never_deleted"): ({}, _DELETE),
    ("claims_assurance", "an_engagement_is_never_deleted"): ({}, _DELETE),
    ("claims_assurance", "an_opinion_never_changes"): ({"state": "given"}, _UPDATE),
    ("claims_claim", "a_claim_never_changes"): ({}, _BOTH),
    ("claims_claimpath", "the_path_of_a_claim_never_changes"): ({}, _BOTH),
    ("claims_pendingclaim", "a_pending_claim_is_never_deleted"): ({}, _DELETE),
    ("claims_pendingclaim", "a_pending_claim_that_ended_never_changes"): (
        {"state": "fallen"},
        _UPDATE,
    ),
    ("claims_pendingclaim", "what_a_pending_claim_says_stays"): ({}, _UPDATE),
    ("claims_statement", "a_statement_is_never_deleted"): ({}, _DELETE),
    ("claims_statementfile", "a_file_of_a_statement_never_changes"): ({}, _BOTH),
    ("claims_statementstep", "a_statements_steps_never_change"): ({}, _BOTH),
    ("registry_judgedcase", "a_judged_case_never_changes"): ({}, _BOTH),
    ("claims_claimedrange", "claimed_units_stay_claimed"): ({}, _BOTH),
    ("claims_claimshare", "the_shares_of_a_claim_never_change"): ({}, _BOTH),
    ("claims_statement", "a_statement_never_changes"): ({"state": "superseded"}, _UPDATE),
    ("registry_adjustment", "a_decided_adjustment_never_changes"): ({"state": "in_force"}, _UPDATE),
    ("registry_adjustment", "an_adjustment_is_never_deleted"): ({}, _DELETE),
    ("registry_agreement", "an_agreement_never_changes"): ({}, _BOTH),
    ("registry_agreementconfirmation", "a_confirmation_never_changes"): ({}, _BOTH),
    ("registry_agreementcriterion", "a_criterion_never_changes"): ({}, _BOTH),
    ("registry_agreementparty", "the_parties_of_an_agreement_never_change"): ({}, _BOTH),
    ("registry_agreementrights", "the_rights_of_an_agreement_never_change"): ({}, _BOTH),
    ("registry_agreementseat", "the_seats_of_an_agreement_never_change"): ({}, _BOTH),
    ("registry_cancellation", "a_cancellation_is_never_deleted"): ({}, _DELETE),
    ("registry_cancellation", "a_decided_cancellation_never_changes"): (
        {"state": "cancelled"},
        _UPDATE,
    ),
    ("registry_cancellation", "what_a_cancellation_says_stays"): ({}, _UPDATE),
    ("registry_cancellationline", "the_lines_of_a_cancellation_never_change"): ({}, _BOTH),
    ("registry_capturedfraction", "a_captured_fraction_never_changes"): ({}, _BOTH),
    ("registry_capturepoint", "a_capture_point_never_changes"): ({}, _BOTH),
    ("registry_coclaim", "a_closed_co_claim_never_changes"): ({"state": "executed"}, _UPDATE),
    ("registry_coclaim", "co_claims_stay"): ({}, _DELETE),
    ("registry_coclaimline", "the_lines_of_a_co_claim_never_change"): ({}, _BOTH),
    ("registry_coclaimseat", "a_held_seat_never_changes"): ({"state": "held"}, _UPDATE),
    ("registry_coclaimseat", "seats_stay"): ({}, _DELETE),
    ("registry_commercialterms", "commercial_terms_never_change"): ({}, _BOTH),
    ("registry_confirmation", "a_confirmation_never_changes"): ({}, _BOTH),
    ("registry_entry", "entries_are_never_changed"): ({}, _BOTH),
    ("registry_entry", "entries_are_never_truncated"): ({}, _TRUNCATE),
    ("registry_feedstock", "a_feedstock_never_changes"): ({}, _BOTH),
    ("registry_holding", "a_layer_once_set_stays"): (
        {"layer": 4},
        ("UPDATE {table} SET layer = 5",),
    ),
    ("registry_holding", "holdings_are_never_truncated"): ({}, _TRUNCATE),
    ("registry_holding", "retired_and_cancelled_units_never_move"): ({"state": "retired"}, _BOTH),
    ("registry_issuance", "an_issuance_never_changes"): ({}, _BOTH),
    ("registry_logcheckpoint", "checkpoints_are_never_changed"): ({}, _BOTH),
    ("registry_logcheckpoint", "checkpoints_are_never_truncated"): ({}, _TRUNCATE),
    ("registry_logleaf", "leaves_are_never_changed"): ({}, _BOTH),
    ("registry_logleaf", "leaves_are_never_truncated"): ({}, _TRUNCATE),
    ("registry_policychange", "a_decided_change_of_policy_never_changes"): (
        {"state": "approved"},
        _UPDATE,
    ),
    ("registry_policychange", "changes_of_policy_stay"): ({}, _DELETE),
    ("registry_retirement", "a_retirement_never_changes"): ({}, _BOTH),
    ("registry_retirementline", "the_lines_of_a_retirement_never_change"): ({}, _BOTH),
    ("registry_retirementorder", "a_retirement_order_is_never_deleted"): ({}, _DELETE),
    ("registry_retirementorder", "a_retirement_order_that_ended_never_changes"): (
        {"state": "retired"},
        _UPDATE,
    ),
    ("registry_retirementorder", "what_a_retirement_order_says_stays"): ({}, _UPDATE),
    ("registry_retirementorderline", "the_lines_of_a_retirement_order_never_change"): ({}, _BOTH),
    ("registry_sitetechnology", "a_technology_never_changes"): ({}, _BOTH),
    ("registry_suspendedrange", "what_a_suspension_covers_never_changes"): ({}, _BOTH),
    ("registry_suspension", "a_suspension_is_never_deleted"): ({}, _DELETE),
    ("registry_suspension", "a_suspension_that_ended_never_changes"): (
        {"state": "lifted"},
        _UPDATE,
    ),
    ("registry_suspension", "what_a_suspension_says_stays"): (
        {},
        ("UPDATE {table} SET reason = 'Another.'",),
    ),
    ("registry_transferline", "the_lines_of_a_transfer_never_change"): ({}, _BOTH),
}

# Tables whose history also says what was deleted.
DELETED = ["registry_elsewhereissuance", "registry_sitealias"]
