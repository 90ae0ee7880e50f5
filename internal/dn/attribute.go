package dn

import "strings"

// canonicalType returns one spelling for all names of an attribute type: the short one of RFC 4514 section 3 in
// capitals for the types that names are commonly built of, the name in small letters for any other.
func canonicalType(name string) string {
	name = strings.TrimPrefix(strings.ToLower(name), "oid.")
	switch name {
	case "cn", "commonname", "2.5.4.3":
		return "CN"
	case "l", "localityname", "2.5.4.7":
		return "L"
	case "st", "stateorprovincename", "2.5.4.8":
		return "ST"
	case "o", "organizationname", "2.5.4.10":
		return "O"
	case "ou", "organizationalunitname", "2.5.4.11":
		return "OU"
	case "c", "countryname", "2.5.4.6":
		return "C"
	case "street", "streetaddress", "2.5.4.9":
		return "STREET"
	case "dc", "domaincomponent", "0.9.2342.19200300.100.1.25":
		return "DC"
	case "uid", "userid", "0.9.2342.19200300.100.1.1":
		return "UID"
	case "sn", "surname", "2.5.4.4":
		return "SN"
	}
	return name
}

func isTypeChar(c byte) bool { return isLetter(c) || isDigit(c) || c == '-' || c == '.' }

// isDescriptor follows the rule keystring of RFC 4512: a letter, then letters, digits and hyphens.
func isDescriptor(name string) bool {
	return name != "" && isLetter(name[0]) && !strings.Contains(name, ".")
}

// isNumericOID follows the rule numericoid of RFC 4512: at least two numbers without leading zeros.
func isNumericOID(name string) bool {
	numbers := strings.Split(name, ".")
	for _, number := range numbers {
		if number == "" || (number[0] == '0' && len(number) > 1) || strings.Trim(number, "0123456789") != "" {
			return false
		}
	}
	return len(numbers) > 1
}

func isLetter(c byte) bool { return (c|0x20) >= 'a' && (c|0x20) <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
