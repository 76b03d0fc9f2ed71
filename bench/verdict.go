package main

// A verdict is what a measurement says of an aim.
type verdict string

const (
	reached verdict = "ok"
	missed  verdict = "missed"
	unclear verdict = "unclear" // the blocks allow both
)

// judge compares a value and its interval with an aim. The answer is unclear
// where the interval has the aim inside, and where value and interval do not
// agree.
func judge(value float64, interval [2]float64, better string, aim float64) verdict {
	reaches := func(x float64) bool {
		if better == higher {
			return x >= aim
		}
		return x <= aim
	}
	switch low, high := reaches(interval[0]), reaches(interval[1]); {
	case reaches(value) && low && high:
		return reached
	case !reaches(value) && !low && !high:
		return missed
	default:
		return unclear
	}
}
