package wlanguage

import "strings"

// named are the functions and procedures that are given the name of a procedure as text: the place
// of that, and the number of arguments with which they call it, -1 for any.
var named = map[string]struct{ place, arguments int }{
	"event": {0, 0}, "evenement": {0, 0}, "timersys": {0, 0},
	"wdsocketon": {1, 3}, "wdsocketsur": {1, 3},
}

// callback checks a procedure that is given by its name as text.
func (c *checker) callback(e *expression) {
	name, ok := e.calls()
	how, is := named[fold(name)]
	if !ok || !is || c.options.Snippet {
		return
	}
	given := e.at(how.place + 1)
	if given == nil || given.kind != exText || given.name == "" || strings.ContainsAny(given.name, ".:(") {
		return
	}
	p := c.procedures[fold(given.name)]
	if p == nil {
		if near := nearest(given.name, c.procedureNames()); near != "" {
			c.fault(given.line, msgCallbackMeant, given.name, name, near)
		} else if !c.options.Foreign {
			c.fault(given.line, msgNoCallback, given.name, name)
		}
		return
	}
	if how.arguments >= 0 && !p.any && (how.arguments < p.least || how.arguments > p.most()) {
		c.fault(given.line, msgCallback, p.name, name, how.arguments, wanted(p.least, p.most()))
	}
}

// windows are the functions that open a window of their own and wait for the user.
var windows = words("info erreur error avertissement warning confirm confirmer okcancel okannuler yesno ouinon dialog dialogue input saisie message")

// threads finds procedures that are run by ThreadExecute and open windows.
func (c *checker) threads(p *procedure) {
	line, runs := c.threaded[fold(p.name)]
	if !runs {
		return
	}
	eachStatement(p.body, func(s *statement) {
		for _, e := range s.expressions() {
			e.each(func(e *expression) {
				if name, ok := e.calls(); ok && windows[fold(name)] && c.procedures[fold(name)] == nil {
					c.fault(e.line, msgInThread, p.name, line)
				}
			})
		}
	})
}

// given notes the procedures of the text that ThreadExecute is given, and the lines, and those
// that wdSocketOn is given.
func (c *checker) given() {
	c.threaded, c.followers = map[string]int{}, map[string]bool{}
	for _, p := range append([]*procedure{c.file.outside}, c.file.procedures...) {
		eachStatement(p.body, func(s *statement) {
			for _, e := range s.expressions() {
				e.each(func(e *expression) {
					name, _ := e.calls()
					run, follower := e.at(3), e.at(2)
					switch fold(name) {
					case "threadexecute":
						if run != nil && (run.kind == exName || run.kind == exText) {
							c.threaded[fold(run.name)] = e.line
						}
					case "wdsocketon", "wdsocketsur":
						if follower != nil && follower.kind == exText {
							c.followers[fold(follower.name)] = true
						}
					}
				})
			}
		})
	}
}

// eventOf is the parameter that says what happened, of a procedure that wdSocketOn is given.
func (c *checker) eventOf(p *procedure) *variable {
	if c.followers[fold(p.name)] && len(p.params) > 2 {
		return p.params[2]
	}
	return nil
}
