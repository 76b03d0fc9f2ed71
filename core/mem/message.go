package mem

// Message is a received message in the library's memory, with one zero byte
// behind it. Free gives the memory back.
type Message struct {
	budget *Budget
	block  *Block
	data   []byte
}

// Bytes is the message; it must not be used after Free.
func (m *Message) Bytes() []byte { return m.data }

// Memory is the whole block the message stands in: at least one byte even for
// an empty message.
func (m *Message) Memory() []byte { return m.block.b }

// Offset tells where in Memory the message begins.
func (m *Message) Offset() int { return cap(m.block.b) - cap(m.data) }

// Truncate drops all but the first n bytes.
func (m *Message) Truncate(n int) {
	m.data = m.data[:n]
	m.block.b[m.Offset()+n] = 0
}

// Free gives the memory back. It must be called once.
func (m *Message) Free() {
	m.budget.Release(len(m.block.b))
	m.block.Recycle()
	m.block, m.data = nil, nil
}

// NewMessage makes a message of n bytes to be filled.
func NewMessage(budget *Budget, n int) *Message {
	m := &Message{budget: budget, block: NewBlock(n + 1)}
	budget.ForceReserve(len(m.block.b))
	m.data = m.block.b[:n]
	m.block.b[n] = 0
	return m
}
