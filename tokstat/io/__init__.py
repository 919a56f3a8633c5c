"""What crosses the border of the process: limits, files, downloads, threads, plug-ins."""
