"""What can a complainant do here without an account? Complain, look, answer, contest, tell us."""
