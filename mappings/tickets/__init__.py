"""Tasks in the fields of ticket systems, one module a system; `wording` is what they all say."""
