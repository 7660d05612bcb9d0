"""The five services of an order, and the scheduled function that gives lapsed reservations back.

Each service is a function of its own: `user`, `order`, `payment`, `inventory`, `notification`; `expire` is the clock.
What a service refuses, it refuses by name (`errors`): the state machine catches and retries by these names.
"""
