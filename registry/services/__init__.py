"""Use-cases: permit, check rules, write, record. The one way in for views, API, admin, tasks."""
