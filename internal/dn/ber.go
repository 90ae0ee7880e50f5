package dn

// Universal tags of the string types whose bytes are the characters themselves (X.680 section 8.6).
const (
	tagOctetString     = 0x04
	tagUTF8String      = 0x0c
	tagNumericString   = 0x12
	tagPrintableString = 0x13
	tagIA5String       = 0x16
)

// decodeString returns the characters of a BER-encoded string; ok is false for every other type and for an encoding
// that is not exactly one value of definite length.
func decodeString(ber []byte) (value string, ok bool) {
	if len(ber) < 2 {
		return "", false
	}
	switch ber[0] {
	case tagOctetString, tagUTF8String, tagNumericString, tagPrintableString, tagIA5String:
	default:
		return "", false
	}
	content, ok := contentOf(ber[1:])
	if !ok {
		return "", false
	}
	return string(content), true
}

// contentOf reads a definite length (X.690 section 8.1.3) and returns what follows it, if that is as long.
func contentOf(b []byte) (content []byte, ok bool) {
	length, rest := int(b[0]), b[1:]
	if length >= 0x80 {
		octets := length - 0x80
		if octets == 0 || octets > 3 || octets > len(rest) {
			return nil, false
		}
		length = 0
		for _, octet := range rest[:octets] {
			length = length<<8 | int(octet)
		}
		rest = rest[octets:]
	}
	return rest, length == len(rest)
}
