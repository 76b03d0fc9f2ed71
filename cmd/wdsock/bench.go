package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"wdsocket/core"
	"wdsocket/core/fault"
)

type benchCommand struct {
	Address string `arg:"" help:"A server that sends back what it gets: wdsock listen --echo is one."`
	common
	Clients  int           `short:"c" default:"1" help:"Connections at the same time."`
	Size     int           `default:"64" help:"Bytes of a message."`
	Messages int           `short:"n" default:"0" help:"Messages of each connection; 0 is for as long as --for says."`
	For      time.Duration `default:"5s" help:"How long to measure."`
}

func (benchCommand) Help() string {
	return `Measures a server that sends back what it gets: each connection writes a message, waits for it to
come back, and writes the next one.

  wdsock bench 10.0.0.5:5000
  wdsock bench -f size --clients 50 --size 1000 --for 10s 10.0.0.5:5000
  wdsock bench tls://10.0.0.5:5001`
}

// result is what was measured.
type result struct {
	Time     string  `json:"time"`
	Event    string  `json:"event"`
	Messages int     `json:"messages"`
	Seconds  float64 `json:"seconds"`
	Rate     float64 `json:"rate"` // messages in a second, there and back
	P50      float64 `json:"p50_us"`
	P90      float64 `json:"p90_us"`
	P99      float64 `json:"p99_us"`
	Max      float64 `json:"max_us"`
}

func (c *benchCommand) Run(s *session) error {
	if c.Clients < 1 || c.Size < 1 || c.Messages < 0 || c.For <= 0 {
		return usage("--clients, --size and --for have to be above 0", "--clients, --size et --for doivent être supérieurs à 0")
	}
	all := make([]*core.Socket, c.Clients)
	for i := range all {
		k, err := c.open(s, core.KindClient, c.Address)
		if err != nil {
			return err
		}
		defer k.Close()
		all[i] = k
	}
	if c.Messages > 0 {
		c.For = 1<<63 - 1
	}
	ctx, stop := context.WithTimeout(s, c.For)
	defer stop()
	took, failures := make([][]time.Duration, c.Clients), make([]error, c.Clients)
	var busy sync.WaitGroup
	begun := time.Now()
	for i, k := range all {
		busy.Go(func() {
			if took[i], failures[i] = c.measure(ctx, k); failures[i] != nil {
				stop() // a sum without it would be wrong
			}
		})
	}
	busy.Wait()
	if err := errors.Join(failures...); err != nil {
		return failures[slices.IndexFunc(failures, func(err error) bool { return err != nil })]
	}
	return c.report(s, slices.Concat(took...), time.Since(begun))
}

var errNotSame = said{"the server does not send back what it gets: wdsock bench needs an echo server, and --frame as it has",
	"le serveur ne renvoie pas ce qu'il reçoit : wdsock bench a besoin d'un serveur d'écho, et du même --frame"}

// measure sends messages there and back.
func (c *benchCommand) measure(ctx context.Context, k *core.Socket) (took []time.Duration, err error) {
	message := bytes.Repeat([]byte("wdsocket"), c.Size/8+1)[:c.Size]
	buf := make([]byte, c.Size+1)
	for ctx.Err() == nil && (c.Messages == 0 || len(took) < c.Messages) {
		copy(message, fmt.Sprintf("%08d", len(took)%1e8)) // what comes twice is not the next answer
		begun := time.Now()
		if _, err := k.Write(message); err != nil {
			return nil, err
		}
		var n int
		if c.raw() {
			n, err = k.ReadExactly(buf, c.Size, c.Timeout)
		} else {
			n, err = k.Read(buf, c.Timeout)
		}
		switch code := fault.CodeOf(err); {
		case code == fault.Timeout || code == fault.Buffer || err == nil && !bytes.Equal(buf[:n], message):
			return nil, failure{exitFailed, errNotSame}
		case err != nil:
			return nil, err
		}
		took = append(took, time.Since(begun))
	}
	return took, nil
}

// report shows the figures.
func (c *benchCommand) report(s *session, took []time.Duration, all time.Duration) error {
	if len(took) == 0 {
		return failure{exitFailed, said{"nothing came back in time", "rien n'est revenu à temps"}}
	}
	slices.Sort(took)
	at := func(share int) float64 { // in microseconds
		return float64(took[min(len(took)*share/1000, len(took)-1)].Nanoseconds()) / 1000
	}
	r := result{time.Now().Format(time.RFC3339Nano), "result", len(took), all.Seconds(), float64(len(took)) / all.Seconds(), at(500), at(900), at(990), at(1000)}
	if s.out.json {
		s.out.object(r)
		return nil
	}
	s.out.show(happening{result: true, Text: sayf(
		"%d messages of %d bytes there and back in %.2f s, %d connections\n%.0f a second, %.1f MB/s each way\nhalf of them within %.0f µs, 90 %% within %.0f µs, 99 %% within %.0f µs, the slowest %.0f µs",
		"%d messages de %d octets, aller et retour, en %.2f s, %d connexions\n%.0f par seconde, %.1f Mo/s dans chaque sens\nla moitié en moins de %.0f µs, 90 %% en moins de %.0f µs, 99 %% en moins de %.0f µs, le plus lent en %.0f µs",
		r.Messages, c.Size, r.Seconds, c.Clients, r.Rate, r.Rate*float64(c.Size)/1e6, r.P50, r.P90, r.P99, r.Max).in(s.lib.Language())})
	return nil
}
