package main

// waitOnTheirStacks has nothing to do: the runtime makes the calls of Windows on the stack
// of the thread.
func waitOnTheirStacks() {}
