// Un serveur d'écho en trois lignes, dans le thread d'une fenêtre : à la fin de son
// initialisation, et une procédure appelée pour chaque événement de chaque client.
wdSocketCrée("discussion", 5000)
wdSocketSur("discussion", "SurClient")

PROCÉDURE SurClient(nSocket est un entier, sMessage est une chaîne, nEvénement est un entier)
SI nEvénement = wdSocketMessage ALORS wdSocketEcrit(nSocket, "Vous avez dit : " + sMessage)
