"""Events in the columns of POLECAT, for tools that read that data set.

POLECAT is the event data set in the PLOVER ontology on Harvard Dataverse (doi:10.7910/DVN/AJGVIT; Halterman, Bagozzi, Beger, Schrodt and
Scarborough, "PLOVER and POLECAT: A New Political Event Ontology and Dataset", 2023): tab-separated files with the forty columns in
``COLUMNS``. Some of its files call Intensity "Event Intensity". What each column holds here: docs/polecat.md.
"""

from __future__ import annotations

_PARTY = (
    "{0} Name", "{0} Country", "{0} COW", "Primary {0} Sector", "{0} Sectors", "{0} Title", "{0} Name Raw", "Wikipedia {0} ID",
)  # fmt: skip
COLUMNS = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
    *(name.format("Actor") for name in _PARTY), *(name.format("Recipient") for name in _PARTY),
    "Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type",
    "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
)  # fmt: skip
EVIDENCE = ("document_id", "evidence_start", "evidence_end", "evidence_text")
"""Behind the forty: the document, and the characters of its text that tell the event."""

QUADS = {1: "VERBAL COOPERATION", 2: "MATERIAL COOPERATION", 3: "VERBAL CONFLICT", 4: "MATERIAL CONFLICT"}
STORY = {"People": ("PERSON",), "Organizations": ("ORG",), "Locations": ("GPE", "LOC", "FAC")}
"""Column of a story -> labels of the entities that it names."""

_SOME = "case when bool_or({0} is not null) then string_agg(coalesce({0}, ''), '; ' order by start_char, end_char, mention_id) end"
"""The values of all who share a role, in the order of the text; an item that is not known is empty, so that columns stay aligned."""


def events_query() -> str:
    """The query that gives ``COLUMNS`` and ``EVIDENCE`` over the tables of the warehouse, one row per event that is asserted."""
    values = {
        "Event ID": "v.event_id",
        "Event Date": "case when v.date_start = v.date_end then v.date_start end",
        "Event Type": "v.event_type",
        "Event Mode": "array_to_string(v.modes, '; ')",
        "Intensity": "v.intensity",
        "Quad Code": f"case v.quad {' '.join(f'when {n} then {_text(words)}' for n, words in QUADS.items())} end",
        "Contexts": "array_to_string(v.contexts, '; ')",
        **_party("Actor"),
        **_party("Recipient"),
        **{"Placename": "place.names", "Province": "place.admin1", "Country": "place.countries", "Raw Placename": "place.raw"},
        **{"Latitude": "place.latitudes", "Longitude": "place.longitudes", "GeoNames ID": "place.geonames"},
        "Source": "d.publisher",
        "Publication Date": "d.published_date",
        **{f"Story {name}": f"story.{name.lower()}" for name in STORY},
        "Language": "d.language",
        "Version": "i.value",
        "document_id": "v.document_id",
        "evidence_start": "v.start_char",
        "evidence_end": "v.end_char",
        "evidence_text": "v.text",
    }
    shown = ",\n    ".join(f'{values.get(name, "null")} as "{name}"' for name in (*COLUMNS, *EVIDENCE))
    joins = "\n".join(f"left join roles {r} on {r}.event_id = v.event_id and {r}.role = '{r}'" for r in ("actor", "recipient", "place"))
    return f"""
with {_roles()},
{_stories()}
select
    {shown}
from events v
join documents d on d.document_id = v.document_id
{joins}
left join story on story.document_id = v.document_id
left join warehouse_info i on i.key = 'maker_version_extract'
where list_contains(v.status, 'asserted')
order by v.document_id, v.start_char, v.event_id
"""


def _party(name: str) -> dict[str, str]:
    """Columns of the actors or the recipients; COW code, title and Wikipedia are known of nobody."""
    held = ("names", "countries", None, "main_sectors", "sectors", None, "raw", None)
    return {column.format(name): f"{name.lower()}.{value}" for column, value in zip(_PARTY, held, strict=True) if value}


def _roles() -> str:
    """Who and where, a row per event and role; what the mention does not say is taken from its entity."""
    values = {
        "names": _item("name"),
        "raw": _item("text"),
        "countries": "country",
        "main_sectors": "sectors[1]",
        "sectors": "array_to_string(sectors, '|')",
        "latitudes": "cast(latitude as varchar)",
        "longitudes": "cast(longitude as varchar)",
        "geonames": "cast(geonames_id as varchar)",
        "admin1": _item("admin1"),
    }
    either = ("country", "sectors", "geonames_id", "admin1")
    known = ", ".join(f"coalesce(m.{c}, e.{c}) as {c}" for c in either)
    # a point belongs to one place: never the latitude of one and the longitude of another
    point = ", ".join(f"case when m.latitude is not null then m.{c} else e.{c} end as {c}" for c in ("latitude", "longitude"))
    listed = ",\n        ".join(f"{_SOME.format(value)} as {name}" for name, value in values.items())
    return f"""known as (
    select r.event_id, r.role, r.start_char, r.end_char, r.mention_id, r.text, e.name, {known}, {point}
    from event_roles r
    left join mentions m on m.mention_id = r.mention_id
    left join entities e on e.entity_id = m.entity_id
),
roles as (
    select event_id, role,
        {listed}
    from known
    group by event_id, role
)"""


def _stories() -> str:
    """Names of a document's entities by kind, in the order in which it names them."""
    listed = ",\n        ".join(
        f"string_agg({_item('name')}, '; ' order by first_char, name) filter (label in ({', '.join(map(_text, labels))})) as {column.lower()}"
        for column, labels in STORY.items()
    )
    return f"""named as (
    select m.document_id, e.label, e.name, min(m.start_char) as first_char
    from mentions m
    join entities e on e.entity_id = m.entity_id
    group by m.document_id, e.entity_id, e.label, e.name
),
story as (
    select document_id,
        {listed}
    from named
    group by document_id
)"""


def _item(column: str) -> str:
    """Words as an item of a list that is parted by semicolons and bars."""
    return f"translate({column}, ';|', ',/')"


def _text(words: str) -> str:
    return f"'{words}'"
