"""Dates and bylines as inputs write them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from transforms.reading.dates import parse_published
from transforms.reading.names import clean_authors


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ("2025-03-04T10:15:30Z", "2025-03-04T10:15:30+00:00"),
        ("2025-03-04t10:15:30z", "2025-03-04T10:15:30+00:00"),
        ("2025-03-04T10:15:30.123+0200", "2025-03-04T08:15:30.123000+00:00"),
        ("2025-03-04 10:15:30 +02:00", "2025-03-04T08:15:30+00:00"),
        ("20250304T101530Z", "2025-03-04T10:15:30+00:00"),
        ("2025-03-04 10:15:30 UTC", "2025-03-04T10:15:30+00:00"),
        ("2025-03-04 10:15:30 +0000 UTC", "2025-03-04T10:15:30+00:00"),
        ("2025-3-4 10:15 GMT", "2025-03-04T10:15:00+00:00"),
        ("Tue, 04 Mar 2025 10:15:30 GMT", "2025-03-04T10:15:30+00:00"),
        ("Tue, 4 Mar 2025 10:15 -0500", "2025-03-04T15:15:00+00:00"),
        ("Tue Mar 4 10:15:30 UTC 2025", "2025-03-04T10:15:30+00:00"),
        ("Tuesday, 4 March 2025 10:15AM GMT", "2025-03-04T10:15:00+00:00"),
        ("March 4, 2025 at 10.15 pm EST", "2025-03-05T03:15:00+00:00"),
        (1741083330, "2025-03-04T10:15:30+00:00"),
        (1741083330000, "2025-03-04T10:15:30+00:00"),
        ("1741083330000", "2025-03-04T10:15:30+00:00"),
        (1741083330.75, "2025-03-04T10:15:30+00:00"),
        ("2025-03-04T00:00:00+02:00", "2025-03-03T22:00:00+00:00"),
    ],
)
def test_instants(given: object, at: str) -> None:
    found = parse_published(given)
    assert found is not None
    assert found.at is not None
    assert found.at.isoformat() == at
    assert found.local is None


@pytest.mark.parametrize(
    "given",
    ["2025-03-04T10:15", "2025-03-04 10:15", "2025-03-04 10:15 IST", "Tue, 4 Mar 2025 10:15 CST", "4 March 2025 - 10:15", "04.03.2025, 10:15",
     "March 4, 2025 10:15 am BST", "2025/03/04 10:15"],
)  # fmt: skip
def test_times_without_a_sure_zone_are_local(given: str) -> None:
    found = parse_published(given)
    assert found is not None
    assert (found.at, found.local, found.precision) == (None, datetime(2025, 3, 4, 10, 15), "minute")


@pytest.mark.parametrize(
    "given",
    ["2025-03-04", "20250304", 20250304, "2025-3-4", "2025/03/04", "4 March 2025", "March 4, 2025", "Mar 4th, 2025", "4-Mar-2025", "Tuesday 4 March 2025",
     "2025-03-04T00:00:00", "2025-03-04 00:00:00", "2025-03-04T00:00:00Z", "Tue, 04 Mar 2025 00:00:00 GMT", "Published: March 4, 2025", "04.03.2025",
     "2025-03-04T10"],
)  # fmt: skip
def test_days(given: object) -> None:
    found = parse_published(given)
    assert found is not None
    assert (found.precision, found.day, found.at, found.local) == ("day", date(2025, 3, 4), None, None)


@pytest.mark.parametrize(
    "given",
    ["", " ", None, True, [], {}, "0000-00-00", "0001-01-01", "9999-12-31", "2025-02-30", "31 February 2025", "2025-13-01", "03/04/2025", "3-4-2025",
     "12/13/24", "4 March", "March", "10:15", "yesterday", "3 hours ago", "a", "5", 5, -1, 1e30, float("nan"), float("inf"), 10**30, "1" * 30,
     "2025-03-04T25:00:00", "2025-03-04T10:15:00+99:00", "Fri, 31 Dec 1599 10:00:00 GMT", 253402300800000, "ferry " * 50, "4 March 2025, 24:00"],
)  # fmt: skip
def test_no_date(given: object) -> None:
    assert parse_published(given) is None


@pytest.mark.parametrize(("given", "precision"), [("2025", "year"), (2025, "year"), ("2025-03", "month")])
def test_less_than_a_day(given: object, precision: str) -> None:
    found = parse_published(given)
    assert found is not None
    assert (found.precision, found.day, found.at, found.local) == (precision, None, None, None)


def test_day_and_month_that_can_be_swapped() -> None:
    day_first, sure, same = parse_published("03/04/2025", day_first=True), parse_published("13/04/2025"), parse_published("5/5/2025")
    american = parse_published("04/13/2025")
    assert day_first is not None and day_first.day == date(2025, 4, 3)
    assert sure is not None and sure.day == date(2025, 4, 13)
    assert american is not None and american.day == date(2025, 4, 13)
    assert same is not None and same.day == date(2025, 5, 5)


def test_the_sources_zone() -> None:
    seoul = ZoneInfo("Asia/Seoul")
    local, instant = parse_published("2025-03-04 07:15", zone=seoul), parse_published("2025-03-03T22:15:00Z", zone=seoul)
    assert local is not None and instant is not None
    assert local.at == instant.at
    assert local.day == instant.day == date(2025, 3, 4)
    midnight = parse_published("2025-03-04", zone=seoul)
    assert midnight is not None and (midnight.at, midnight.day) == (None, date(2025, 3, 4))


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["Mira Holt"], ["Mira Holt"]),
        (["By Mira Holt and Tomas Reyk"], ["Mira Holt", "Tomas Reyk"]),
        (["BY MIRA HOLT"], ["MIRA HOLT"]),
        (["Mira Holt, Tomas Reyk & Ana Brandt"], ["Mira Holt", "Tomas Reyk", "Ana Brandt"]),
        (["Mira Holt", "mira holt"], ["Mira Holt"]),
        (["By Mira Holt, Diplomatic Correspondent"], ["Mira Holt"]),
        (["Mira Holt mira@harbour-post.example @miraholt"], ["Mira Holt"]),
        (["https://social.example/mira"], []),
        (["Mira Holt in Lisbon and Tomas Reyk in Porto"], ["Mira Holt", "Tomas Reyk"]),
        (["Mira Holt for the Harbour Post"], ["Mira Holt"]),
        (["By: Mira Holt | Updated 4 March 2025 10:15"], ["Mira Holt"]),
        (["Words by Mira Holt"], ["Mira Holt"]),
        (["Séan Ó Briain, María-José O’Neill"], ["Séan Ó Briain", "María-José O’Neill"]),
        (["Nordwire"], ["Nordwire"]),
        (["Mira Holt, Nordwire"], ["Mira Holt"]),
        (["Dr. Mira Holt, PhD"], ["Dr. Mira Holt"]),
        (["admin", "Staff Writer", "By", "", "12"], []),
    ],
)
def test_bylines(given: list[object], names: list[str]) -> None:
    assert clean_authors(given) == names
