"""Errors of the services: the class name is for Catch and Retry, the message for people."""


class OrderError(Exception):
    """The order cannot be, and why, in a sentence. Asking again changes nothing."""


class UserNotFoundError(OrderError):
    """No user has that userId."""


class UserInactiveError(OrderError):
    """The account takes no orders."""


class InvalidOrderError(OrderError):
    """The request is invalid; the message names each wrong field."""


class OrderConflictError(OrderError):
    """The orderId belongs to an order for something else, which is left as it is."""


class PaymentDeclinedError(OrderError):
    """The customer's credit does not allow a payment of that size."""


class InsufficientStockError(OrderError):
    """There are not enough pieces of a product."""


class UnknownProductError(OrderError):
    """The catalogue has no such product."""


class OrderClosedError(OrderError):
    """The order's payment or stock was already given back, so that no more can be taken."""


class ReservationExpiredError(OrderError):
    """The pieces are not held for the order any more."""


class ServiceUnavailableError(Exception):
    """The service cannot answer now; asking again in a moment may help."""
