"""What the parameters of an edition are called where people read them. Code names stay in data.

A test refuses a parameter without a name here.
"""

from collections.abc import Mapping

_NAMES: Mapping[str, str] = {
    # Units and roles
    "iron_products": "Iron products",
    "steel_products": "Steel products",
    "iron_fe_basis": "Iron content that counts",
    "iron_fe_min_share": "Least iron content of iron",
    "intermediary_may_retire": "Intermediaries may retire units",
    "end_user_may_transfer": "End users may transfer units",
    "integrated_producer_iron": "Iron units of a steelmaker that also makes iron",
    # Thresholds
    "iron_limit_intensity": "Limit for iron",
    "iron_preferred_intensity": "SSBP-preferred limit for iron",
    "steel_levels": "Levels of steel (DPL1 to DPL4)",
    "steel_limit_level": "Level that steel must reach",
    "preferred_level": "Level tagged SSBP-preferred",
    # Routes and technology
    "advanced_economies": "Advanced economies",
    "bf_bof_last_year_advanced": "Last year of blast furnaces in advanced economies",
    "bf_bof_last_year_global": "Last year of blast furnaces anywhere",
    "bf_bof_routes": "Routes with a blast furnace",
    "new_bf_bof_from": "New blast furnaces are refused from",
    "biomass_eligible": "Biomass that is eligible",
    "biomass_refused": "Biomass that is refused",
    "capture_min_share": "Least share of CO2 captured",
    "ccu_counts_as_storage": "Use of captured CO2 counts as storage",
    "co2_leakage_max_share": "Most leakage of CO2 transported",
    "methane_limit_modality": "Force of the methane limit",
    "methane_max_share": "Most methane leakage",
    "label_capture_share": "Label of carbon capture, above",
    "label_electricity_share": "Label of renewable electricity, above",
    "label_heat_share": "Label of renewable heat, above",
    "label_reduction_share": "Label of renewable reduction, above",
    # Baselines
    "cbam_boundary_differences": "Differences of boundary to check with an EPD",
    "cbam_exempt_countries": "Countries without a CBAM baseline",
    "iron_baseline_kinds": "Kinds of baseline for iron, in order",
    "lca_average_kinds": "Baselines that are averages at one scrap share",
    "scrap_gap_basis": "How the gap of scrap shares is read",
    "scrap_gap_share": "Gap of scrap shares that is not adjusted",
    # Measurement
    "activity_data_months": "Months of activity data of a full year",
    "integrated_routes": "Routes with ironmaking and steelmaking at one site",
    "iron_boundary": "Boundary of iron",
    "iron_boundary_end": "Where the boundary of iron ends",
    "metallic_fractions": "Metallic fractions where none is measured",
    "native_schemes": "Schemes that need no conversion",
    "steel_boundary": "Boundary of crude steel",
    "steel_boundary_end": "Where the boundary of crude steel ends",
    # Verification and issuance
    "auditor_scopes": "Scopes that an auditor needs",
    "history_long_months": "A long production history, above",
    "history_short_months": "A short production history, below",
    "issuance_record_fields": "Fields of the public record",
    "provisional_issuance": "When provisional issuance is allowed",
    "provisional_may_retire": "Provisional units may be retired",
    "responsiblesteel_marks": "Phrases that claim a ResponsibleSteel mark",
    "verification_due_months": "Months until verification is due",
    # Transfers
    "frequency_months": "Months over which transfers are counted",
    "frequent_sales": "Transfers of one organisation, reported above",
    "frequent_transfers": "Transfers of one unit, reported above",
    "offer_days": "Days that an offer stands",
    "policy_delay_days": "Working days until an easier policy holds",
    "transfer_calendar": "Calendar of working days",
    # Retirement and claims
    "reporting_close_months": "Months after the last reporting period until units expire",
    "retirement_cooling_off_hours": "Longest cooling-off of a retirement",
    "vintage_window_months": "Months of the matching window",
    "claim_methods": "Accounting methods",
    "total_cap_reading": "Reading of the total-emissions cap",
    # Co-claims
    "claim_limit": "Most claims on a unit",
    "co_claim_days": "Days that a proposed co-claim waits",
    "co_claim_terms_required": "Terms of the contract are required",
    "value_chain_layers": "Layers of the value chain",
    # Disclosure
    "epd_rounding_intensity": "Rounding that an EPD may show",
    "epd_update_days": "Days until an EPD is updated",
}


def parameter_name(parameter: str) -> str:
    """As a caption; the words of its code name where it has none."""
    return _NAMES.get(parameter, parameter.replace("_", " ").capitalize())


def has_name(parameter: str) -> bool:
    return parameter in _NAMES
