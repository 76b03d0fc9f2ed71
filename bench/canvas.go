package main

import (
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"strconv"
	"strings"
)

// A point of a plot, in pixels from the upper left corner.
type point struct{ x, y float64 }

// A canvas draws lines and letters with smooth edges.
type canvas struct{ *image.RGBA }

func newCanvas(width, height int) canvas {
	c := canvas{image.NewRGBA(image.Rect(0, 0, width, height))}
	c.fill(0, 0, float64(width), float64(height), color.RGBA{255, 255, 255, 255})
	return c
}

// blend puts a color over a pixel; cover is from 0 to 1.
func (c canvas) blend(x, y int, ink color.RGBA, cover float64) {
	if cover <= 0 || !(image.Point{X: x, Y: y}).In(c.Rect) {
		return
	}
	old := c.RGBAAt(x, y)
	mix := func(from, to uint8) uint8 {
		return uint8(math.Round(float64(from) + (float64(to)-float64(from))*cover))
	}
	c.SetRGBA(x, y, color.RGBA{mix(old.R, ink.R), mix(old.G, ink.G), mix(old.B, ink.B), 255})
}

// fill fills a rectangle.
func (c canvas) fill(left, top, right, bottom float64, ink color.RGBA) {
	overlap := func(pixel int, from, to float64) float64 {
		return math.Max(0, math.Min(float64(pixel+1), to)-math.Max(float64(pixel), from))
	}
	for y := int(top); y < int(math.Ceil(bottom)); y++ {
		for x := int(left); x < int(math.Ceil(right)); x++ {
			c.blend(x, y, ink, overlap(x, left, right)*overlap(y, top, bottom))
		}
	}
}

// stroke draws a line through points. Each pixel is inked once, by its distance
// from the nearest part, so that corners are not darker.
func (c canvas) stroke(path []point, width float64, ink color.RGBA) {
	box := [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range path {
		box = [4]float64{min(box[0], p.x), min(box[1], p.y), max(box[2], p.x), max(box[3], p.y)}
	}
	for y := int(box[1] - width - 1); y <= int(box[3]+width+1); y++ {
		for x := int(box[0] - width - 1); x <= int(box[2]+width+1); x++ {
			nearest := math.Inf(1)
			for i := 1; i < len(path); i++ {
				nearest = min(nearest, distance(point{float64(x) + 0.5, float64(y) + 0.5}, path[i-1], path[i]))
			}
			c.blend(x, y, ink, min(1, width/2+0.5-nearest))
		}
	}
}

func (c canvas) line(x1, y1, x2, y2, width float64, ink color.RGBA) {
	c.stroke([]point{{x1, y1}, {x2, y2}}, width, ink)
}

// distance of a point from the line between two others.
func distance(p, from, to point) float64 {
	dx, dy := to.x-from.x, to.y-from.y
	along := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		along = min(1, max(0, ((p.x-from.x)*dx+(p.y-from.y)*dy)/length))
	}
	return math.Hypot(p.x-from.x-along*dx, p.y-from.y-along*dy)
}

// round cuts the corners of a path, three times; its ends stay.
func round(path []point) []point {
	for range 3 {
		cut := []point{path[0]}
		for i := 1; i < len(path); i++ {
			a, b := path[i-1], path[i]
			cut = append(cut, point{a.x*0.75 + b.x*0.25, a.y*0.75 + b.y*0.25}, point{a.x*0.25 + b.x*0.75, a.y*0.25 + b.y*0.75})
		}
		path = append(cut, path[len(path)-1])
	}
	return path
}

// strokesOf gives the paths of a letter on its grid, and its width.
func strokesOf(letter rune) (paths [][]point, width float64) {
	if letter == ' ' {
		return nil, 2.5
	}
	for _, text := range strings.Split(glyphs[letter], "|") {
		bare, rounded := strings.CutPrefix(text, "~")
		var path []point
		for _, pair := range strings.Fields(bare) {
			x, y, _ := strings.Cut(pair, ",")
			p := point{number(x), number(y)}
			path = append(path, p)
			width = max(width, p.x)
		}
		if rounded && len(path) > 1 {
			path = round(path)
		}
		paths = append(paths, path)
	}
	return paths, width
}

func number(text string) float64 {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic("letter with a bad number: " + text)
	}
	return value
}

const letterGap = 2.4

// textWidth tells how wide a text is whose capitals are size pixels high.
func textWidth(text string, size float64) float64 {
	total := 0.0
	for _, letter := range text {
		_, width := strokesOf(letter)
		total += width + letterGap
	}
	return total * size / 10
}

// text writes with the base line at y. share 0 begins at x, 1 ends there, 0.5
// is centered.
func (c canvas) text(text string, x, y, size, share float64, ink color.RGBA) {
	x -= textWidth(text, size) * share
	scale := size / 10
	for _, letter := range text {
		paths, width := strokesOf(letter)
		for _, path := range paths {
			placed := make([]point, len(path))
			for i, p := range path {
				placed[i] = point{x + p.x*scale, y - p.y*scale}
			}
			c.stroke(placed, max(1.2, size*0.13), ink)
		}
		x += (width + letterGap) * scale
	}
}

// save writes the canvas as PNG.
func (c canvas) save(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(file, c.RGBA); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}
