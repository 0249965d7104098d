from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import pytest

from connectors.dcat.quality import Score
from connectors.portal import Mark, Page, Places
from connectors.static_portal.dataset_page import dataset_page
from connectors.static_portal.map import BROAD_SHEET, SLIM_SHEET, Sheet, draw_map
from connectors.static_portal.map_labels import labels
from connectors.static_portal.map_words import map_words, open_map
from connectors.static_portal.projection import Projection
from schemas.model import Bilingual
from schemas.network import PortalSite
from tests.connectors.static_portal.shown import page, parking

VALBERGET = Mark(5.7331, 58.9717, 1, "Valberget", 120.0)
POSTEN = Mark(5.7341, 58.9691, 1, "Posten", 7.0)
FORUS = Mark(5.7241, 58.8865, 1, "Forus", 300.0)
SHEETS = pytest.mark.parametrize("sheet", [BROAD_SHEET, SLIM_SHEET])


def town(*marks: Mark) -> Places:
    return Places(marks or (VALBERGET, POSTEN, FORUS), parking().field("free_spaces"))


def page_text(told: Page) -> str:
    title = Bilingual(nb="Åpne data", en="Open data")
    site = PortalSite(root="unused", title=title, contact="data@example.no")
    return dataset_page(site, told, Score({}, 405), "nb").decode()


def crowd(count: int) -> Places:
    marks = [
        Mark(5.6 + 0.2 * (n * 0.618 % 1), 58.9 + 0.1 * n / count, 1 + n % 40, "", None)
        for n in range(count)
    ]
    return Places(tuple(marks), None)


@pytest.mark.parametrize(("longitude", "latitude"), [(5.7331, 58.9717), (31.0, 70.3), (9.0, 0.0)])
def test_a_point_in_metres_is_the_point_in_degrees(longitude: float, latitude: float) -> None:
    paper = Projection(12.0)
    back = paper.degrees(*paper.metres(longitude, latitude))
    assert back == pytest.approx((longitude, latitude))


def test_lengths_are_true_in_both_directions() -> None:
    paper = Projection(5.7)
    west, south = paper.metres(5.7, 58.9)
    east, _ = paper.metres(5.8, 58.9)
    _, north = paper.metres(5.7, 59.0)
    assert east - west == pytest.approx(5_765, rel=0.005)
    assert north - south == pytest.approx(11_139, rel=0.005)


@SHEETS
def test_north_is_up_and_every_mark_is_within_the_frame(sheet: Sheet) -> None:
    drawn = draw_map(town(), sheet, "nb")
    down = {dot.mark.name: dot.y for dot in drawn.dots}
    assert down["Valberget"] < down["Posten"] < down["Forus"]
    for dot in drawn.dots:
        assert sheet.left < dot.x - dot.radius < dot.x + dot.radius < sheet.width - sheet.right
        assert sheet.top < dot.y - dot.radius < dot.y + dot.radius < drawn.floor


@SHEETS
def test_the_bar_is_as_long_as_it_says(sheet: Sheet) -> None:
    drawn = draw_map(town(), sheet, "en")
    length, unit = drawn.bar.label.split("\u00a0")
    metres = float(length) * {"m": 1, "km": 1000}[unit]
    assert drawn.bar.at * drawn.metres == pytest.approx(metres, rel=0.01)
    (first, second) = (next(d for d in drawn.dots if d.mark == m) for m in (VALBERGET, FORUS))
    apart = math.dist((first.x, first.y), (second.x, second.y)) * drawn.metres
    assert apart == pytest.approx(9_490, rel=0.01)


@SHEETS
def test_one_place_has_a_map_with_lines_and_a_scale(sheet: Sheet) -> None:
    drawn = draw_map(town(VALBERGET), sheet, "nb")
    assert drawn.meridians
    assert drawn.parallels
    assert drawn.middle == pytest.approx((5.7331, 58.9717))


def test_larger_marks_stand_for_more_places_and_are_drawn_first() -> None:
    dots = draw_map(crowd(400), BROAD_SHEET, "nb").dots
    assert [dot.mark.count for dot in dots] == sorted((d.mark.count for d in dots), reverse=True)
    assert dots[0].radius == BROAD_SHEET.largest > dots[-1].radius


def test_the_same_places_give_the_same_map() -> None:
    assert draw_map(crowd(300), SLIM_SHEET, "nb") == draw_map(crowd(300), SLIM_SHEET, "nb")


@SHEETS
def test_no_name_covers_a_mark_or_another_name(sheet: Sheet) -> None:
    marks = [replace(mark, name=f"Sted {n}") for n, mark in enumerate(crowd(40).marks)]
    places = town(*marks)
    drawn = draw_map(places, sheet, "nb")
    told = labels(drawn, {mark: mark.name for mark in marks})
    assert told
    for one, other in combinations(told, 2):
        assert abs(one.y - other.y) >= 15 or one.anchor != other.anchor or one.x != other.x
    assert len({label.text for label in told}) == len(told)


def test_too_many_names_are_not_written() -> None:
    marks = [replace(mark, name=f"Sted {n}") for n, mark in enumerate(crowd(61).marks)]
    assert labels(draw_map(town(*marks), BROAD_SHEET, "nb"), {m: m.name for m in marks}) == ()


def test_places_are_told_in_words_with_their_newest_values() -> None:
    words = map_words(town(), "nb")
    assert words.caption.startswith("3 steder. Nord er opp.")
    assert words.titles[VALBERGET] == "Valberget: 120"
    assert words.labels[POSTEN] == "Posten 7"
    assert [row.north for row in words.rows] == ["58,97170", "58,96910", "58,88650"]
    assert "3 places" in map_words(town(), "en").summary


def test_a_crowd_says_what_its_largest_mark_is() -> None:
    words = map_words(crowd(400), "en")
    assert "The largest is 40 places." in words.caption
    assert (words.rows, words.labels) == ((), {})


def test_places_without_a_value_promise_none() -> None:
    silent = replace(POSTEN, value=None)
    words = map_words(town(silent), "en")
    assert (words.value, words.labels[silent]) == ("", "Posten")
    assert "newest value" not in words.caption


def test_the_way_to_another_map_leads_to_the_same_middle() -> None:
    drawn = draw_map(town(), BROAD_SHEET, "nb")
    zoom, latitude, longitude = open_map(drawn).split("#map=")[1].split("/")
    assert 11 <= int(zoom) <= 13
    assert (float(longitude), float(latitude)) == pytest.approx(drawn.middle, abs=1e-4)


def test_a_page_has_a_map_where_there_are_places_only() -> None:
    hostile = replace(VALBERGET, name="<script>alert(1)</script>")
    told = replace(page(), places=town(hostile, FORUS))
    text = page_text(told)
    assert 'id="map"' in text
    assert "&lt;script&gt;alert" in text
    assert "<script>alert" not in text
    assert 'id="map"' not in page_text(page())
