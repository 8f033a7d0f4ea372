"""Golden cases: what the product claims of a situation, written by hand before the code that must give it."""
