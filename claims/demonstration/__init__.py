"""The demonstration: real plants, invented units, the framework's own worked examples.

Played through the services alone, with fixed idempotency keys and a clock of its own, so that
playing it again changes nothing.
"""
