"""Pure steps from bytes to rows: same input, same output; no Prefect, DuckDB, clock, network or environment."""
