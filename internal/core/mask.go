package core

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// hidden stands for the hidden part of a value. It always has the same length, so that it tells nothing about the value.
const hidden = "•••"

// MaskMail shows the first letter of the local part and of the domain, and the top-level domain: "j•••@h•••.example".
// Anything that is not an address is hidden altogether.
func MaskMail(addr string) string {
	local, domain, ok := strings.Cut(addr, "@")
	dot := strings.LastIndexByte(domain, '.')
	if !ok || local == "" || dot <= 0 || dot == len(domain)-1 || !plain(local) || !plain(domain) {
		return hidden
	}
	return first(local) + hidden + "@" + first(domain) + hidden + domain[dot:]
}

// MaskPhone shows the country code, when it is written with +, and the last two digits: "+47 ••• •• •12".
func MaskPhone(number string) string {
	digits := digitsOf(number)
	if len(digits) < 4 {
		return hidden
	}
	tail := digits[len(digits)-2:]
	if !strings.HasPrefix(strings.TrimSpace(number), "+") {
		return "••• •• •" + tail
	}
	code, _, ok := strings.Cut(strings.TrimSpace(number), " ")
	if !ok || len(code) > 4 || !plain(code) {
		return "+•• ••• •• •" + tail
	}
	return code + " ••• •• •" + tail
}

func first(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// plain reports whether s has only visible characters, so that its parts can be shown without escapes.
func plain(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}
