"""The language that all other packages speak: models, events, topics, errors. Imports nothing of ours."""
