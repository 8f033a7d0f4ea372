"""What was released stays readable, and answers as it did: golden bytes of every state format, and their answers."""
