"""The version of tokstat."""

__version__ = "0.1.0"
