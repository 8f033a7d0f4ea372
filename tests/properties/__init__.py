"""Properties of the whole: what holds for every input, in every order."""
