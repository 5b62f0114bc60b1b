"""The portal's pages of the registry: load in scope, validate, one service call, respond."""
