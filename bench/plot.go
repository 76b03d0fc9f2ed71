package main

import (
	"errors"
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

var (
	black  = color.RGBA{34, 34, 40, 255}
	gray   = color.RGBA{120, 120, 128, 255}
	pale   = color.RGBA{224, 226, 230, 255}
	blue   = color.RGBA{38, 110, 180, 255}
	orange = color.RGBA{222, 122, 34, 255}
	violet = color.RGBA{136, 84, 168, 255}
)

// drawAll draws the plots for which there are rows.
func drawAll(folder string, rows []row) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	var ratios []row
	for _, r := range rows {
		if r.Ratio != nil && !r.Absolute && !strings.HasPrefix(r.Name, "message-") && !strings.HasPrefix(r.Name, "growth") && !strings.HasPrefix(r.Name, "bytes-") {
			ratios = append(ratios, r)
		}
	}
	if len(ratios) > 0 {
		if err := drawRatios(ratios, filepath.Join(folder, "ratios.png")); err != nil {
			return err
		}
	}
	for _, c := range []curves{
		{title: "Cost per message against its size, one way, both ends", x: "bytes of a message", y: "µs per message",
			points: pointsOf(rows, "message-"), other: "C by hand", file: "message-size.png"},
		{title: "Event echo server: time per message against the number of clients", x: "clients", y: "µs per message of 100 B, there and back",
			points: timesOf(pointsOf(rows, "echo-")), other: "libuv in C", file: "clients.png"},
	} {
		if len(c.points) < 2 {
			continue
		}
		if err := c.draw(filepath.Join(folder, c.file)); err != nil {
			return err
		}
	}
	return nil
}

// newPlot gives an empty plot with logarithmic axes.
func newPlot(title, x, y string) *plot.Plot {
	plot.DefaultFont = font.Font{Typeface: "Liberation", Variant: "Sans"}
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.Padding = vg.Points(10)
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.TickerFunc(ticks)
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.TickerFunc(ticks)
	p.Legend.Padding, p.Legend.ThumbnailWidth = vg.Points(3), vg.Points(16)
	return p
}

// save writes a plot as PNG, with a margin.
func save(p *plot.Plot, width, height vg.Length, path string) (err error) {
	const margin = 10 // points
	canvas := vgimg.New(width, height)
	p.Draw(draw.Crop(draw.New(canvas), margin, -margin, margin, -margin))
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	_, err = vgimg.PngCanvas{Canvas: canvas}.WriteTo(file)
	return err
}

// ticks gives round values: 1, 2 and 5 of each power of ten, or the powers only
// where these would be too many.
func ticks(least, most float64) []plot.Tick {
	steps := []float64{1, 2, 5}
	if most/least > 2000 {
		steps = steps[:1]
	}
	var list []plot.Tick
	for power := math.Floor(math.Log10(least)); power <= math.Log10(most); power++ {
		for _, step := range steps {
			if value := step * math.Pow(10, power); value >= least*0.999 && value <= most*1.001 {
				list = append(list, tick(value))
			}
		}
	}
	return list
}

func tick(value float64) plot.Tick {
	return plot.Tick{Value: value, Label: strconv.FormatFloat(value, 'g', 6, 64)}
}

// advantage turns a ratio so that more than 1 is good for the library.
func advantage(r row, ratio float64) float64 {
	if r.Better == higher {
		return ratio
	}
	return 1 / ratio
}

// A series is the rows of the plot of ratios that look the same: each a dot with
// its interval.
type series struct {
	plotter.XYs
	plotter.XErrors
	ink color.Color
}

func (s *series) add(r row, y float64) {
	x := advantage(r, *r.Ratio)
	ends := []float64{advantage(r, r.Interval[0]), advantage(r, r.Interval[1])}
	slices.Sort(ends)
	s.XYs = append(s.XYs, plotter.XY{X: x, Y: y})
	// A ratio may lie outside its interval, which then begins at the ratio.
	s.XErrors = append(s.XErrors, struct{ Low, High float64 }{max(0, x-ends[0]), max(0, ends[1]-x)})
}

// addTo adds the series to a plot, if there is something in it.
func (s *series) addTo(p *plot.Plot, name string) error {
	if len(s.XYs) == 0 {
		return nil
	}
	dots, err := plotter.NewScatter(s)
	if err != nil {
		return err
	}
	dots.GlyphStyle = draw.GlyphStyle{Color: s.ink, Radius: vg.Points(4), Shape: draw.CircleGlyph{}}
	bars, err := plotter.NewXErrorBars(s)
	if err != nil {
		return err
	}
	bars.LineStyle = draw.LineStyle{Color: s.ink, Width: vg.Points(1.5)}
	bars.CapWidth = vg.Points(5)
	p.Add(bars, dots)
	p.Legend.Add(name, dots)
	return nil
}

// aims are marks across the lines of the rows.
type aims struct {
	plotter.XYs
	plotter.YErrors
}

