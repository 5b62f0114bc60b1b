"""Use-cases: permit, check rules, write, record. The only way in for views, API, admin and tasks."""
