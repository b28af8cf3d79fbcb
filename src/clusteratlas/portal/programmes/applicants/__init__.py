"""Who applies to a programme, how ready they are, and whom to fund."""
