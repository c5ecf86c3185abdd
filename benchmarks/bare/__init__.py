"""The least an app can be: what Companion is measured against."""
