"""Claims about the product, in folders that mirror the packages."""
