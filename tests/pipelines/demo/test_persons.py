from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from pipelines.demo.persons import SURNAMES, people, synthetic_number

CANARIES = Path(__file__).parents[3] / "deploy" / "demo" / "canaries.txt"

PEOPLE = people("1108", ("4306", "4313"), 300)
FIRST, SECOND = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def holds(number: str, weights: tuple[int, ...]) -> bool:
    return sum(int(d) * w for d, w in zip(number, weights, strict=False)) % 11 == 0


def test_every_number_is_synthetic_by_its_month() -> None:
    months = {int(person.national_id[2:4]) for person in PEOPLE}
    assert months <= set(range(81, 93))


def test_both_control_digits_hold() -> None:
    numbers = [person.national_id for person in PEOPLE]
    assert all(re.fullmatch(r"\d{11}", number) for number in numbers)
    assert all(holds(number, FIRST) and holds(number, SECOND) for number in numbers)


def test_a_number_worked_out_by_hand() -> None:
    # 158776000 weighs 203, 5 over 198, so 6; 1587760006 weighs 160, 6 over 154, so 5
    assert synthetic_number(dt.date(1976, 7, 15), 0) == "15877600065"


def test_the_individual_number_tells_the_century() -> None:
    old, young = (synthetic_number(dt.date(year, 3, 1), 0) for year in (1999, 2001))
    assert int(old[6:9]) < 500 <= int(young[6:9])


def test_nobody_shares_a_number() -> None:
    assert len({person.national_id for person in PEOPLE}) == len(PEOPLE)
    assert len({person.phone for person in PEOPLE}) == len(PEOPLE)


def test_telephone_numbers_lie_in_a_series_that_nobody_has() -> None:
    assert all(re.fullmatch(r"49\d{6}", person.phone) for person in PEOPLE)


def test_an_age_counts_whole_years() -> None:
    person = PEOPLE[0]
    birthday = person.born.replace(year=2020)
    assert person.age(birthday) == 2020 - person.born.year
    assert person.age(birthday - dt.timedelta(days=1)) == 2019 - person.born.year


def test_the_canaries_of_the_demo_are_its_surnames() -> None:
    lines = CANARIES.read_text(encoding="utf-8").splitlines()
    assert tuple(line for line in lines if not line.startswith("#")) == SURNAMES
