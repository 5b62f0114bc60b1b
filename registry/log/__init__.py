"""The tamper-evident log: what was booked, in an order nobody can change without being found.

Pure, on the standard library alone: leaf, tree, tiles, checkpoint, proof. `sequencer` numbers and
signs with them; no page or endpoint imports it, nor `keys`.
"""
