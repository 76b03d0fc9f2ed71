// Package syswait makes the system's calls in which a thread of the host waits, or has
// another part of the program make them.
package syswait
