from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from pipelines.demo.bookings import Booking, bookings, planting

CITY = pytest.mark.parametrize("municipality", ["1103", "1108"])


def starts(booking: Booking) -> datetime:
    return datetime.fromisoformat(str(booking.record["from_"]))


def ends(booking: Booking) -> datetime:
    return datetime.fromisoformat(str(booking.record["to_"]))


@CITY
def test_faults_are_as_planted(municipality: str) -> None:
    shown, planted = bookings(municipality, 1), planting(municipality, 1)
    assert len(shown) == planted.rows
    assert sum(ends(b) <= starts(b) for b in shown) == planted.contradictions == 2
    assert sum(b.record["building_id"] is None for b in shown) == planted.missing == 1
    numbers = [str(number) for b in shown if (number := b.record.get("customer_ssn"))]
    assert Counter(map(len, numbers))[10] == planted.broken == 2
    assert {int(number[2:4]) for number in numbers} <= set(range(81, 93))


@CITY
def test_the_second_wave_cancels_and_prolongs(municipality: str) -> None:
    pairs = zip(bookings(municipality, 1), bookings(municipality, 2), strict=True)
    changed = [(before, now) for before, now in pairs if before.record != now.record]
    assert len(changed) == planting(municipality, 2).updates == 5
    assert sum(now.record["active"] == 0 for _, now in changed) == 3
    assert all(starts(before) == starts(now) for before, now in changed)


@CITY
def test_persons_are_as_planted(municipality: str) -> None:
    phones = {b.record.get("contact_phone") for b in bookings(municipality, 1)} - {None}
    assert len(phones) == planting(municipality, 1).persons


@CITY
def test_two_events_hold_the_same_room_at_the_same_time(municipality: str) -> None:
    taken = Counter(
        (b.record["resource_id"], b.record["from_"])
        for b in bookings(municipality, 1)
        if b.record["type"] == "event"
    )
    assert sum(count > 1 for count in taken.values()) == 2


@CITY
def test_a_booking_across_the_repeated_hour_ends_at_the_same_clock(municipality: str) -> None:
    night = [b for b in bookings(municipality, 1) if b.seed.twice]
    assert [str(b.record["from_"])[11:] for b in night] == ["02:30:00+02:00", "02:45:00+01:00"]
    assert all(ends(b) > starts(b) for b in night)
    assert len(night) == planting(municipality, 1).twice_hour


@CITY
def test_older_bookings_say_nothing_to_automation(municipality: str) -> None:
    words = Counter(b.record["skip_bas"] for b in bookings(municipality, 1))
    assert set(words) == {0, 1, None}
