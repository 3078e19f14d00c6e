"""Judges of others for the HTTP service; `make test-http` runs them."""
