"""Real Postgres and Redis from wheels, on unix sockets, for development, tests and demonstrations.

Only the standard library is used here: the keeper process must start at once and
owe nothing to Django.
"""
