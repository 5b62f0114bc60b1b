"""Use-cases of claiming: permit, check rules, write, record."""
