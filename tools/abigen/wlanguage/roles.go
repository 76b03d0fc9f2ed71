package wlanguage

// role is what a parameter without a type takes: WLanguage lets it be several types, and the
// procedures of the module turn them into one.
type role int

const (
	roleAny role = iota
	roleSocket
	roleTime
	roleMessage
)

// roleOf knows the procedures of the module that take such a value apart. What passes a parameter
// on to them has the same role.
func roleOf(p *procedure, place int) role {
	switch name := fold(p.name); {
	case name == "wdsockethandle" && place == 0:
		return roleSocket
	case name == "wdsmilliseconds" && place == 0:
		return roleTime
	case name == "wdsbytes" && place == 1 && p.params[1].kind.kind == kAny:
		return roleMessage
	}
	return roleAny
}

var roleNames = map[role]message{
	roleSocket:  {"a socket, its name or its handle", "un socket, son nom ou son handle"},
	roleTime:    {"a time in milliseconds or a Duration", "un temps en millisecondes ou une Durée"},
	roleMessage: {"a text or a Buffer", "une chaîne ou un Buffer"},
}

// takes tells whether a value can have a role.
func (r role) takes(got typ) bool {
	if got.kind == kAny || got.kind == kNull || got.kind == kNothing {
		return true
	}
	switch r {
	case roleSocket:
		return got.kind == kInt || got.isText()
	case roleTime:
		return got.isNumber() || got.kind == kDuration
	case roleMessage:
		return got.isText() || got.kind == kBuffer
	}
	return true
}
