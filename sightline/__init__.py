"""What ingest, the warehouse and publish stand on: settings, database, calendar, councils, command line."""

__version__ = "0.2.0"
