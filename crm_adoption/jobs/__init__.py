"""Long work: the Job row is the truth, the broker a doorbell."""
