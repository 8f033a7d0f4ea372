"""The rooms that a record passes: normalise, documents, resolve, cases, deliver. Each is one pure step."""
