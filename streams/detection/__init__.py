"""Detection: what is noticed, when it holds, what it makes people do, and in which words they are told."""
