"""Corrections of moto's Step Functions interpreter, one module for each AWS behaviour."""

from sandbox import quick_start

# It speeds up the import of moto's interpreter, which the modules of this package import.
quick_start.install()
