"""The dead letters: what could not be taken, why, and how it is tried again.

    letter.py      one dead letter, read from its record; pure
    topic.py       reads the topic, and brings its projection in SQL up to its end
    replaying.py   sends a record to its topic again, or lets dispatch try a refused task again

The topic is the truth, its projection in SQL can be made anew. Whoever asks brings the projection up to date first: so
the commands work whatever runs, and no process has to keep it.
"""
