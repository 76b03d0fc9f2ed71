package option

import "wdsocket/core/fault"

var (
	noteOtherFamily = fault.NewNote(
		"{0} is for {1}",
		"{0} s'emploie avec {1}")
	noteOldNumber = fault.NewNote(
		"{0} is a number of version 0.1; in this version it is {1}: recompile with its header or declarations",
		"{0} est un numéro de la version 0.1 ; dans cette version, c'est {1} : recompilez avec son fichier d'en-tête ou ses déclarations")
	noteGetOnly = fault.NewNote(
		"{0} can be asked for but not set",
		"{0} peut être demandé, pas réglé")
	noteNoPreset = fault.NewSentence(
		"no preset is named \"{who}\": the presets are {0}",
		"aucun préréglage ne s'appelle \"{who}\" : les préréglages sont {0}")
	noteNoPresetBut = fault.NewSentence(
		"no preset is named \"{who}\" (similar: {1}): the presets are {0}",
		"aucun préréglage ne s'appelle \"{who}\" (semblable : {1}) : les préréglages sont {0}")
)
