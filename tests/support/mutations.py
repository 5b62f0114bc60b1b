"""Valid JSON made wrong in places: what fuzzing sends to endpoints."""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

_NASTY: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**31,
    2**63,
    10**40,
    0.5,
    600.0,
    1e308,
    "",
    " ",
    "\x00",
    "\ud800",
    "NaN",
    "Infinity",
    "-0",
    "1e9",
    "0.1",
    "999999.999999",
    "9999-12-31",
    "1900-01-01",
    "2199-12-31",
    "2024-02-29",
    "AC-00000000",
    "%00",
    "'; DROP TABLE registry_holding; --",
    "‮" * 40,
    "x" * 20_001,
    [],
    {},
    [[]],
    [None],
    {"": ""},
)
values = st.one_of(
    st.sampled_from(_NASTY).map(deepcopy),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    ),
)


@st.composite
def mutated(draw: st.DrawFn, valid: Any) -> Any:
    """`valid` with one to three places replaced, removed or added; now and then anything."""
    if draw(st.integers(0, 9)) == 0:
        return draw(values)
    body = deepcopy(valid)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(body))
        holder, name = draw(st.sampled_from(places)) if places else (body, None)
        if name is None or draw(st.integers(0, 9)) == 0:
            if isinstance(holder, dict):
                holder[draw(st.text(max_size=10))] = draw(values)
        elif draw(st.integers(0, 4)) == 0:
            del holder[name]
        else:
            holder[name] = draw(values)
    return body


def _places(body: Any) -> Any:
    """Every (holder, name) in a JSON value."""
    if isinstance(body, dict | list):
        names = list(body) if isinstance(body, dict) else range(len(body))
        for name in names:
            yield body, name
            yield from _places(body[name])
