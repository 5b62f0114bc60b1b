"""Claiming for programs, under /api/v1/: the same services as the forms, the same refusals."""
