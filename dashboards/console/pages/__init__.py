"""One file a page: routes that read what a page shows, and the forms on it."""
