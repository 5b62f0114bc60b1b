"""Campaigns: long trials of the whole, shared by `make test` (short) and `make torture` (long)."""
