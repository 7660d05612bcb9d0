"""The hold as such, on a plain workflow: the example `expense-approval`."""
