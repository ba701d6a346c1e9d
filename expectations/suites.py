"""Great Expectations suites: what the schema says of a table, and a column per check that it cannot say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from expectations.checks import Check
from warehouse.schema import NULLABLE_KEYS, Table


def schema_columns(table: Table) -> list[str]:
    """Columns that the suite of a table looks at: its key, its document, closed lists; not texts and lists."""
    return [f.name for f in table.fields if f.name in ("document_id", *table.key) or (f.values and f.type != "list")]


def schema_expectations(table: Table) -> list[Any]:
    """Expectations that follow from the declaration of a table. Imports Great Expectations.

    NOT NULL of required columns is one check of its own (``required_columns_check``): an expectation costs some 15 ms
    whatever the rows, and a part has a hundred required columns.
    """
    import great_expectations.expectations as gxe

    out: list[Any] = [
        gxe.ExpectColumnValuesToBeInSet(column=f.name, value_set=list(f.values)) for f in table.fields if f.values and f.type != "list"
    ]
    if len(table.key) == 1:
        out.append(gxe.ExpectColumnValuesToBeUnique(column=table.key[0]))
    elif not NULLABLE_KEYS.intersection(table.key):
        out.append(gxe.ExpectCompoundColumnsToBeUnique(column_list=list(table.key)))
    return out


def required_columns_check(table: Table) -> Check:
    """Required columns are not NULL."""
    required = [f.name for f in table.fields if f.required]
    nulls = " or ".join(f'"{name}" is null' for name in required) or "false"
    return Check(
        "required_columns_are_set",
        table.name,
        f'select "{table.key[0]}" from "{table.name}" where {nulls}',
        f"Never NULL: {', '.join(required)}.",
    )


def check_expectations(checks: Iterable[Check]) -> list[Any]:
    """One expectation per check: its column holds true in every row. Imports Great Expectations."""
    import great_expectations.expectations as gxe

    return [
        gxe.ExpectColumnValuesToBeInSet(column=c.name, value_set=[True], severity=c.severity, notes=c.notes, meta={"check": c.name})
        for c in checks
    ]


def account_expectations() -> list[Any]:
    """The stage accounted for every input: in = out + rejected."""
    import great_expectations.expectations as gxe

    return [
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="n_in", column_B="n_accounted", meta={"check": "in_is_out_plus_rejected"}, notes="Nothing goes missing without a word."
        ),
        gxe.ExpectColumnValuesToBeBetween(column="n_in", min_value=0, meta={"check": "n_in"}),
    ]
