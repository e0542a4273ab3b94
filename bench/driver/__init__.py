"""The driver of bench/run: it measures whole processes beside their peers."""
