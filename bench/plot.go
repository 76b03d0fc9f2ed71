package main

import (
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

var (
	black  = color.RGBA{34, 34, 40, 255}
	gray   = color.RGBA{120, 120, 128, 255}
	pale   = color.RGBA{224, 226, 230, 255}
	blue   = color.RGBA{38, 110, 180, 255}
	orange = color.RGBA{222, 122, 34, 255}
	steel  = color.RGBA{150, 162, 178, 255}
)

// drawAll draws the plots for which there are rows.
func drawAll(folder string, rows []row) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	var bars []row
	for _, r := range rows {
		if r.Ratio != nil && !r.Absolute && !strings.HasPrefix(r.Name, "message-") && !strings.HasPrefix(r.Name, "growth") {
			bars = append(bars, r)
		}
	}
	if len(bars) > 0 {
		if err := drawBars(bars).save(filepath.Join(folder, "ratios.png")); err != nil {
			return err
		}
	}
	if sizes := rowsByNumber(rows, "message-"); len(sizes) > 1 {
		plot := curves{title: "Cost per message against its size, one way, both ends", xTitle: "bytes of a message", yTitle: "µs per message", points: sizes, other: "C by hand"}
		if err := plot.draw().save(filepath.Join(folder, "message-size.png")); err != nil {
			return err
		}
	}
	if numbers := timesOf(rowsByNumber(rows, "echo-")); len(numbers) > 1 {
		plot := curves{title: "Event echo server: time per message against the number of clients", xTitle: "clients", yTitle: "µs per message of 100 B, there and back", points: numbers, other: "libuv in C"}
		return plot.draw().save(filepath.Join(folder, "clients.png"))
	}
	return nil
}

// timesOf turns rates per second into microseconds.
func timesOf(rates []pair) []pair {
	times := make([]pair, len(rates))
	for i, at := range rates {
		times[i] = pair{at.x, 1e6 / at.ours, 1e6 / at.other}
	}
	return times
}

// A scale turns values into pixels, by their logarithm.
type scale struct{ least, most, from, to float64 }

func (s scale) at(value float64) float64 {
	return s.from + (s.to-s.from)*math.Log(value/s.least)/math.Log(s.most/s.least)
}

// ticks gives round values on a scale: 1, 2 and 5 of each power of ten, or the
// powers only when these would be too many.
func (s scale) ticks() []float64 {
	steps := []float64{1, 2, 5}
	if s.most/s.least > 2000 {
		steps = steps[:1]
	}
	var list []float64
	for power := math.Floor(math.Log10(s.least)); power <= math.Log10(s.most); power++ {
		for _, step := range steps {
			if value := step * math.Pow(10, power); value >= s.least*0.999 && value <= s.most*1.001 {
				list = append(list, value)
			}
		}
	}
	return list
}

func tickText(value float64) string { return strconv.FormatFloat(value, 'g', 6, 64) }

// advantage turns a ratio so that more than 1 is good for the library.
func advantage(r row, ratio float64) float64 {
	if r.Better == higher {
		return ratio
	}
	return 1 / ratio
}

// drawBars draws how the library compares, a bar for each row.
func drawBars(rows []row) canvas {
	const width, line, top, left, right = 1200, 34, 96, 440, 1100
	c := newCanvas(width, top+line*len(rows)+70)
	bottom := float64(top + line*len(rows))
	axis := barScale(rows)
	axis.from, axis.to = left, right
	c.text("wdsocket against C written by hand", 30, 40, 17, 0, black)
	c.text("right of 1: the library is better. Dark mark: the aim. Thin line: 95 % interval", 30, 68, 11, 0, gray)
	for _, tick := range axis.ticks() {
		c.line(axis.at(tick), top-6, axis.at(tick), bottom, 1, pale)
		c.text(tickText(tick), axis.at(tick), bottom+22, 11, 0.5, gray)
	}
	for i, r := range rows {
		drawBar(c, axis, r, float64(top+line*i))
	}
	c.line(axis.at(1), top-6, axis.at(1), bottom+4, 2, black)
	for i, entry := range []struct {
		text string
		ink  color.RGBA
	}{{"reaches its aim", blue}, {"does not reach its aim", orange}, {"reported, without an aim", steel}} {
		x := 30 + 300*float64(i)
		c.fill(x, bottom+42, x+16, bottom+56, entry.ink)
		c.text(entry.text, x+26, bottom+54, 11, 0, gray)
	}
	return c
}

