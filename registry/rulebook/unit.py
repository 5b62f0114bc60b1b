"""Unit and scope (2.2, 3): what one unit is a tonne of, and of what. R001–R005."""

from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import FunctionalUnit, IssuanceCase
from registry.rulebook.figures import functional_unit
from registry.rulebook.findings import Verdict, failed, not_applicable, passed
from registry.rulebook.given import share_given, shown, whole_given, word_given
from registry.rulebook.names import counted


@rule("R001", section="2.2", modality="shall", subject=IssuanceCase)
def one_unit_is_one_tonne(case: IssuanceCase, edition: Edition) -> Verdict:
    """R001 (2.2): One unit is exactly one tonne, so units are whole and at least one."""
    tonnes = whole_given("tonnes", case.production.tonnes, "t", least=1)
    return passed(
        f"{counted(tonnes, 'unit')} of 1 t each",
        "whole tonnes, 1 or more",
        field="tonnes",
        tonnes=tonnes,
    )


@rule("R002", section="2.2", modality="shall", subject=IssuanceCase)
def functional_unit_is_iron_or_crude_steel(case: IssuanceCase, edition: Edition) -> Verdict:
    """R002 (2.2): The functional unit is iron or crude steel.

    Hot-rolled coil is a possible later unit (App. B) and is refused.
    """
    found = word_given("functional_unit", case.production.functional_unit)
    allowed = [str(each) for each in FunctionalUnit]
    if found in allowed:
        return passed(f"functional unit: {found}", " or ".join(allowed), field="functional_unit")
    return failed(
        f"functional unit: {found}",
        " or ".join(allowed),
        "Register iron or crude steel; hot-rolled products are a future unit (App. B).",
        field="functional_unit",
    )


@rule(
    "R003",
    section="2.2",
    modality="shall",
    subject=IssuanceCase,
    parameters=("iron_products", "steel_products"),
)
def product_belongs_to_its_unit(case: IssuanceCase, edition: Edition) -> Verdict:
    """R003 (2.2): The product is one that its functional unit covers."""
    is_iron = functional_unit(case) is FunctionalUnit.IRON
    products = edition.iron_products if is_iron else edition.steel_products
    product = word_given("product", case.production.product)
    found, allowed = f"product: {product}", ", ".join(products)
    if product in products:
        return passed(found, allowed, field="product")
    return failed(
        found,
        f"for {case.production.functional_unit}: {allowed}",
        "Choose one of these products, or another functional unit.",
        field="product",
    )


@rule(
    "R004",
    section="3.1",
    modality="shall",
    subject=IssuanceCase,
    parameters=("iron_fe_min_share", "iron_fe_basis"),
)
def iron_is_pure_enough(case: IssuanceCase, edition: Edition) -> Verdict:
    """R004 (3.1): Iron contains at least the given share of metallic Fe.

    The text says metallic, which excludes typical HBI; an edition may read total (AMB-1).
    """
    if functional_unit(case) is not FunctionalUnit.IRON:
        return not_applicable("Only iron has a minimum Fe content.")
    basis = edition.iron_fe_basis
    field = f"fe_{basis}_share"
    share = share_given(field, getattr(case.production, field))
    least = edition.iron_fe_min_share
    found, allowed = f"{basis} Fe {shown(share)}", f"at least {shown(least)}, {basis}"
    if share >= least:
        return passed(found, allowed, field=field, fe_share=share, least=least)
    hint = " The draft may have meant total Fe (AMB-1)." if basis == "metallic" else ""
    return failed(
        found,
        allowed,
        f"This product is not eligible under this edition's reading.{hint}",
        field=field,
        fe_share=share,
        least=least,
    )


@rule("R005", section="3", modality="shall", subject=IssuanceCase)
def figures_are_of_one_site(case: IssuanceCase, edition: Edition) -> Verdict:
    """R005 (3): Every criterion is evaluated on the site, not on a company or a product."""
    measured = word_given("measured_site", case.production.measured_site)
    site = word_given("site", case.site.code)
    if measured == site:
        return passed(f"figures of site {measured}", f"site {site}", field="measured_site")
    return failed(
        f"figures of {measured}",
        f"figures of site {site}, where the units come from",
        "Give the figures measured at this site; company averages do not count.",
        field="measured_site",
    )
