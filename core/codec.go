package core

import (
	"time"

	"wdsocket/core/charset"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// ioConfig is the part of the settings that reading and writing look at: an immutable
// snapshot, replaced as a whole when an option changes, and shared by sockets with the
// same settings.
type ioConfig struct {
	*codec
	readGap         time.Duration
	writeTimeout    time.Duration
	exchangeLate    time.Duration
	sendQueueLimit  int
	beforeReply     *option.Exchange // what stands before the answer of an exchange, nil for nothing
	replyField      *frame.Field     // by which the answer is known, nil for the framing's own way
	codecGeneration int              // counts the changes of the framing
	liveness        *livenessConfig  // of silence, nil without
	dropsUnread     bool             // some of what is received no reader gets
	reconnect       *reconnectConfig // of a reconnecting socket, nil without

	coalesce          time.Duration
	publishQueueLimit int
	publishPolicy     publishPolicy
}

// codec turns messages into bytes and back: framings and character set. Sockets with the
// same codec encode a message alike.
type codec struct {
	frame.Framer              // of what is read
	writer       frame.Framer // of what is written: mostly the same one
	charset      *charset.Charset
	contiguous   bool // a message stands in the stream as it is, up to its end
	byteStream   bool // what the Framer's Stream says, for a quicker answer
	sized        bool // the size of a message is known before its first byte
	idleGap      time.Duration
	limit        int            // bytes of a message
	follower     frame.Follower // the Framer, where it also goes by the byte in front of a message
	bulk         frame.Bulk     // the Framer's, where it deals with many messages at a time
	nak          bool           // a message with wrong check bytes is answered
}

// decode is Decode behind a byte.
func (c *codec) decode(before int, p []byte, scanned int) (frame.Frame, error) {
	if c.follower != nil {
		return c.follower.DecodeBehind(before, p, scanned)
	}
	return c.Framer.Decode(p, scanned)
}

// Encode gives what to write for a message, in the framing of what is written.
func (c *codec) Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error) {
	return c.writer.Encode(scratch, m)
}

// Stream is the Framer's.
func (c *codec) Stream() bool { return c.byteStream }

// Gap is the Framer's.
func (c *codec) Gap() time.Duration { return c.idleGap }

// newIOConfig makes a snapshot of the settings. before is the previous one, nil for
// none; changed is what an option that was set since touches.
func newIOConfig(s *option.Settings, before *ioConfig, changed option.Effect) (*ioConfig, error) {
	cfg := &ioConfig{readGap: s.ReadGap, writeTimeout: s.WriteTimeout, exchangeLate: s.ExchangeLate, sendQueueLimit: s.SendQueue, reconnect: newReconnectConfig(s),
		coalesce: s.Coalesce, publishQueueLimit: s.PublishQueue, publishPolicy: publishPolicy(s.PublishPolicy)}
	if !s.Exchange.Plain() {
		cfg.beforeReply = &s.Exchange
	}
	if field, is := s.Exchange.Field(); is {
		cfg.replyField = &field
	}
	if before != nil {
		cfg.codec, cfg.codecGeneration = before.codec, before.codecGeneration
	}
	var err error
	switch changed {
	case option.ToFraming:
		cfg.codecGeneration++
		cfg.codec, err = newCodec(s)
	case option.ToWriting:
		cfg.codec, err = cfg.codec.rewritten(s)
	}
	if err != nil {
		return nil, err
	}
	cfg.liveness = newLivenessConfig(s, cfg.codec)
	cfg.dropsUnread = cfg.follower != nil || cfg.liveness != nil && cfg.liveness.recognizable
	return cfg, nil
}

// newCodec makes the codec of the settings.
func newCodec(s *option.Settings) (*codec, error) {
	reader, writer, err := s.NewFramers()
	if err != nil {
		return nil, err
	}
	nothing, _ := reader.Decode(nil, 0)
	c := &codec{Framer: reader, writer: writer, charset: s.Charset, contiguous: reader.Contiguous() && s.Charset == nil,
		byteStream: reader.Stream(), sized: nothing.Size >= 0, idleGap: reader.Gap(), limit: s.Frame.Limit}
	c.follower, c.bulk = frame.FollowerOf(reader), frame.BulkOf(reader)
	if described, is := reader.(interface{ AnswersNAK() bool }); is {
		c.nak = described.AnswersNAK()
	}
	return c, nil
}

// rewritten is the codec with another framing of what is written: what is read, a
// waiting reader goes on with.
func (c *codec) rewritten(s *option.Settings) (*codec, error) {
	changed := *c
	var err error
	_, changed.writer, err = s.NewFramers()
	return &changed, err
}