// barScale finds the range that holds all bars, 1 and the aims.
func barScale(rows []row) scale {
	s := scale{least: 0.5, most: 2}
	for _, r := range rows {
		values := []float64{*r.Ratio, r.Interval[0], r.Interval[1]}
		if r.Aim != nil {
			values = append(values, *r.Aim)
		}
		for _, value := range values {
			s.least = min(s.least, advantage(r, value)/1.1)
			s.most = max(s.most, advantage(r, value)*1.1)
		}
	}
	return s
}

func drawBar(c canvas, axis scale, r row, top float64) {
	ink := steel
	if r.OK != nil && *r.OK {
		ink = blue
	} else if r.OK != nil {
		ink = orange
	}
	one, end, middle := axis.at(1), axis.at(advantage(r, *r.Ratio)), top+15
	c.text(r.What, axis.from-14, middle+5, 11.5, 1, black)
	c.fill(min(one, end), top+5, max(one, end), top+25, ink)
	c.line(axis.at(advantage(r, r.Interval[0])), middle, axis.at(advantage(r, r.Interval[1])), middle, 1.5, black)
	if r.Aim != nil {
		x := axis.at(advantage(r, *r.Aim))
		c.line(x, top+3, x, top+27, 2.5, black)
	}
	c.text(fmt.Sprintf("%.2f", advantage(r, *r.Ratio)), axis.to+22, middle+5, 11.5, 0, black)
}

// A pair is a place on the x axis with the values of both sides.
type pair struct{ x, ours, other float64 }

// rowsByNumber gives the rows whose name is a prefix and a number.
func rowsByNumber(rows []row, prefix string) []pair {
	var list []pair
	for _, r := range rows {
		rest, found := strings.CutPrefix(r.Name, prefix)
		x, err := strconv.ParseFloat(rest, 64)
		if found && err == nil && r.Other != nil {
			list = append(list, pair{x, r.Ours, *r.Other})
		}
	}
	return list
}

// curves is a plot of both sides against a number.
type curves struct {
	title, xTitle, yTitle string
	points                []pair
	other                 string // what the library is compared with
}

func (p curves) draw() canvas {
	const width, height, left, right, top, bottom = 1000, 600, 110, 960, 90, 520
	c := newCanvas(width, height)
	x := scale{p.points[0].x, p.points[len(p.points)-1].x, left, right}
	y := scale{math.Inf(1), 0, bottom, top}
	for _, at := range p.points {
		y.least = min(y.least, at.ours/1.3, at.other/1.3)
		y.most = max(y.most, at.ours*1.3, at.other*1.3)
	}
	c.text(p.title, 30, 40, 17, 0, black)
	c.text(p.yTitle, 30, 72, 11, 0, gray)
	for _, tick := range y.ticks() {
		c.line(left, y.at(tick), right, y.at(tick), 1, pale)
		c.text(tickText(tick), left-12, y.at(tick)+4, 11, 1, gray)
	}
	for _, at := range p.points {
		c.line(x.at(at.x), top, x.at(at.x), bottom, 1, pale)
		c.text(tickText(at.x), x.at(at.x), bottom+24, 11, 0.5, gray)
	}
	c.text(p.xTitle, (left+right)/2, bottom+52, 11, 0.5, gray)
	p.curve(c, x, y, orange, func(at pair) float64 { return at.other })
	p.curve(c, x, y, blue, func(at pair) float64 { return at.ours })
	for i, entry := range []struct {
		text string
		ink  color.RGBA
	}{{"wdsocket", blue}, {p.other, orange}} {
		from := left + 20 + 140*float64(i)
		c.line(from, top+16, from+24, top+16, 3, entry.ink)
		c.text(entry.text, from+34, top+20, 11, 0, black)
	}
	return c
}

// curve draws one side: a line and a dot at each place.
func (p curves) curve(c canvas, x, y scale, ink color.RGBA, value func(pair) float64) {
	path := make([]point, len(p.points))
	for i, at := range p.points {
		path[i] = point{x.at(at.x), y.at(value(at))}
		c.stroke([]point{path[i], path[i]}, 9, ink)
	}
	c.stroke(path, 3, ink)
}
