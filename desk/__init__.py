"""What people use: the command line, the embedded broker, the demo."""
