"""Programmes in the portal: the register, who applies, the account, and what came of them."""
