package inject

import "time"

// Base is what the layer stands on, see layer.Base.
type Base interface {
	Read(p []byte) (int, error)
	Write(p []byte) (int, error)
	Kept() int
	Drain(until time.Time) error
}
