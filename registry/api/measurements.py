"""The measurement of a production and the green iron in its steel."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import NotVisible
from accounts.rest.schema import operation
from registry.api.measurement_shapes import (
    AllocationSerializer,
    MeasurementSerializer,
    allocation_shown,
    measurement_shown,
)
from registry.api.production_shapes import ProductionSerializer
from registry.api.productions import ProductionEndpoint
from registry.services.measurements import save_allocation, save_measurement


class ProductionMeasurement(ProductionEndpoint):
    @operation("read_measurement", answer=MeasurementSerializer)
    def get(self, request: Request, id: Any) -> Response:
        """The measurement as it was saved."""
        return Response(there(measurement_shown(self.own(id)), "measurement"))

    @operation(
        "save_measurement",
        given=MeasurementSerializer,
        answer=ProductionSerializer,
        example={
            "scheme": "responsiblesteel",
            "data_start": "2025-01-01",
            "data_end": "2025-12-31",
            "output_tonnes": "10000",
            "covers": ["ore_mining", "transport"],
            "ends_at": "first_iron_product",
            "electricity_basis": "location",
            "allocated_emissions": "0",
            "lines": [{"part": "scope_1", "item": "reductants", "quantity": "4000"}],
        },
    )
    def put(self, request: Request, id: Any) -> Response:
        """Replace the measurement of a draft or returned application.

        The site's average, the product's figure and the scrap share follow from its lines.
        """
        production = self.own(id)
        values = self.given(MeasurementSerializer)
        lines, steps = values.pop("lines"), values.pop("steps", [])
        return self.write(
            save_measurement,
            shown=lambda _saved: self.shown(production),
            production=production,
            values=values,
            lines=lines,
            steps=steps,
        )


class ProductionAllocation(ProductionEndpoint):
    @operation("read_allocation", answer=AllocationSerializer)
    def get(self, request: Request, id: Any) -> Response:
        """The green iron allocated to a production's steel."""
        return Response(there(allocation_shown(self.own(id)), "allocation"))

    @operation(
        "save_allocation",
        given=AllocationSerializer,
        answer=ProductionSerializer,
        example={"lots": []},
    )
    def put(self, request: Request, id: Any) -> Response:
        """Replace the allocation of a draft or returned application; no lots remove it."""
        production = self.own(id)
        values = self.given(AllocationSerializer)
        lots = [
            {
                **lot,
                "is_green": "yes" if lot.get("is_green") else "no",
                "production": str(lot.get("production") or ""),
            }
            for lot in values["lots"]
        ]
        return self.write(
            save_allocation,
            shown=self.shown,
            production=production,
            lots=lots,
            yield_share=values.get("yield_share"),
        )


def there(found: Any, what: str) -> Any:
    if found is None:
        raise NotVisible(f"This production has no {what}.")
    return found
