"""What tools/verify_log.py consists of. Python ≥ 3.11 and `cryptography`; nothing of the registry.

Written from the specifications (RFC 6962, C2SP) and apart from registry/log, so that one mistake
is not made twice.
"""
