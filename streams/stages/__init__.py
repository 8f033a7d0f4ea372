"""The rooms that a record passes: normalise, documents, resolve, deliver. Each is one pure step."""
