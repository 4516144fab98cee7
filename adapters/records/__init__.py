"""The ledger on SQL: SQLite for one host, PostgreSQL for several, one code path."""
