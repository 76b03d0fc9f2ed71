package description

import "slices"

// Protocol is a description that has a name.
type Protocol struct {
	Name   string
	Text   string // what Parse reads
	Source string // where the protocol is described
}

// Protocols are the descriptions of protocols, by their names' order. What messages begin
// with that the host needs, they keep.
func Protocols() []Protocol { return slices.Clone(protocols[:]) }

// Find gives the protocol of a name.
func Find(name string) (Protocol, bool) {
	i := slices.IndexFunc(protocols[:], func(p Protocol) bool { return p.Name == name })
	if i < 0 {
		return Protocol{}, false
	}
	return protocols[i], true
}

var protocols = [...]Protocol{
	// AMS/TCP header: two bytes that are reserved, the length of what follows.
	{"ads", "0000 len:u32le data",
		"Beckhoff TwinCAT ADS/AMS specification, AMS/TCP header"},
	// The message is frame number, text and ETX, or ETB where the text goes on: the end that
	// counts is CR LF, which no text contains.
	{"astm", "02 d=data sum/hex(d) 0D0A ; restart control=(05|06|15|04) bad=nak",
		"ASTM E1381, CLSI LIS01-A2"},
	// The length counts the header of 4 bytes, too.
	{"diameter", "01 len:u24be-4 data ; keep",
		"RFC 6733, 3"},
	{"dicom", "hdr:2 len:u32be data ; keep",
		"DICOM PS3.8, 9.3: PDU structure"},
	// The message begins with version, source and destination.
	{"dlms-wrapper", "0001 hdr:4 len:u16be data ; keep",
		"IEC 62056-47, the wrapper of DLMS/COSEM on TCP"},
	{"dns-tcp", "len:u16be data",
		"RFC 1035, 4.2.2; RFC 7766"},
	// Behind the length come 20 bytes of the header that it does not count.
	{"ethernet-ip", "hdr:2 len:u16le+20 data ; keep",
		"ODVA, The CIP Networks Library volume 2: encapsulation header"},
	// The message begins with command and error code.
	{"fins", `"FINS" len:u32be data`,
		"OMRON W342/W421: FINS/TCP header"},
	// The message is what stands between BodyLength and CheckSum.
	{"fix", `a=("8=FIX.4.4"01"9="|"8=FIX.4.2"01"9="|"8=FIXT.1.1"01"9=") len:dec~01=d d=data "10=" sum/dec(a..d) 01`,
		"FIX trading community, FIX session layer: standard header and trailer"},
	{"gt06", "7878 l=len:u8=d..c d=data c=crc-16/x-25/be(l..d) 0D0A",
		"Concox GT06 GPS tracker communication protocol 1.8.1"},
	{"hart-ip", "hdr:6 len:u16be-8 data ; keep",
		"FieldComm Group, HART-IP: message header"},
	// Senders that forget the CR, and bytes between messages.
	{"hl7", "0B data (1C0D|1C) ; restart noise",
		"HL7 v2 implementation guide, appendix C: minimal lower layer protocol"},
	// The message is the control field and what it carries.
	{"iec104", "68 len:u8 data",
		"IEC 60870-5-104, 5: APCI"},
	{"iso8583", "len:u16be data",
		"ISO 8583 over TCP as most hosts speak it: two bytes, high byte first"},
	{"iso8583-ascii4", "len:dec4 data",
		"ISO 8583 over TCP with four digits"},
	{"json-lines", "data (0A|0D0A)",
		"jsonlines.org"},
	{"knxnet-ip", "0610 hdr:2 len:u16be-6 data ; keep",
		"EN 13321-2, KNXnet/IP header"},
	{"ldap", "30 len:ber data ; keep",
		"RFC 4511, 5.1: an LDAPMessage is a SEQUENCE in BER"},
	{"line", "data (0D0A|0A|0D)",
		"lines of text, whatever ends them"},
	// The length counts what stands behind the four letters of the telegram.
	{"lsv2", "len:u32be+4 data",
		"HEIDENHAIN LSV2 over TCP, as pyLSV2 documents it"},
	// Messages from meters are long frames; those to them are short ones: control field
	// and address.
	{"mbus-master", "68 a=len:u8=d b=len:u8=d 68 d=data sum(d) 16 ; control=E5 >> 10 d=data:2 sum(d) 16",
		"EN 13757-2, 5: telegram formats"},
	// The length of requests and answers of 3E frames counts what follows it.
	{"mc-protocol", "hdr:7 len:u16le data ; keep",
		"Mitsubishi Electric SH-080008, MELSEC communication protocol: 3E frame in binary"},
	// The preset of WDS_TEXT_FRAME_PRESET.
	{"mllp", "0B data 1C0D ; restart",
		"HL7 v2 implementation guide, appendix C: minimal lower layer protocol"},
	// The message is digits; the check is over the bytes that they stand for.
	{"modbus-ascii", `":" data lrc/hex/pairs(data) 0D0A ; restart`,
		"MODBUS over serial line V1.02, 2.5.2"},
	// The preset of WDS_TEXT_FRAME_PRESET.
	{"modbus-tcp", "hdr:4 len:u16be data ; keep",
		"MODBUS messaging on TCP/IP implementation guide V1.0b, 3.1.3"},
	{"mqtt", "hdr:1 len:varint data ; keep",
		"MQTT 3.1.1 and 5.0 (OASIS), 2.1: fixed header"},
	// Sent again and again, without being asked: three bytes of status, six digits each of
	// weight and tare. Without the check byte that can be switched on.
	{"mt-continuous", "02 data:15 0D ; noise",
		"METTLER TOLEDO IND terminals, technical manual: standard continuous output"},
	// The message begins with the sequence number.
	{"mysql", "len:u24le+1 data",
		"MySQL client/server protocol, MySQL packets"},
	{"netstring", `len:dec~":"=data data ","`,
		"D. J. Bernstein, Netstrings (1997)"},
	// The message begins with "$", or "!" of AIS. What a receiver sends beside is dropped.
	{"nmea", `("$"|"!") d=data "*" xor/hex(d) 0D0A ; keep restart noise`,
		"NMEA 0183, IEC 61162-1, 7"},
	{"opcua", "hdr:4 len:u32le-8 data ; keep",
		"OPC 10000-6, 7.1.2: OPC UA connection protocol"},
	{"opi", "len:u32be data",
		"O.P.I. and IFSF POS to EPS interface: XML behind four bytes of length"},
	// Inline commands, and answers of one line.
	{"redis-line", "data 0D0A",
		"Redis serialization protocol, inline commands"},
	{"s7", "0300 len:u16be-4 data",
		"RFC 1006 with COTP; S7 messages are behind its header"},
	// Check digits stand in front of the length; both are hexadecimal.
	{"sia-dc09", `0A crc-16/arc/hex/be(d) "0" len:hex3=d d=data 0D`,
		"ANSI/SIA DC-09, 5.4: messages"},
	{"sics", "data 0D0A",
		"METTLER TOLEDO MT-SICS reference manual"},
	// The length counts itself.
	{"smpp", "len:u32be-4 data",
		"SMPP 3.4, 3.2: PDU format"},
	{"stx-etx-bcc", "02 d=data e=03 xor(d..e) ; restart",
		"STX, message, ETX, XOR of message and ETX: scales, readers, payment terminals"},
	{"syslog", `len:dec~" " data`,
		"RFC 6587, 3.4.1: octet counting"},
	{"teltonika", "00000000 len:u32be=d d=data 0000 crc-16/arc/be(d)",
		"Teltonika codec 8, AVL packets; the first message of a connection is the IMEI behind two bytes of length"},
	// The preset of WDS_TEXT_FRAME_PRESET.
	{"tpkt", "0300 len:u16be-4 data",
		"RFC 1006, 6"},
	{"visca", "data FF",
		"Sony VISCA over TCP"},
	// Three messages answer ~HS.
	{"zpl-status", "02 data 030D0A",
		"Zebra ZPL II programming guide: ~HS"},
	// The message begins with class and instruction.
	{"zvt", "hdr:2 len:zvt data ; keep",
		"ZVT protocol, ECR interface PA00P015: structure of APDUs"},
}

// Inexpressible are the protocols that no description can tell, each with the reason: they
// take a host that reads bytes. Others that no description tells have framers of their own,
// in package frame.
func Inexpressible() []Protocol { return slices.Clone(inexpressible[:]) }

// inexpressible have the reason in Text.
var inexpressible = [...]Protocol{
	{"caisse-ap", "fields stand one behind the other, each with a length, and nothing tells which is the last", "Caisse-AP, the French protocol between tills and terminals over IP"},
	{"http", "a header of lines tells how the body ends, in one of three ways", "RFC 9112, 6"},
	{"nats", "the number at the end of a line tells how many bytes follow that line", "NATS client protocol"},
}
