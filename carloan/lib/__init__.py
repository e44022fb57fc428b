"""Plain typed functions without models: money, dates, Chinese identifiers, masks. Imports nothing of ours."""
