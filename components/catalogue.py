"""The products of the shop, and the call that makes the inventory service know them."""

import json

CATALOGUE = {
    "PROD001": ("Wireless mouse", 29.99, 50),
    "PROD002": ("Keyboard", 49.99, 25),
    "PROD003": ("USB cable", 9.99, 100),
    "PROD004": ("Monitor", 299.99, 10),
    "PROD005": ("Docking station", 149.99, 0),
}
"""Product id: name, price in dollars, pieces in stock when the table first gets the product."""


def stock_request() -> str:
    """Render the call of the inventory service that puts the catalogue into its table."""
    products = [
        {"productId": product, "name": name, "price": price, "available": pieces}
        for product, (name, price, pieces) in CATALOGUE.items()
    ]
    return json.dumps({"action": "stock", "products": products})
