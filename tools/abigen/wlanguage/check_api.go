package wlanguage

import (
	"fmt"
	"strings"
)

// api checks a call of the DLL: that it has the function, the number of its arguments, and that
// texts are given by the address of an ASCIIZ string, which the DLL reads as UTF-8.
func (c *values) api(e *expression, name string) {
	given := e.at(2)
	if key := fold(name); key != "api" && key != "calldll32" && key != "appeldll32" || given == nil || given.kind != exText || !strings.HasPrefix(fold(given.name), "wdsocket") {
		return
	}
	var f *Function
	var all []string
	for i := range c.options.Library {
		all = append(all, c.options.Library[i].Name)
		if c.options.Library[i].Name == given.name {
			f = &c.options.Library[i]
		}
	}
	switch args := e.args[3:]; {
	case len(all) == 0:
	case f == nil && nearest(given.name, all) != "":
		c.fault(given.line, msgNoExportMeant, given.name, nearest(given.name, all))
	case f == nil:
		c.fault(given.line, msgNoExport, given.name)
	case len(args) != len(f.Texts):
		c.fault(e.line, msgTooMany, f.Name, len(args), fmt.Sprint(len(f.Texts)))
	default:
		for i, arg := range args {
			if f.Texts[i] {
				c.apiText(f, i, arg)
			}
		}
	}
}

func (c *values) apiText(f *Function, i int, arg *expression) {
	inner := arg
	if arg.kind == exUnary && arg.name == "&" {
		inner = arg.args[0]
	}
	if t := c.quietly(inner); t.kind == kString || arg == inner && t.isText() {
		c.fault(arg.line, msgAPIText, i+1, f.Name, shown(arg))
	}
}
