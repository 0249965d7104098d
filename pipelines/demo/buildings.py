"""The municipal buildings of the demo: what is booked there, and which meter counts their power."""

from dataclasses import dataclass

_NAMES = {
    "1103": (
        "Havørnhallen", "Lyngheia svømmehall", "Tangvalldalen skole",
        "Vindmølla kulturhus", "Måkeberget skole", "Steinrøysa idrettspark",
    ),
    "1108": (
        "Ullspinneriet kulturhus", "Blåklokkehallen", "Øvre Torvmyra skole",
        "Leirkrukka svømmehall", "Bekkefaret skole", "Rognebærhallen",
    ),
}  # fmt: skip
_POOL = "svømmehall"


@dataclass(frozen=True, slots=True)
class Building:
    """A municipal building."""

    number: str
    name: str
    meter: str
    is_pool: bool


def buildings(municipality: str) -> tuple[Building, ...]:
    """The buildings of Stavanger or of Sandnes."""
    return tuple(
        Building(
            number=f"{municipality[2:]}{position:02d}",
            name=name,
            meter=f"7070575{municipality}{position:07d}",
            is_pool=_POOL in name,
        )
        for position, name in enumerate(_NAMES[municipality], 10)
    )
