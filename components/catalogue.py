"""The products of the shop, and the call that stores them in the inventory service."""

import json

CATALOGUE = {
    "PROD001": ("Wireless mouse", 29.99, 50),
    "PROD002": ("Keyboard", 49.99, 25),
    "PROD003": ("USB cable", 9.99, 100),
    "PROD004": ("Monitor", 299.99, 10),
    "PROD005": ("Docking station", 149.99, 0),
}
"""Product id: name, price in dollars, and initial stock, for a product that the table lacks."""


def stock_request() -> str:
    """Render the request with which the inventory service stores the catalogue in its table."""
    products = [
        {"productId": product, "name": name, "price": price, "available": pieces}
        for product, (name, price, pieces) in CATALOGUE.items()
    ]
    return json.dumps({"action": "stock", "products": products})
