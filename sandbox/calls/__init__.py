"""Processing of AWS API calls before they reach the emulator: parsing and interceptors."""
