"""checks.py - counts what the tests in Python check."""
import sys

passed = failed = 0


def check(name, good):
    """Counts a check and says how it went; gives whether it is good."""
    global passed, failed
    print("  %s %s" % ("ok  " if good else "FAIL", name))
    if good:
        passed += 1
    else:
        failed += 1
    return good


def end():
    """Says how many there were, and ends the program."""
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed != 0)
