"""The public register: what anybody may read without signing in."""
