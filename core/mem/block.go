package mem

import (
	"math/bits"
	"sync"
)

// Buffers come from pools by size: powers of two from 4 KiB to 1 MiB. Larger
// ones are made and left to the collector.
const (
	smallestClass = 12
	largestClass  = 20
)

var pools [largestClass - smallestClass + 1]sync.Pool

// Block is a buffer; the pools keep pointers to it so that nothing is
// allocated when one changes hands.
type Block struct {
	b []byte
}

func classOf(n int) int {
	if n <= 1<<smallestClass {
		return smallestClass
	}
	return bits.Len(uint(n - 1))
}

// BlockSize is how much memory a block for n bytes has.
func BlockSize(n int) int { return 1 << classOf(n) }

// NewBlock gets a block for n bytes. Its bytes are not zeroed.
func NewBlock(n int) *Block {
	class := classOf(n)
	if class > largestClass {
		return &Block{make([]byte, 1<<class)}
	}
	if bl, ok := pools[class-smallestClass].Get().(*Block); ok {
		return bl
	}
	return &Block{make([]byte, 1<<class)}
}

// Bytes is all memory of the block.
func (bl *Block) Bytes() []byte { return bl.b }

// Recycle gives the block back to its pool.
func (bl *Block) Recycle() {
	if class := classOf(len(bl.b)); class <= largestClass {
		pools[class-smallestClass].Put(bl)
	}
}
