// A client and a server with TLS 1.2 or 1.3.

// The certificate of the server is verified against the authorities of Windows.
PROCEDURE SecureClient()
IF NOT wdSocketConnectSSL("secure", 443, "www.example.com", WDS_SSL_DEFAULT, 10000) THEN
	// For example: the certificate is for other names, or has expired.
	Error(wdErrorInfo())
	RETURN
END
Info(wdSocketSSLInfo("secure", WDS_INFO_SSL_VERSION), wdSocketSSLInfo("secure", WDS_INFO_SSL_SUBJECT))
wdSocketClose("secure")

// A client of a server with a self-signed certificate: it trusts that certificate
// and no other.
PROCEDURE OwnClient()
wdSocketNew("own")
wdSocketSetText("own", WDS_TEXT_SSL_AUTHORITIES, fExeDir() + "\server.pem")
wdSocketSetText("own", WDS_TEXT_SSL_SERVER_NAME, "server.example")
IF NOT wdSocketConnectSSL("own", 5443, "192.168.1.10", WDS_SSL_ONLY_AUTHORITIES, 10000) THEN Error(wdErrorInfo())
// Connected or not, what wdSocketNew has made is held until it is closed.
wdSocketClose("own")

PROCEDURE SecureServer()
IF NOT wdSocketCreateSSL("tls server", 5443, fExeDir() + "\server.pfx", WDS_SSL_DEFAULT, "", "password of the file") THEN
	Error(wdErrorInfo())
	RETURN
END
Trace(wdSocketGetOption("tls server", WDS_OPT_SSL_DAYS_LEFT))
