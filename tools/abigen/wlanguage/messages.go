package wlanguage

// Of the syntax.
var (
	msgCommentOpen   = message{"the comment that begins here has no */", "le commentaire qui commence ici n'a pas de */"}
	msgTextOpen      = message{`the text has no end: put " behind it, and "" for a quotation mark inside`, `la chaîne n'est pas fermée : mettez " à sa fin, et "" pour un guillemet à l'intérieur`}
	msgBlockTextOpen = message{"the text of several lines that begins with [ has no line with ]", "la chaîne de plusieurs lignes qui commence par [ n'a pas de ligne avec ]"}
	msgSplit         = message{"the line ends inside of brackets: put ... behind it, which every version of WINDEV reads", "la ligne se termine dans des parenthèses : mettez ... à sa fin, ce que toute version de WINDEV lit"}
	msgNumber        = message{"%s is no number and no duration: a name begins with a letter", "%s n'est ni un nombre ni une durée : un nom commence par une lettre"}
	msgCharacter     = message{"the character %q has no meaning in WLanguage here", "le caractère %q n'a pas de sens ici en WLangage"}
	msgBehind        = message{"%q cannot stand here: an operator or a comma is missing in front of it, or it belongs on a line of its own", "%q ne peut pas être ici : il manque un opérateur ou une virgule devant, ou il va sur une ligne à lui"}
	msgStray         = message{"%s without a beginning: no block is open here, or one was ended too early", "%s sans début : aucun bloc n'est ouvert ici, ou il a été terminé trop tôt"}
	msgNoEnd         = message{"%s has no END", "%s n'a pas de FIN"}
	msgGlobalLate    = message{"a global stands behind a procedure: put it above the first one", "une variable globale est derrière une procédure : placez-la au-dessus de la première"}
	msgConstantLate  = message{"%s stands behind a procedure: put constants above the first one", "%s est derrière une procédure : placez les constantes au-dessus de la première"}
	msgConstant      = message{"%q is no constant: write NAME = value", "%q n'est pas une constante : écrivez NOM = valeur"}
	msgParameters    = message{"the parameters of %s have no closing bracket", "les paramètres de %s n'ont pas de parenthèse fermante"}
	msgDefaultBefore = message{"%s has no default and stands behind a parameter with one: give it one, or put it in front", "%s n'a pas de valeur par défaut et suit un paramètre qui en a une : donnez-lui-en une, ou mettez-le devant"}
	msgNoType        = message{"a type is missing in front of %q, such as int, string or Buffer", "il manque un type devant %q, par exemple entier, chaîne ou Buffer"}
	msgBehindType    = message{"%q cannot stand behind a type: a value follows with =", "%q ne peut pas suivre un type : une valeur suit avec ="}
	msgNested        = message{"the expression is nested too deeply to be read", "l'expression est trop imbriquée pour être lue"}
	msgChoice        = message{"a choice is written condition ? value ELSE value", "un choix s'écrit condition ? valeur SINON valeur"}
	msgMember        = message{"the name of a member or property is missing behind %q", "le nom d'un membre ou d'une propriété manque après %q"}
	msgBracket       = message{"%q is missing", "il manque %q"}
	msgValue         = message{"a value is missing in front of %q", "il manque une valeur devant %q"}
	msgValueMissing  = message{"a value is missing at the end of the line", "il manque une valeur à la fin de la ligne"}
	msgThen          = message{"the condition behind %s does not end with THEN", "la condition après %s ne se termine pas par ALORS"}
	msgFor           = message{"%s is written FOR name = first TO last, or FOR EACH name OF list", "%s s'écrit POUR nom = premier À dernier, ou POUR TOUT nom DE liste"}
	msgCase          = message{"%q cannot stand behind the values of a CASE: a comma or : is missing", "%q ne peut pas suivre les valeurs d'un CAS : il manque une virgule ou :"}
	msgBeforeCase    = message{"%q stands in a SWITCH in front of its first CASE", "%q est dans un SELON devant son premier CAS"}
)

