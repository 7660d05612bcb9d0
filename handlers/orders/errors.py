"""Errors of the services: the class name is for Catch and Retry, the message for people."""


class OrderError(Exception):
    """The order is refused for the reason in the message. A retry does not help."""


class UserNotFoundError(OrderError):
    """No user has that userId."""


class UserInactiveError(OrderError):
    """The account may not order."""


class InvalidOrderError(OrderError):
    """The request is invalid; the message names each wrong field."""


class OrderConflictError(OrderError):
    """The orderId belongs to an order for something else, which stays unchanged."""


class PaymentDeclinedError(OrderError):
    """The customer's credit does not allow a payment of that size."""


class InsufficientStockError(OrderError):
    """There are not enough pieces of a product."""


class UnknownProductError(OrderError):
    """The catalogue has no such product."""


class OrderClosedError(OrderError):
    """The order's payment or stock was already given back, so no more can be taken."""


class ReservationExpiredError(OrderError):
    """The pieces are no longer reserved for the order."""


class ServiceUnavailableError(Exception):
    """The service cannot answer now; a retry may succeed."""
