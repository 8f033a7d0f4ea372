"""The rooms that a record passes: normalise, documents, resolve, cases, deliver, lanes. Each is one pure step."""