// Of names.
var (
	msgUndeclared       = message{"%s is not declared: write %s is int, or another type, above", "%s n'est pas déclarée : écrivez %s est un entier, ou un autre type, au-dessus"}
	msgMeant            = message{"%s is not declared: is %s meant?", "%s n'est pas déclarée : s'agit-il de %s ?"}
	msgDeclaredBelow    = message{"%s is used above its declaration in line %d: move that up", "%s est utilisée au-dessus de sa déclaration à la ligne %d : remontez celle-ci"}
	msgDeclaredTwice    = message{"%s is declared in line %d already: give this one another name", "%s est déjà déclarée à la ligne %d : donnez un autre nom à celle-ci"}
	msgProcedureTwice   = message{"the procedure %s is there already, in line %d", "la procédure %s existe déjà, à la ligne %d"}
	msgConstantTwice    = message{"the constant %s is there already, in line %d", "la constante %s existe déjà, à la ligne %d"}
	msgNoProcedure      = message{"there is no procedure %s", "il n'y a pas de procédure %s"}
	msgProcedureMeant   = message{"there is no procedure %s: is %s meant?", "il n'y a pas de procédure %s : s'agit-il de %s ?"}
	msgNoFunction       = message{"WLanguage has no function %s, as far as is known here, and no procedure has this name", "le WLangage n'a pas de fonction %s, d'après ce qui est connu ici, et aucune procédure n'a ce nom"}
	msgNoConstant       = message{"there is no constant %s in this version of the library", "il n'y a pas de constante %s dans cette version de la bibliothèque"}
	msgOfDLL            = message{"%s is a function of the DLL: call it by API(wdsLibrary(), \"%s\", ...), or use the module's procedure", "%s est une fonction de la DLL : appelez-la par API(wdsLibrary(), \"%s\", ...), ou utilisez la procédure du module"}
	msgNoExport         = message{"the DLL has no function %s", "la DLL n'a pas de fonction %s"}
	msgNoExportMeant    = message{"the DLL has no function %s: is %s meant? Capitals count here", "la DLL n'a pas de fonction %s : s'agit-il de %s ? Les majuscules comptent ici"}
	msgNoSuchType       = message{"there is no type %s", "il n'y a pas de type %s"}
	msgTypeMeant        = message{"there is no type %s: is %s meant?", "il n'y a pas de type %s : s'agit-il de %s ?"}
	msgNoMember         = message{"the structure %s has no member %s", "la structure %s n'a pas de membre %s"}
	msgNoParentheses    = message{"%s is a procedure: write %s() to call it", "%s est une procédure : écrivez %s() pour l'appeler"}
	msgFunctionNoCall   = message{"%s is a function of WLanguage: write %s() to call it", "%s est une fonction du WLangage : écrivez %s() pour l'appeler"}
	msgNotCallable      = message{"%s is no procedure and cannot be called: it is %s", "%s n'est pas une procédure et ne peut pas être appelée : c'est %s"}
	msgConstantAssigned = message{"%s is a constant and cannot be changed", "%s est une constante et ne peut pas être modifiée"}
	msgNotAssignable    = message{"what stands in front of = is no variable: a value can be stored in a variable only", "ce qui précède = n'est pas une variable : une valeur ne peut être mise que dans une variable"}
)

