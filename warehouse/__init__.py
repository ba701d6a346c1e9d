"""The warehouse: what the tables are, where the lake keeps them, how DuckDB gets them."""
