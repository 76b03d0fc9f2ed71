package transport

import "wdsocket/core/fault"

var (
	textNoPipes = fault.NewSentence(
		"{who} is a named pipe, which only Windows has: use unix:/path here, or local:name, which works on both",
		"{who} est un tube nommé, qui n'existe que sous Windows : utilisez ici unix:/chemin, ou local:nom, qui fonctionne partout")
	noteDescriptorForm = fault.NewNote(
		"\"{0}\" is no security descriptor in SDDL, such as \"D:P(A;;GA;;;OW)(A;;GA;;;SY)(A;;GA;;;BA)(A;;0x12019b;;;AU)\"",
		"« {0} » n'est pas un descripteur de sécurité en SDDL, comme « D:P(A;;GA;;;OW)(A;;GA;;;SY)(A;;GA;;;BA)(A;;0x12019b;;;AU) »")
	noteOwnerForm = fault.NewNote(
		"\"{0}\" is not \"user\", \"user:group\" or \":group\"",
		"« {0} » n'est pas « utilisateur », « utilisateur:groupe » ou « :groupe »")
)
