"""The claims' pages: load in scope, validate, one service call, respond."""
