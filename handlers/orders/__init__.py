"""The five services of an order, and the scheduled function that gives back expired reservations.

Each service is a separate function: `user`, `order`, `payment`, `inventory`, `notification`; `expire` is the
scheduled one. A service refuses with a named error (`errors`), and the state machine catches and retries by these
names.
"""
