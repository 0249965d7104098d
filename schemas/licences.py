"""The licences that a dataset may be released under, and how each is named and found."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.model import Bilingual


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: its SPDX name, its title, where its text stands, and what it asks of users."""

    name: str
    title: Bilingual
    url: Bilingual
    asks: Bilingual


LICENCES = {
    "NLOD_2_0": Licence(
        name="NLOD-2.0",
        title=Bilingual(
            nb="Norsk lisens for offentlige data (NLOD) 2.0",
            en="Norwegian Licence for Open Government Data (NLOD) 2.0",
        ),
        url=Bilingual(
            nb="https://data.norge.no/nlod/no/2.0", en="https://data.norge.no/nlod/en/2.0"
        ),
        asks=Bilingual(
            nb="Bruk dataene fritt, også kommersielt. Oppgi utgiveren som kilde.",
            en="Use the data freely, also commercially. Name the publisher as the source.",
        ),
    ),
    "CC_BY_4_0": Licence(
        name="CC-BY-4.0",
        title=Bilingual(
            nb="Creative Commons Navngivelse 4.0 Internasjonal (CC BY 4.0)",
            en="Creative Commons Attribution 4.0 International (CC BY 4.0)",
        ),
        url=Bilingual(
            nb="https://creativecommons.org/licenses/by/4.0/deed.no",
            en="https://creativecommons.org/licenses/by/4.0/",
        ),
        asks=Bilingual(
            nb="Bruk dataene fritt, også kommersielt. Oppgi utgiveren og lisensen, og si fra om "
            "endringer du har gjort.",
            en="Use the data freely, also commercially. Name the publisher and the licence, and "
            "say what you changed.",
        ),
    ),
    "CC0_1_0": Licence(
        name="CC0-1.0",
        title=Bilingual(
            nb="Creative Commons CC0 1.0 Fristatus-erklæring",
            en="Creative Commons CC0 1.0 Public Domain Dedication",
        ),
        url=Bilingual(
            nb="https://creativecommons.org/publicdomain/zero/1.0/deed.no",
            en="https://creativecommons.org/publicdomain/zero/1.0/",
        ),
        asks=Bilingual(
            nb="Bruk dataene fritt, uten vilkår.", en="Use the data freely, without conditions."
        ),
    ),
}
