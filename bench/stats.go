package main

import (
	"math"
	"math/rand/v2"
	"slices"
)

// resamples is the number of draws of the bootstrap.
const resamples = 5000

// median gives the middle of some numbers, NaN if there are none.
func median(numbers []float64) float64 {
	if len(numbers) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(numbers))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// interval95 gives the interval in which the median of the numbers lies with
// 95 % probability, by bootstrap. The same numbers give the same interval.
func interval95(numbers []float64) [2]float64 {
	random := rand.New(rand.NewPCG(1, 2))
	medians := make([]float64, resamples)
	draw := make([]float64, len(numbers))
	for i := range medians {
		for j := range draw {
			draw[j] = numbers[random.IntN(len(numbers))]
		}
		medians[i] = median(draw)
	}
	slices.Sort(medians)
	return [2]float64{medians[resamples*25/1000], medians[resamples*975/1000-1]}
}

// quotients divides block by block. Blocks that are compared ran one right
// after the other, so what slowed the machine down slowed down both.
func quotients(ours, other []float64) []float64 {
	list := make([]float64, len(ours))
	for i := range ours {
		list[i] = ours[i] / other[i]
	}
	return list
}
