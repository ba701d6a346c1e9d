"""One act that a sentence tells with several words is one event: joins and drops among the acts of a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Token

from transforms.extraction.event_drafts import Draft
from transforms.extraction.event_roles import Party

JOINING = (
    "advcl",
    "conj",
    "xcomp",
    "prep",
    "pobj",
    "pcomp",
    "nsubj",
    "nsubjpass",
    "dobj",
    "acl",
    "attr",
    "appos",
    "agent",
    "relcl",
)


def merge(drafts: Sequence[Draft]) -> list[Draft]:
    """The acts with those that repeat or complete another joined to it, in the order given."""
    out: list[Draft] = []
    for current in drafts:
        n = next((i for i, other in enumerate(out) if _is_same_act(other, current)), None)
        if n is None:
            out.append(current)
        else:
            out[n] = _join(out[n], current)
    return _without_shadows(out)


def _is_same_act(a: Draft, b: Draft) -> bool:
    if a.event_type != b.event_type or ("negated" in a.status) != ("negated" in b.status):
        return False
    near = _distance(a.frame.clause, b.frame.clause)
    if near is None or near > 4:
        return False
    if a.actors and b.actors and not _share(a.actors, b.actors):
        return False
    if a.event_type == "ASSAULT" and (a.frame.rule.count or b.frame.rule.count):
        return True
    if a.recipients and b.recipients and not _share(a.recipients, b.recipients):
        return False
    return bool(a.actors or b.actors or a.recipients or b.recipients)


def _distance(a: Token, b: Token) -> int | None:
    """Steps from one clause up to the other over joining dependencies; None if neither stands above the other."""
    for low, high in ((a, b), (b, a)):
        token = low
        for n in range(6):
            if token.i == high.i:
                return n
            if token.dep_ not in JOINING or token.head == token:
                break
            token = token.head
    return None


def _share(a: Sequence[Party], b: Sequence[Party]) -> bool:
    for x in a:
        for y in b:
            if x.first <= y.last and y.first <= x.last:
                return True
            if x.mention and y.mention and x.mention["local_entity_id"] == y.mention["local_entity_id"]:
                return True
    return False


def _join(a: Draft, b: Draft) -> Draft:
    """The first act with what the second adds; of two parties in a role the first is kept, victims are added."""
    recipients = a.recipients or b.recipients
    if a.event_type == "ASSAULT" and a.recipients:
        recipients = (*a.recipients, *(p for p in b.recipients if not _share((p,), (*a.recipients, *a.actors, *b.actors))))
    status = tuple(s for s in a.status if s in b.status or s != "historical")
    return replace(
        a,
        actors=a.actors or tuple(p for p in b.actors if not _share((p,), recipients)),
        recipients=recipients,
        instruments=a.instruments or b.instruments,
        modes=tuple(dict.fromkeys((*a.modes, *b.modes))),
        status=status,
        merged=(*a.merged, b.frame, *b.merged),
    )


def _without_shadows(drafts: Sequence[Draft]) -> list[Draft]:
    """Drops what PLOVER does not code beside a stronger act of the same party in the same sentence.

    Forces that move in the same report as the attack; the demand of a protest; a charge told with the conviction.
    """
    out: list[Draft] = []
    for current in drafts:
        others = [d for d in drafts if d is not current and not d.status]
        shadowed = (
            (current.event_type == "MOBILIZE" and any(d.event_type == "ASSAULT" and _share(d.actors, current.actors) for d in others))
            or (
                current.event_type in ("REQUEST", "ACCUSE")
                and any(d.event_type == "PROTEST" and _share(d.actors, current.actors) for d in others)
            )
            or (
                current.event_type == "ACCUSE"
                and any("convict" in d.modes and (_share(d.recipients, current.recipients) or not current.recipients) for d in others)
            )
        )
        if not shadowed:
            out.append(current)
    return out
