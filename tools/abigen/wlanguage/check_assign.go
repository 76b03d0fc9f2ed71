package wlanguage

// assign checks an assignment.
func (c *checker) assign(s *statement) {
	for _, target := range s.left {
		c.target(target)
	}
	right := s.exprs[0]
	if len(s.left) > 1 || s.left[0].kind == exList {
		c.value(right)
		return
	}
	want := c.quietly(s.left[0])
	switch {
	case s.left[0].kind != exName || want.kind == kProcedure:
		if right.kind == exName {
			c.name(right, s.left[0].kind == exMember || want.kind == kProcedure)
			return
		}
		if s.left[0].kind == exPart {
			c.partAssigned(s, want, right)
			return
		}
		c.value(right)
	case s.op != "=" && want.kind != kBuffer:
		c.value(right)
	default:
		c.assignable(s.line, s.left[0].name, want, right)
		c.remember(s.left[0], right)
	}
}

// partAssigned checks buffer[[1]] = 200 and text[[1]] = "a".
func (c *checker) partAssigned(s *statement, want typ, right *expression) {
	got := c.value(right)
	if want.kind == kBuffer && right.kind == exText && len([]rune(right.name)) != 1 && s.left[0].name == "" {
		c.fault(s.line, msgAssigned, shown(s.left[0]), message{"one byte", "un octet"}, kindNames[got.kind], hintNone)
	}
	if want.isText() && (got.kind == kBuffer || got.kind == kInt) && s.left[0].name == "" {
		c.fault(s.line, msgAssigned, shown(s.left[0]), message{"a character", "un caractère"}, kindNames[got.kind], message{": write Charact()", " : écrivez Caract()"})
	}
}

// remember notes that a variable holds a constant of the originals.
func (c *checker) remember(target, value *expression) {
	v := c.locals[fold(target.name)]
	switch {
	case v == nil:
	case isOriginal(value):
		c.origin[v] = value.name
	default:
		delete(c.origin, v)
	}
}

// target checks what stands in front of =.
func (c *checker) target(e *expression) {
	switch e.kind {
	case exName:
		key := fold(e.name)
		if c.locals[key] != nil {
			return
		}
		_, constant := builtins().constants[key]
		if c.constants[key] != nil || (constant || isOriginal(e)) && c.globals[key] == nil {
			c.fault(e.line, msgConstantAssigned, e.name)
			return
		}
		c.typeOf(e)
	case exIndex, exPart, exMember, exIndirect, exUnknown, exList:
		c.typeOf(e)
	case exCall:
		c.typeOf(e)
		c.fault(e.line, msgNotAssignable)
	default:
		c.fault(e.line, msgNotAssignable)
	}
}

// assignable checks that a value fits a variable, a default its parameter.
func (c *checker) assignable(line int, name string, want typ, value *expression) {
	var got typ
	if value.kind == exName && want.kind == kProcedure {
		c.name(value, true)
		return
	}
	got = c.value(value)
	if hint, bad := misfit(want, got, value); bad {
		c.fault(line, msgAssigned, name, kindNames[want.kind], kindNames[got.kind], hint)
	}
}

// misfit tells whether WLanguage does not convert a value to a type, or converts it to something else than is meant.
func misfit(want, got typ, value *expression) (message, bool) {
	literal := value.kind == exText
	if literal && value.name == "" { // which empties whatever it is
		return hintNone, want.kind == kArray || want.kind == kStructure
	}
	switch want.kind {
	case kAny, kNothing, kNull, kTime:
		return hintNone, false
	case kInt, kReal:
		bad := got.isText() && literal && !isNumeral(value.name) || got.kind == kBuffer || got.kind == kArray || got.kind == kStructure || got.kind == kProcedure
		return hintOf(want, got), bad
	case kBoolean:
		return hintBoolean, got.isText() && literal || got.kind == kBuffer || got.kind == kArray || got.kind == kStructure || got.kind == kProcedure || got.kind == kDuration
	case kString:
		return hintOf(want, got), got.kind == kBuffer || got.kind == kArray || got.kind == kStructure || got.kind == kProcedure
	case kANSI:
		return hintOf(want, got), got.kind == kArray || got.kind == kStructure || got.kind == kProcedure
	case kBuffer:
		return hintOf(want, got), got.kind == kString || got.isNumber() || got.kind == kBoolean || got.kind == kArray || got.kind == kStructure || got.kind == kProcedure || got.kind == kDuration
	case kDuration:
		return hintNone, got.kind == kBuffer || got.kind == kArray || got.kind == kStructure || got.kind == kProcedure || got.kind == kBoolean
	case kProcedure:
		return hintNone, got.isNumber() || got.kind == kBuffer || got.kind == kBoolean
	case kArray:
		return hintNone, got.isNumber() || got.isText() || got.kind == kBuffer || got.kind == kBoolean
	case kStructure:
		return hintNone, got.isNumber() || got.isText() || got.kind == kBuffer || got.kind == kBoolean || got.kind == kStructure && fold(got.name) != fold(want.name)
	}
	return hintNone, false
}

// strictly tells what a typed parameter refuses besides: its argument must have its type.
func strictly(want, got typ) bool {
	switch want.kind {
	case kInt, kReal:
		return got.isText() || got.kind == kDuration || got.kind == kTime
	case kString, kANSI:
		return got.isNumber() || got.kind == kBoolean || got.kind == kDuration || got.kind == kBuffer
	case kBoolean:
		return got.isText()
	}
	return false
}

// hintOf says what to do with a value that does not fit.
func hintOf(want, got typ) message {
	switch {
	case got.kind == kProcedure:
		return hintCall
	case got.kind == kDuration:
		return hintDuration
	case want.isNumber() && got.isText():
		return hintNumber
	case want.isText() && got.isNumber():
		return hintText
	case want.isText() && got.kind == kBuffer:
		return hintBuffer
	case want.kind == kBuffer && got.isText():
		return hintBytes
	case want.kind == kBoolean:
		return hintBoolean
	}
	return hintNone
}