func (a *aims) addTo(p *plot.Plot) error {
	if len(a.XYs) == 0 {
		return nil
	}
	marks, err := plotter.NewYErrorBars(a)
	if err != nil {
		return err
	}
	marks.LineStyle = draw.LineStyle{Color: black, Width: vg.Points(2)}
	marks.CapWidth = 0
	p.Add(marks)
	legend, err := plotter.NewLine(plotter.XYs{{X: 1}, {X: 1}})
	if err != nil {
		return err
	}
	legend.LineStyle = marks.LineStyle
	p.Legend.Add("the aim", legend)
	return nil
}

// drawRatios draws how the library compares, a line for each row.
func drawRatios(rows []row, file string) error {
	const legend = 6 // lines of the plot below the rows
	// The title says what the axis is: the plotter would leave room beside a label
	// as if the axis were linear.
	p := newPlot("wdsocket against C written by hand: right of 1 the library is better, lines are 95 % intervals", "", "")
	p.X.Min, p.X.Max = ratioRange(rows)
	p.Y.Min, p.Y.Max = -legend, float64(len(rows))-0.5
	p.Y.Scale = plot.LinearScale{}
	p.Legend.Left = true
	looks := map[verdict]*series{reached: {ink: blue}, missed: {ink: orange}, unclear: {ink: violet}, "": {ink: gray}}
	var marks aims
	var names plot.ConstantTicks
	for i, r := range rows {
		y := float64(len(rows) - 1 - i)
		looks[r.Verdict].add(r, y)
		names = append(names, plot.Tick{Value: y, Label: fmt.Sprintf("%s   %.2f", r.What, advantage(r, *r.Ratio))})
		if r.Aim != nil {
			marks.XYs = append(marks.XYs, plotter.XY{X: advantage(r, *r.Aim), Y: y})
			marks.YErrors = append(marks.YErrors, struct{ Low, High float64 }{0.35, 0.35})
		}
	}
	p.Y.Tick.Marker, p.Y.Tick.Length = names, 0
	addGrid(p)
	even, err := plotter.NewLine(plotter.XYs{{X: 1, Y: p.Y.Min}, {X: 1, Y: p.Y.Max}})
	if err != nil {
		return err
	}
	even.Color = black
	p.Add(even)
	for _, s := range []struct {
		verdict verdict
		name    string
	}{{reached, "reaches its aim"}, {missed, "misses its aim"}, {unclear, "unclear: the interval holds the aim"}, {"", "without an aim"}} {
		if err := looks[s.verdict].addTo(p, s.name); err != nil {
			return err
		}
	}
	if err := marks.addTo(p); err != nil {
		return err
	}
	return save(p, vg.Points(860), vg.Points(90+16*float64(len(rows)+legend)), file)
}

func addGrid(p *plot.Plot) {
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = pale, pale
	p.Add(grid)
}

// ratioRange finds the range that holds all rows, 1 and the aims.
func ratioRange(rows []row) (least, most float64) {
	least, most = 0.5, 2
	for _, r := range rows {
		values := []float64{*r.Ratio, r.Interval[0], r.Interval[1]}
		if r.Aim != nil {
			values = append(values, *r.Aim)
		}
		for _, value := range values {
			least = min(least, advantage(r, value)/1.1)
			most = max(most, advantage(r, value)*1.1)
		}
	}
	return least, most
}

// A pair is a place on the x axis with the values of both sides.
type pair struct{ x, ours, other float64 }

// pointsOf gives the rows whose name is a prefix and a number.
func pointsOf(rows []row, prefix string) []pair {
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

// timesOf turns rates per second into microseconds.
func timesOf(rates []pair) []pair {
	times := make([]pair, len(rates))
	for i, at := range rates {
		times[i] = pair{at.x, 1e6 / at.ours, 1e6 / at.other}
	}
	return times
}

// curves is a plot of both sides against a number.
type curves struct {
	title, x, y string
	points      []pair
	other       string // what the library is compared with
	file        string
}

func (c curves) draw(file string) error {
	p := newPlot(c.title, c.x, c.y)
	var places plot.ConstantTicks
	for _, at := range c.points {
		places = append(places, tick(at.x))
	}
	p.X.Tick.Marker = places
	p.Legend.Top, p.Legend.Left = true, true
	addGrid(p)
	for _, side := range []struct {
		name  string
		ink   color.Color
		value func(pair) float64
	}{{c.other, orange, func(at pair) float64 { return at.other }}, {"wdsocket", blue, func(at pair) float64 { return at.ours }}} {
		path := make(plotter.XYs, len(c.points))
		for i, at := range c.points {
			path[i] = plotter.XY{X: at.x, Y: side.value(at)}
		}
		line, dots, err := plotter.NewLinePoints(path)
		if err != nil {
			return err
		}
		line.LineStyle = draw.LineStyle{Color: side.ink, Width: vg.Points(2)}
		dots.GlyphStyle = draw.GlyphStyle{Color: side.ink, Radius: vg.Points(3.5), Shape: draw.CircleGlyph{}}
		p.Add(line, dots)
		p.Legend.Add(side.name, line, dots)
	}
	p.Y.Min, p.Y.Max = p.Y.Min/1.3, p.Y.Max*1.3
	return save(p, vg.Points(720), vg.Points(432), file)
}
