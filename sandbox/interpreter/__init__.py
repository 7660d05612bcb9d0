"""Corrections of moto's Step Functions interpreter, each with the AWS behaviour that it restores."""

from sandbox import quick_start

# moto's interpreter, which the modules of this package import, is one of the imports that it makes quick.
quick_start.install()
