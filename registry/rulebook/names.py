"""How facts are said to a reader: each field and number that a finding names, with its unit.

A test reads the rules' source and refuses a name that is missing here.
"""

from collections.abc import Mapping

_T = "t"
_T_CO2E = "t CO2e"
_INTENSITY = "t CO2e/t"
_MWH = "MWh"

_NAMES: Mapping[str, str | tuple[str, str]] = {
    # Unit, product, site
    "functional_unit": "the functional unit",
    "product": "the product",
    "measured_site": "the site that the figures are of",
    "site": "the site",
    "sites": "sites",
    "country": "the country of the site",
    "route": "the production route",
    "started_on": "the start of operation",
    "new_bf_bof_from": "start of operation refused from",
    "last_year": "last year of issuance",
    "fe_metallic_share": "the metallic iron content (Fe)",
    "fe_total_share": "the total iron content (Fe)",
    "fe_share": "iron content (Fe)",
    "least": "least share allowed",
    # Thresholds
    "site_intensity": ("the site's average intensity", _INTENSITY),
    "intensity": ("the product's intensity", _INTENSITY),
    "verified_intensity": ("the intensity that the auditor verified", _INTENSITY),
    "scrap_share": "the scrap share of metallic input",
    "limit": "limit",
    "level": "level",
    "DPL1": ("limit of DPL1", _INTENSITY),
    "DPL2": ("limit of DPL2", _INTENSITY),
    "DPL3": ("limit of DPL3", _INTENSITY),
    "DPL4": ("limit of DPL4", _INTENSITY),
    "preferred_claimed": "the SSBP-preferred tag",
    # Technology
    "technology": "the site's technology",
    "capture_points": "the capture points",
    "captured": "where captured CO2 goes",
    "captured_share": "captured share at the point that emits most",
    "share": "share of the captured CO2",
    "storage_contracted_on": "the start of the contract on transport and storage",
    "operational": "transport and storage in operation since",
    "contracted": "transport and storage contracted since",
    "leakage_detection": "the detection of leaks",
    "co2_leaked_share": "the share of transported CO2 that leaks",
    "leaked_share": "share of transported CO2 that leaks",
    "feedstocks": "the biomass feedstocks",
    "natural_gas_used": "whether natural gas is used",
    "methane_leakage_share": "the methane leakage of the gas",
    "leakage_share": "methane leakage of the gas",
    "hydrogen_reduction_share": "hydrogen's share of the energy for reduction",
    "hydrogen_heat_share": "hydrogen's share of the energy for heat",
    "bioenergy_reduction_share": "bioenergy's share of the energy for reduction",
    "bioenergy_heat_share": "bioenergy's share of the energy for heat",
    "renewable_electricity_share": "the renewable share of the site's electricity",
    "labels": "the abatement labels",
    "earned": "labels earned",
    "declared": "declared",
    # Additionality and contract
    "additionality": "the additionality declaration",
    "determined_on": "the day additionality was determined",
    "applied_on": "the day of the application",
    "obligations": "the legal obligations",
    "none_apply": "why no obligation applies",
    "financial": "financial additionality",
    "common_practice": "common-practice additionality",
    "agreement": "the agreement",
    "executed_on": "the day the agreement was signed",
    "criteria": "the buyers' own criteria",
    "met": "criteria met",
    "end_use": "the end use of the physical metal",
    # Baseline
    "baseline": "the baseline",
    "baseline_intensity": ("the baseline's intensity", _INTENSITY),
    "baseline_reason": "why this baseline is taken",
    "baseline_scrap": "the scrap share of the baseline",
    "baseline_source": "the source of the baseline",
    "asset_baselines": "asset baselines on file",
    "cbam_default": ("the CBAM default value", _INTENSITY),
    "boundary_mining": "the comparison with the EPD on upstream mining",
    "boundary_methane": "the comparison with the EPD on methane leakage",
    "boundary_process_gas": "the comparison with the EPD on process gas",
    "checked": "differences checked",
    "primary": ("value of the primary point", _INTENSITY),
    "primary_intensity": ("the value of the primary point", _INTENSITY),
    "primary_scrap_share": "the scrap share of the primary point",
    "primary_region": "the region of the primary point",
    "primary_year": "the year of the primary point",
    "primary_source": "the source of the primary point",
    "secondary": ("value of the secondary point", _INTENSITY),
    "secondary_intensity": ("the value of the secondary point", _INTENSITY),
    "secondary_scrap_share": "the scrap share of the secondary point",
    "secondary_region": "the region of the secondary point",
    "secondary_year": "the year of the secondary point",
    "secondary_source": "the source of the secondary point",
    "read": ("value read from the scale", _INTENSITY),
    "adjusted_intensity": ("the scrap-adjusted intensity", _INTENSITY),
    "adjusted": ("intensity adjusted for scrap", _INTENSITY),
    "recorded": ("adjusted intensity recorded", _INTENSITY),
    "gap": "gap of the scrap shares",
    "gradient": ("gradient of the level", _INTENSITY),
    # Measurement
    "measurement": "the measurement",
    "scheme": "the method of measurement",
    "scheme_figure": ("the other scheme's figure", _INTENSITY),
    "conversion": "the conversion from the other scheme",
    "figure": ("figure converted", _INTENSITY),
    "result": ("result of the conversion", _INTENSITY),
    "steps": "steps of the conversion",
    "evidence": "files of evidence",
    "data_start": "the first day of activity data",
    "data_end": "the last day of activity data",
    "days": "days of activity data",
    "covers": "the elements of the boundary",
    "ends_at": "where the boundary ends",
    "emissions": ("the emission lines", _T_CO2E),
    "scope_1": ("scope 1", _T_CO2E),
    "scope_2": ("scope 2", _T_CO2E),
    "scope_3": ("scope 3", _T_CO2E),
    "credit": ("credits", _T_CO2E),
    "credits": "number of credits",
    "computed": "computed from the lines",
    "site_emissions": ("emissions of the site", _T_CO2E),
    "output_tonnes": ("the output over the same period", _T),
    "metals": "the metallic inputs",
    "metallic_share": "the metallic fraction",
    "primary_metal": ("primary metal", _T),
    "scrap_metal": ("scrap metal", _T),
    "allocated_emissions": ("emissions allocated to co-products", _T_CO2E),
    "electricity_basis": "the basis of electricity",
    "electricity_mwh": ("the electricity used", _MWH),
    "instruments_mwh": ("the electricity that instruments cover", _MWH),
    "crude_figure": ("the crude-level figure", _INTENSITY),
    "is_segregated": "the separate calculation of iron",
    "process_gas": "the treatment of process gas",
    "iron_emissions": ("emissions of ironmaking", _T_CO2E),
    "whole_site_emissions": ("the emissions of the whole site", _T_CO2E),
    # Allocation of green iron
    "allocation": "the allocation of green iron",
    "iron": "the iron allocated",
    "iron_tonnes": ("the tonnes of iron", _T),
    "iron_intensity": ("the intensity of the iron", _INTENSITY),
    "iron_drawn": ("iron that steel was allocated from", _T),
    "drawn": ("already drawn by other steel", _T),
    "drawn_tonnes": ("the iron that other steel drew", _T),
    "issued_tonnes": ("the iron that units stand for", _T),
    "left": ("left", _T),
    "room": ("units still possible", _T),
    "yield_share": "the yield of steel from metal",
    "reported": "the products reported",
    "reported_tonnes": ("the tonnes of a reported product", _T),
    "reported_intensity": ("the intensity of a reported product", _INTENSITY),
    "green_intensity": ("intensity of green steel", _INTENSITY),
    "green_metal": ("metal in the green iron", _T),
    "conventional_intensity": ("intensity of conventional steel", _INTENSITY),
    "processing_intensity": ("intensity of processing", _INTENSITY),
    # Verification and pathway
    "auditor": "the auditor",
    "attested_on": "the day of the attestation",
    "review": "the checklist of the audit",
    "reviewed_on": "the last day of the review",
    "reviewed_self_assessment": "the review of the self-assessment",
    "reviewed_evidence": "the review of the evidence",
    "confirms_threshold": "the confirmation of the threshold",
    "confirms_route": "the confirmation of the route",
    "confirms_additionality": "the confirmation of additionality",
    "covers_transactions": "the audit of transactions",
    "deliveries_until": "the last day of deliveries audited",
    "signed_on": "the day the audit was signed",
    "first_data_on": "the first day of verifiable data",
    "self_assessed_on": "the day of the self-assessment",
    "principle_10": "the excerpts of Principle 10",
    "progress": "the progress to certification",
    "certificates": "the site's certificates",
    "ex_ante": "the ex-ante audit",
    "starts_on": "the first day of the contract's term",
    "ends_on": "the last day of the contract's term",
    "recurrence": "how often the offtake is verified",
    "recurring_due": "recurring verification due by",
    "unconfirmed_end": "the end of the oldest period not confirmed",
    "due": "due by",
    # Issuance
    "tonnes": ("the tonnes", _T),
    "period_start": "the first day of production",
    "period_end": "the last day of production",
    "delivered_tonnes": ("the delivered tonnage", _T),
    "delivered_on": "the day of the last delivery",
    "delivery_proofs": "proofs of delivery",
    "offtake_share": "the contracted share",
    "agreement_room": ("units still possible under the agreement", _T),
    "issued_before": "what was issued before",
    "late_reason": "the reason for being late",
    "on": "judged on",
    "given": "fields given",
    "required": "fields required",
    "elsewhere": "what other registries issued",
    "units_here": ("units here", _T),
    "units_elsewhere": ("units elsewhere", _T),
    # The public record (6.2)
    "issue_date": "the day of issuance",
    "producer": "the producer",
    "location": "the production site",
    "vintage": "the production period",
    "delivery_date": "the day of delivery",
    "delivery_proof": "the proof of sale or delivery",
    "certification": "the certification or method",
    "methodology": "the certification or method",
    "abatement": "the abatement technology",
    "abatement_details": "the details of the abatement technology",
    "epd": "the EPD or LCA",
    "epd_verifier": "the verifier of the EPD or LCA",
    # Physical recipients
    "notices": "delivery notices",
    "disclosures": "public statements",
    "reference": "the reference",
    "default_factor": ("the default factor", _INTENSITY),
    "disclosed_intensity": ("the disclosed intensity", _INTENSITY),
    "made_on": "the day of the statement",
    "updated_on": "updated on",
    "due_on": "due on",
    "wrong": "wrong",
    "without_notice": "without a notice",
    "without_undertaking": "without an undertaking",
    # Units, transfers, retirement
    "units": "the units",
    "requested": ("the units asked for", _T),
    "available": ("units available", _T),
    "issuance": "the issuance",
    "issuances": "issuances",
    "copy": "the copy",
    "expires_on": "the last day of use",
    "entity": "the entity that retires",
    "by_organisation": "the organisation that acts",
    "organisation": "the organisation",
    "to_organisation": "the recipient",
    "to_account": "the account of the recipient",
    "surrendered": "the surrender of the right to claim",
    "onward_transfer": "onward transfer number",
    "onward_transfers": "onward transfers so far",
    "transfers_allowed": "onward transfers allowed",
    "recent_transfers": "transfers of late",
    "recent_sales": "sales of late",
    "changed": "units that changed",
    "window_start": "the first day of the window",
    "window_end": "the last day of the window",
    # Co-claims
    "agreed": "agreed",
    "claim_limit": "most claims on a unit",
    "claims": "claims",
    "claims_agreed": "the number of claims agreed",
    "claimants": "claimants",
    "co_claimed": ("units co-claimed", _T),
    "chain": "the end-use chain",
    "layer": "the layer of the value chain",
    "layers": "layers of the value chain",
    "extent_share": "the part that a seat may claim",
    "missing": "missing",
    "reserved": "seats reserved",
    "responsible": "who is responsible",
    "seats": "the seats",
    "units_issued": ("units issued under the agreement", _T),
    # Claims and statements
    "lines": "the inventory lines",
    "method": "the accounting method",
    "claim_type": "the kind of claim",
    "audience": "the audience",
    "jurisdictions": "the jurisdictions",
    "text": "the wording",
    "categories": "the categories",
    "cap": "the cap",
    "volume": ("tonnes substituted", _T),
    "most": "at most",
    "net_intensity": ("intensity after substitution", _INTENSITY),
    "unit_intensity": ("intensity of the units", _INTENSITY),
    "physical_emissions": ("physical emissions", _T_CO2E),
    "adjusted_emissions": ("adjusted emissions", _T_CO2E),
    "estimated_tonnes": ("tonnes estimated from spend", _T),
    "tonnes_left": ("tonnes left on the lines", _T),
    "tonnes_left_whole": ("whole tonnes left on the lines", _T),
    "iron_tonnes_left": ("tonnes of iron left on the lines", _T),
}


def name_of(fact: str) -> str:
    """A fact's name in a sentence, as "Give … ."; its code name's words where it has none."""
    return _entry(fact)[0]


def caption_of(fact: str) -> str:
    """The same as a caption: without an article, beginning with a capital."""
    text = name_of(fact).removeprefix("the ")
    return text[:1].upper() + text[1:]


def with_unit(fact: str, value: str) -> str:
    """A number that a rule saw, with its unit."""
    unit = _entry(fact)[1]
    return f"{value} {unit}" if unit else value


def unit_of(fact: str) -> str:
    """Empty for a share, a date, a word or a count."""
    return _entry(fact)[1]


def counted(number: int, noun: str) -> str:
    """A number of things in words: "1 line", "2 lines", "1 whole unit"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def is_named(fact: str) -> bool:
    return fact in _NAMES


def _entry(fact: str) -> tuple[str, str]:
    entry = _NAMES.get(fact, fact.replace("_", " "))
    return (entry, "") if isinstance(entry, str) else entry
