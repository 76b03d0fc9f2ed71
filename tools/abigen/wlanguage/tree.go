package wlanguage

// File is a text that has been read.
type File struct {
	name       string
	faults     []Fault      // of the syntax
	split      []Fault      // lines that end inside of brackets
	deliberate map[int]bool // lines that break a rule on purpose
	outside    *procedure
	procedures []*procedure
	structures []*structure
	constants  []*variable
	globals    []*variable
}

// variable is a variable, a parameter, a constant or a member of a structure.
type variable struct {
	name  string
	line  int
	kind  typ
	value *expression // of a constant; of a parameter the default
	local bool        // a parameter that is a copy
}

type structure struct {
	name    string
	line    int
	members []*variable
}

// procedure is one with its code; the first, without a name, is what stands outside of others.
type procedure struct {
	name     string
	line     int
	params   []*variable
	least    int  // arguments
	any      bool // takes any number of arguments
	typed    bool // says the type of its result
	result   typ
	body     []*statement
	internal []*procedure
}

func (p *procedure) most() int { return len(p.params) }

type statementKind int

const (
	stNothing statementKind = iota // could not be read
	stDeclare
	stAssign
	stCall // an expression alone
	stIf
	stLoop
	stWhile
	stFor
	stForEach
	stSwitch
	stResult
	stBreak
	stContinue
	stBlock // WHEN EXCEPTION and others of which only the lines matter
)

type statement struct {
	kind  statementKind
	line  int
	vars  []*variable   // stDeclare, and what a loop declares
	left  []*expression // stAssign
	op    string
	exprs []*expression // right side, condition, limits, values
	body  []*statement
	other []*statement // behind ELSE
	cases []arm
}

// arm is a case of a SWITCH: the values, and what is done.
type arm struct {
	line   int
	values []*expression
	other  bool // OTHER CASE
	body   []*statement
}

type expressionKind int

const (
	exUnknown expressionKind = iota // could not be read, or is of any type
	exNumber
	exDuration
	exText
	exName
	exCall     // args[0] is called
	exIndex    // a[1]
	exPart     // a[[1 TO 2]]
	exMember   // a.b, a..b
	exUnary    // name is the operator
	exBinary   // name is the operator
	exList     // [1, 2]
	exIndirect // {"name"}
	exOmitted  // an argument that is left out
	exChoice   // a ? b ELSE c
)

type expression struct {
	kind expressionKind
	line int
	name string
	args []*expression
}

// at gives operand i, nil if there is none.
func (e *expression) at(i int) *expression {
	if e == nil || i >= len(e.args) {
		return nil
	}
	return e.args[i]
}

// calls tells whether e is a call of a name, and which.
func (e *expression) calls() (name string, ok bool) {
	if e == nil || e.kind != exCall || e.args[0].kind != exName {
		return "", false
	}
	return e.args[0].name, true
}

// each visits an expression and all in it.
func (e *expression) each(visit func(*expression)) {
	if e == nil {
		return
	}
	visit(e)
	for _, arg := range e.args {
		arg.each(visit)
	}
}

// eachStatement visits statements and those inside them.
func eachStatement(list []*statement, visit func(*statement)) {
	for _, s := range list {
		visit(s)
		eachStatement(s.body, visit)
		eachStatement(s.other, visit)
		for _, arm := range s.cases {
			eachStatement(arm.body, visit)
		}
	}
}

// expressions are those of the statement itself.
func (s *statement) expressions() []*expression {
	all := append([]*expression{}, s.left...)
	all = append(all, s.exprs...)
	for _, v := range s.vars {
		if v.value != nil {
			all = append(all, v.value)
		}
	}
	for _, arm := range s.cases {
		all = append(all, arm.values...)
	}
	return all
}
