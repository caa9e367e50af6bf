"""From bytes to rows: files that people bring in, read by a process of their own within limits."""
