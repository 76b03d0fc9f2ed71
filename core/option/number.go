package option

import (
	"strconv"
	"strings"

	"wdsocket/core/fault"
)

// Family is a family of numbers of the C interface that functions take as
// "option" or "what". Each has a thousand numbers of its own, so that one of
// another family is found out; up to version 0.1 each counted from 0.
type Family int32

// The families, as the first number of each.
const (
	FamilyOption Family = 1000 // WDS_OPT_
	FamilyText   Family = 2000 // WDS_TEXT_
	FamilyNumber Family = 3000 // WDS_NUM_
	FamilyInfo   Family = 4000 // WDS_INFO_
)

const eachFamily = 1000

// WrongNumber is the error of a parameter that is no number of the family, or
// one that does not fit here. It says where the number belongs.
func WrongNumber(parameter string, family Family, number int32) *fault.Error {
	e := wrongParameter(parameter, strconv.Itoa(int(number)))
	name := numberName(number)
	switch {
	case name != "" && Family(number/eachFamily*eachFamily) == family && family != FamilyInfo:
		return wrongParameter(parameter, name)
	case name != "":
		return e.With(noteOtherFamily, name, functionsFor(name))
	case number > 0 && number < eachFamily && numberName(int32(family)+number) != "":
		now := int32(family) + number
		return e.With(noteOldNumber, strconv.Itoa(int(number)), numberName(now)+" = "+strconv.Itoa(int(now)))
	}
	return e
}

// functionsFor names the functions that take the constant.
func functionsFor(name string) string {
	switch {
	case strings.HasPrefix(name, "WDS_OPT_"):
		return "WDSocketSetOption, WDSocketGetOption"
	case strings.HasPrefix(name, "WDS_TEXT_"):
		return "WDSocketSetText, WDSocketGetText, WDSocketSetBytes, WDSocketGetBytes"
	case strings.HasPrefix(name, "WDS_NUM_"):
		return "WDSocketGetNumber"
	case strings.HasPrefix(name, "WDS_INFO_SSL_"):
		return "WDSocketSSLInfo"
	case strings.HasPrefix(name, "WDS_INFO_WEBSOCKET_"):
		return "WDSocketWebSocketInfo"
	case strings.HasPrefix(name, "WDS_INFO_PROXY_"), strings.HasPrefix(name, "WDS_INFO_ROUTE_"):
		return "WDSocketClientInfo"
	case name == "WDS_INFO_ADDRESS", name == "WDS_INFO_PORT", name == "WDS_INFO_ENDPOINT":
		return "WDSocketClientInfo, WDSocketLocalInfo"
	case name == "WDS_INFO_DESTINATION":
		return "WDSocketLocalInfo"
	}
	return "WDSocketErrorInfo"
}

func wrongParameter(name, value string) *fault.Error {
	return fault.New(fault.Argument, fault.PhaseCall, name).With(fault.NoteParameter, value)
}
