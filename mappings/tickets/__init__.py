"""Tasks in the fields of ticket systems, one module a system; `facts` is what they all choose from."""
