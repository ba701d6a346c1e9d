"""News agencies: who is named in a credit, and whose own text a document is."""

from __future__ import annotations

from functools import lru_cache

from transforms.linking.names import simple
from transforms.rules import load_rules


def agency_name(credit: str) -> str:
    """The agency that a credit names, by whatever of its names.

    >>> agency_name("The Associated Press") == agency_name("AP")
    True
    """
    return _agencies().get(simple(credit), simple(credit))


def is_agency(publisher: str) -> bool:
    """Whether the publisher is an agency on the list.

    >>> is_agency("AP"), is_agency("Zhovtyn Herald")
    (True, False)
    """
    return simple(publisher) in _agencies()


@lru_cache(maxsize=1)
def _agencies() -> dict[str, str]:
    """Key of each way to credit an agency -> its name."""
    entries = load_rules("cleaning_agencies")["agency"]
    return {simple(name): entry["name"] for entry in entries for name in (entry["name"], *entry["written"])}
