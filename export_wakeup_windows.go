package main

// watchWakeups has nothing to do: WDSocketWakeup enters Go itself.
func watchWakeups() {}
