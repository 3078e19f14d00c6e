"""Inputs that nobody thought of: what makes them, and what must be true of whatever comes out.

`tests/test_fuzz.py` draws them with hypothesis in `make test`; `make fuzz` lets atheris look for
them by what the code did with earlier ones. Both make them by `material` and judge them by
`guarantees`.
"""
