"""The way through the timeline and back."""

from __future__ import annotations

from grammy_desktop.playback.route import RingMap, Route


def frames_of(route: Route, count: int) -> list[int]:
    return [frame for position, frames in route.take(count) for frame in range(position, position + frames)]


def test_without_a_loop_it_ends_at_the_end() -> None:
    route = Route(3, 10, None)
    assert frames_of(route, 4) == [3, 4, 5, 6]
    assert frames_of(route, 9) == [7, 8, 9]
    assert route.take(5) == []


def test_a_loop_is_entered_from_before_and_never_left() -> None:
    route = Route(1, 20, (4, 7))
    assert frames_of(route, 12) == [1, 2, 3, 4, 5, 6, 4, 5, 6, 4, 5, 6]
    assert route.position == 4


def test_behind_the_loop_it_plays_on() -> None:
    assert frames_of(Route(8, 11, (4, 7)), 9) == [8, 9, 10]
    assert frames_of(Route(7, 9, (4, 7)), 9) == [7, 8]


def test_the_map_finds_the_way_back() -> None:
    known = RingMap(1.0)
    for start, position in ((100, 0), (150, 50), (200, 20), (230, 20)):
        known.add(start, position)
    assert known.position_at(90) == 0
    assert known.position_at(199) == 99
    assert known.position_at(200) == 20
    assert known.position_at(229) == 49
    assert known.position_at(231) == 21
    assert known.copy_until(200).position_at(210) == 110
    known.forget_before(225)
    assert known.position_at(229) == 49
    assert RingMap(1.0).position_at(5) is None


def test_the_map_counts_in_the_outputs_rate() -> None:
    known = RingMap(0.5)
    known.add(10, 1000)
    assert known.position_at(15) == 1010
