"""Tests of the operator's command line, of what needs no stack."""
