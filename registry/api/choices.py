"""The words that a field may hold. The settings name each set in the interface's description."""

from accounts.roles import Role
from registry.models import (
    AgreementCriterion,
    AgreementRights,
    AuditFinding,
    Disclosure,
    Evidence,
    PolicyChange,
    Verification,
)
from registry.models.audit import Scope
from registry.models.ledger import HoldingState
from registry.rulebook.facts import (
    BaselineKind,
    Basis,
    Biomass,
    CertificateKind,
    Destination,
    FunctionalUnit,
    Label,
    ObligationKind,
    Recurrence,
    Route,
    Surplus,
)
from registry.transitions import (
    CoClaimState,
    ExAnteState,
    NoticeState,
    PolicyState,
    ProductionState,
    RetirementState,
    SeatState,
    SuspensionState,
    TransferState,
)

FUNCTIONAL_UNITS = [unit.value for unit in FunctionalUnit]
ROUTES = [route.value for route in Route]
BASELINE_KINDS = [kind.value for kind in BaselineKind]
OWN_BASELINE_KINDS = [kind for kind in BASELINE_KINDS if kind != BaselineKind.REFERENCE]
GAS_BASES = ["CO2e", "CO2"]
EVIDENCE_KINDS = [str(kind) for kind in Evidence.Kind.values]
PRODUCTION_STATES = [state.value for state in ProductionState]
VERIFICATION_STATES = [str(state) for state in Verification.State.values]
TRANSFER_STATES = [state.value for state in TransferState]
RETIREMENT_STATES = [state.value for state in RetirementState]
NOTICE_STATES = [state.value for state in NoticeState]
DISCLOSURE_KINDS = [str(kind) for kind in Disclosure.Kind.values]
HOLDING_STATES = [str(state) for state in HoldingState.values]
CO_CLAIM_STATES = [state.value for state in CoClaimState]
SUSPENSION_STATES = [state.value for state in SuspensionState]
SEAT_STATES = [state.value for state in SeatState]
POLICY_STATES = [state.value for state in PolicyState]
POLICY_KINDS = [str(kind) for kind in PolicyChange.Kind.values]
TRANSFER_TO = [str(each) for each in AgreementRights.TransferTo.values]
HOLDER_ROLES = sorted(role.value for role in Role if role not in (Role.AUDITOR, Role.OPERATOR))
LABELS = [label.value for label in Label]
DESTINATIONS = [each.value for each in Destination]
BIOMASS = [each.value for each in Biomass]
OBLIGATION_KINDS = [kind.value for kind in ObligationKind]
SURPLUSES = [surplus.value for surplus in Surplus]
CRITERION_KINDS = [str(kind) for kind in AgreementCriterion.Kind.values]
CERTIFICATE_KINDS = [kind.value for kind in CertificateKind]
EX_ANTE_STATES = [state.value for state in ExAnteState]
RECURRENCES = [each.value for each in Recurrence]
BASES = [basis.value for basis in Basis]
SCOPES = [str(scope) for scope in Scope.values]
RESPONSES = [str(response) for response in AuditFinding.Response.values]
