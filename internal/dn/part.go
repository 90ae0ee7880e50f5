package dn

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// part is one attribute type and value. An opaque value is the BER encoding of something that is not a string.
type part struct {
	name   string
	value  string
	opaque bool
}

// newComponent puts the parts in order; ok is false when two of them are equal, because they form a set (X.501 9.3).
func newComponent(parts []part) (c component, ok bool) {
	if len(parts) == 1 {
		return component{text: parts[0].text(), key: parts[0].key()}, true
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.key(), b.key()) })
	texts, keys := make([]string, len(parts)), make([]string, len(parts))
	for i, p := range parts {
		texts[i], keys[i] = p.text(), p.key()
		if i > 0 && keys[i] == keys[i-1] {
			return component{}, false
		}
	}
	return component{text: strings.Join(texts, "+"), key: strings.Join(keys, "+")}, true
}

func (p part) text() string {
	if p.opaque {
		return p.name + "=#" + hex.EncodeToString([]byte(p.value))
	}
	return p.name + "=" + Escape(p.value)
}

func (p part) key() string {
	if p.opaque {
		return p.text()
	}
	return p.name + "=" + Escape(fold(p.value))
}

// fold prepares a value for comparing: simple case folding, spaces at the ends dropped and repeated ones taken as
// one (RFC 4518 sections 2.2 and 2.6.1). Bytes that are not UTF-8 stay what they are, so that two different ones
// never become equal.
func fold(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if isLetter(s[i]) {
			out = append(out, s[i]&^0x20) // what foldRune gives, without its table
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			out = append(out, s[i])
		case r == ' ' && (len(out) == 0 || out[len(out)-1] == ' '):
		default:
			out = utf8.AppendRune(out, foldRune(r))
		}
		i += size
	}
	return strings.TrimSuffix(string(out), " ")
}

// foldRune returns the smallest of the characters that differ from r by case only, as strings.EqualFold has them.
func foldRune(r rune) rune {
	smallest := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		smallest = min(smallest, next)
	}
	return smallest
}
