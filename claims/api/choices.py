"""The words that a field may hold. The settings name each set in the interface's description."""

from claims.accounting.acceptance import STATUSES
from claims.accounting.categories import CATEGORIES
from claims.accounting.facts import Cap, DataTier, Material, Method, ProductType, Verified
from claims.accounting.programme import BARRIERS, TIERS
from claims.accounting.spend import Estimation
from claims.accounting.tree import QUESTIONS as _QUESTIONS
from claims.accounting.wording import AUDIENCES as _AUDIENCES
from claims.accounting.wording import JURISDICTIONS as _JURISDICTIONS
from claims.models import Job, LineImport
from claims.transitions import JobState, PendingState

INVENTORY_CATEGORIES = list(CATEGORIES)
MATERIALS = [material.value for material in Material]
PRODUCT_TYPES = [kind.value for kind in ProductType]
METHODS = [method.value for method in Method]
CAPS = [cap.value for cap in Cap]
DATA_TIERS = [tier.value for tier in DataTier]
VERIFIED = [answer.value for answer in Verified]
ESTIMATIONS = [method.value for method in Estimation]
IMPORT_MODES = list(LineImport.Mode.values)
IMPORT_STATES = list(LineImport.State.values)
QUESTIONS = list(_QUESTIONS)
AUDIENCES = list(_AUDIENCES)
JURISDICTIONS = list(_JURISDICTIONS)
SBTI_TIERS = list(TIERS)
SBTI_BARRIERS = list(BARRIERS)
ACCEPTANCE_STATES = list(STATUSES)
PENDING_STATES = [state.value for state in PendingState]
JOB_KINDS = list(Job.Kind.values)
JOB_STATES = [state.value for state in JobState]
