"""What a claimant does in a browser, step by step. The journey from furnace to claim ends in it.

start_inventory(page, "Iron and steel", start, end)
add_line(page, "Castings", material="Iron", tonnes="1000", factor="1.9")
open_claim(page, "Castings", "250 t of direct reduced iron", method="Direct substitution")
align(page)
show_claim(page)
make_claim(page, "250 t")
publish(page)
"""

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def start_inventory(page: "Page", name: str, start: date, end: date) -> None:
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Inventories").click()
    page.get_by_role("link", name="Start an inventory").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("First day of the reporting period").fill(start.isoformat())
    page.get_by_label("Last day of the reporting period").fill(end.isoformat())
    page.get_by_role("button", name="Start it").click()
    page.get_by_role("heading", name=name).wait_for()


def add_line(
    page: "Page",
    name: str,
    *,
    category: str = "scope_3_1",
    material: str = "Steel",
    product_type: str = "Neither, or not known",
    tonnes: str,
    factor: str,
) -> None:
    page.get_by_role("link", name="Add a line").click()
    page.locator("#id_name").fill(name)
    page.get_by_label("Category").select_option(category)
    page.get_by_label(material, exact=True).check()
    page.get_by_label(product_type).check()
    page.get_by_label("Physical tonnes").fill(tonnes)
    page.get_by_role("textbox", name="Emission factor (optional)").fill(factor)
    page.get_by_label("Source of the factor").fill("Supplier data")
    page.get_by_role("button", name="Add the line").click()
    page.get_by_text(f"The line “{name}” is added.").wait_for()


def open_claim(page: "Page", line: str, units: str, *, method: str) -> None:
    """Choose the line, the run of retired units and the method; nothing is shown yet."""
    page.get_by_role("link", name="Make a claim").click()
    page.get_by_label(line).check()
    page.get_by_label(units).check()
    page.get_by_role("radio", name=method).check()


def align(page: "Page") -> None:
    """Three times yes to what direct substitution asks."""
    for question in ("Is the emission factor", "Do factor and units cover", "Are lines and units"):
        page.get_by_role("group", name=question).get_by_label("Yes").check()


def show_claim(page: "Page") -> None:
    page.get_by_role("button", name="Show what the claim would be").click()
    page.get_by_role("heading", name="What the claim would be").wait_for()


def make_claim(page: "Page", volume: str) -> None:
    page.get_by_role("button", name="Make this claim").click()
    page.get_by_role("heading", name=f"{volume} claimed").wait_for()


def publish(page: "Page") -> None:
    """With the words that the form proposes; ends on the public page."""
    page.get_by_role("link", name="Publish a statement").click()
    page.get_by_role("button", name="Publish the statement").click()
    page.wait_for_url("**/register/statements/*/")
