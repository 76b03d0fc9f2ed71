// Package overlapped has the handles of Windows whose calls go on by themselves and tell
// when they are done, as named pipes, and makes them something that calls and queues can
// wait for. On other systems it is empty.
package overlapped
