"""The words of the facts: what a unit is of, the routes, the kinds of baseline, the stages."""

from enum import StrEnum


class FunctionalUnit(StrEnum):
    """What one unit is a tonne of (2.2)."""

    IRON = "iron"
    CRUDE_STEEL = "crude_steel"


class Route(StrEnum):
    """The production route of a site (3.2)."""

    BF_BOF = "bf_bof"
    BLAST_FURNACE = "blast_furnace"
    DRI = "dri"
    DRI_EAF = "dri_eaf"
    SCRAP_EAF = "scrap_eaf"
    ELECTROLYSIS = "electrolysis"
    OTHER = "other"


class BaselineKind(StrEnum):
    """Where a baseline comes from (4.1, 4.2)."""

    ASSET = "asset"
    REGIONAL = "regional"
    CBAM = "cbam"
    SLIDING_SCALE = "sliding_scale"
    ADJUSTED_EPD = "adjusted_epd"
    REFERENCE = "reference"
    """Shown in the library for comparison; no production may take it as its baseline."""


class Stage(StrEnum):
    """Whether a case is judged as an application or at the moment of issuance."""

    APPLICATION = "application"
    ISSUANCE = "issuance"
