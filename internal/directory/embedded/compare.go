package embedded

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// fewestDigits is the length from which a telephone number is looked for, so that nobody finds out hidden digits one by one.
const fewestDigits = 7

// exactKey is what is compared when somebody asks for exactly this login, number or address: small letters, compatibility forms, no
// surrounding spaces. Accents and look-alike letters of other scripts make a difference.
func exactKey(s string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(s)))
}

// phoneKey is the digits of a telephone number with its country code, "" for anything that is not one or is too short.
func phoneKey(s string) string {
	digits := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits = append(digits, byte(r))
		case !unicode.IsSpace(r) && !strings.ContainsRune("+-().", r):
			return ""
		}
	}
	key := strings.TrimPrefix(string(digits), "00")
	if len(key) < fewestDigits {
		return ""
	}
	return key
}

// addressKey is what is compared for an address on file or one that is typed: a whole mail address or a whole telephone number.
func addressKey(s string) string {
	if strings.ContainsRune(s, '@') {
		return exactKey(s)
	}
	return phoneKey(s)
}

// lookupKey is addressKey for a method of a kind.
func lookupKey(kind core.MethodKind, destination string) string {
	switch kind {
	case core.MethodMail, core.MethodAlternate:
		return exactKey(destination)
	case core.MethodMobile, core.MethodOfficePhone:
		return phoneKey(destination)
	case core.MethodTOTP, core.MethodSecurityKeys:
		return ""
	default:
		return ""
	}
}