// Of calls and values.
var (
	msgTooFew        = message{"%s gets %d arguments, and wants %s: %s is missing", "%s reçoit %d arguments, et en demande %s : il manque %s"}
	msgTooMany       = message{"%s gets %d arguments, and wants %s", "%s reçoit %d arguments, et en demande %s"}
	msgOmitted       = message{"%s cannot be left out in a call of %s: it has no default", "%s ne peut pas être omis dans un appel de %s : il n'a pas de valeur par défaut"}
	msgArgument      = message{"%s of %s is %s, and gets %s%s", "%s de %s est %s, et reçoit %s%s"}
	msgAPIText       = message{"parameter %d of %s is the address of a text in UTF-8, and gets %s: write sUTF8 is ASCIIZ string on 1024 = StringToUTF8(...) and pass &sUTF8", "le paramètre %d de %s est l'adresse d'une chaîne en UTF-8, et reçoit %s : écrivez sUTF8 est une chaîne ASCIIZ sur 1024 = ChaîneVersUTF8(...) et passez &sUTF8"}
	msgOutput        = message{"%s of %s receives a value, and %s is no variable: declare one and give that", "%s de %s reçoit une valeur, et %s n'est pas une variable : déclarez-en une et donnez-la"}
	msgNotBoolean    = message{"%s of %s is a boolean, and gets the number %s: write True or False; a time is the parameter behind it, if there is one", "%s de %s est un booléen, et reçoit le nombre %s : écrivez Vrai ou Faux ; une durée est le paramètre suivant, s'il y en a un"}
	msgFamily        = message{"%s of %s is one of %s, and gets %s", "%s de %s est une des %s, et reçoit %s"}
	msgCompared      = message{"the result of %s is one of %s, and is compared with %s", "le résultat de %s est une des %s, et il est comparé à %s"}
	msgOriginal      = message{"%s is a constant of WLanguage's own socket functions, and %s does not know its number: write %s", "%s est une constante des fonctions de socket du WLangage, et %s ne connaît pas son numéro : écrivez %s"}
	msgOriginalCall  = message{"%s is WLanguage's own function, and does not know the socket %q, which %s has made: write %s", "%s est la fonction du WLangage, et ne connaît pas le socket %q, créé par %s : écrivez %s"}
	msgOriginalError = message{"%s does not know the errors of %s: write %s", "%s ne connaît pas les erreurs de %s : écrivez %s"}
	msgAssigned      = message{"%s is %s, and gets %s%s", "%s est %s, et reçoit %s%s"}
	msgComparedTypes = message{"%s is compared with %s: they are never equal", "%s est comparé à %s : ils ne sont jamais égaux"}
	msgStatus        = message{"%s gives %s, and %s is a code of errors: write IF %s(...) THEN, or ask wdErrorCode()", "%s renvoie %s, et %s est un code d'erreur : écrivez SI %s(...) ALORS, ou interrogez wdErreurCode()"}
	msgNoCallback    = message{"there is no procedure %s, which %s is to call", "il n'y a pas de procédure %s, que %s doit appeler"}
	msgCallbackMeant = message{"there is no procedure %s, which %s is to call: is %s meant?", "il n'y a pas de procédure %s, que %s doit appeler : s'agit-il de %s ?"}
	msgCallback      = message{"%s is called by %s with %d arguments, and wants %s", "%s est appelée par %s avec %d arguments, et en demande %s"}
	msgInThread      = message{"%s runs in a thread of its own (line %d) and cannot open a window: write Trace(), or call a procedure by ExecuteMainThread()", "%s s'exécute dans un thread (ligne %d) et ne peut pas ouvrir de fenêtre : écrivez Trace(), ou appelez une procédure par ExécuteThreadPrincipal()"}
	msgNoResult      = message{"%s gives no result", "%s ne renvoie pas de résultat"}
	msgNoEffect      = message{"this line computes a value and does nothing with it", "cette ligne calcule une valeur et n'en fait rien"}
	msgIndexed       = message{"%s is %s and has no elements", "%s est %s et n'a pas d'éléments"}
	msgNoPart        = message{"%s is %s: [[ ]] takes parts of texts and Buffers", "%s est %s : [[ ]] prend une partie d'une chaîne ou d'un Buffer"}
	msgArithmetic    = message{"%s cannot be computed with: it is %s", "on ne peut pas calculer avec %s : c'est %s"}
)

// Of the order of statements.
var (
	msgResultType     = message{"%s gives %s, as its head says, and this is %s%s", "%s renvoie %s, d'après son en-tête, et ceci est %s%s"}
	msgResultUntyped  = message{"%s gives a result and does not say its type: write PROCEDURE %s(...): %s", "%s renvoie un résultat et n'en donne pas le type : écrivez PROCEDURE %s(...) : %s"}
	msgResultMissing  = message{"%s gives a result in line %d, and can end here without one: the caller goes on with nothing", "%s renvoie un résultat à la ligne %d, et peut se terminer ici sans en renvoyer : l'appelant continue sans rien"}
	msgResultNever    = message{"%s says that it gives a result and has no RESULT", "%s annonce un résultat et n'a pas de RENVOYER"}
	msgOutsideLoop    = message{"it ends or repeats a loop, and stands in none", "elle termine ou répète une boucle, et n'est dans aucune"}
	msgNeverReached   = message{"this line is never reached: the one above leaves", "cette ligne n'est jamais atteinte : celle d'au-dessus sort"}
	msgCaseTwice      = message{"%s is a case of line %d already", "%s est déjà un cas à la ligne %d"}
	msgCaseAfterOther = message{"a case behind OTHER CASE is never reached: put it above", "un cas derrière AUTRE CAS n'est jamais atteint : placez-le au-dessus"}
)

// What to do instead, behind the messages of types.
var (
	hintNone     = message{}
	hintNumber   = message{": write the number without quotation marks, or Val()", " : écrivez le nombre sans guillemets, ou Val()"}
	hintText     = message{": write NumToString()", " : écrivez NumériqueVersChaîne()"}
	hintBuffer   = message{": put it into an ANSI string first, or write UTF8ToString()", " : mettez-le d'abord dans une chaîne ANSI, ou écrivez UTF8VersChaîne()"}
	hintBytes    = message{", which has two bytes a character in UNICODE projects: put it into an ANSI string first, or write StringToUTF8()", ", qui a deux octets par caractère dans un projet UNICODE : mettez-la d'abord dans une chaîne ANSI, ou écrivez ChaîneVersUTF8()"}
	hintDuration = message{": write the milliseconds", " : écrivez les millisecondes"}
	hintBoolean  = message{": write True or False", " : écrivez Vrai ou Faux"}
	hintCall     = message{": the parentheses of a call are missing", " : il manque les parenthèses d'un appel"}
)
