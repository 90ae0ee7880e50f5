package dn

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// SyntaxError says where a string stops being a distinguished name. It does not repeat the string, which may hold
// personal data.
type SyntaxError struct {
	Offset  int // in bytes
	Problem string
}

// Error names the offset and the problem.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("distinguished name: %s at byte %d", e.Problem, e.Offset)
}

// Parse reads a name in the form of RFC 4514. Spaces around "=", "+" and "," are accepted, as RFC 2253 section 4 asks
// for; quoted values and ";" of the older forms are not. Every error is a [*SyntaxError].
func Parse(s string) (Name, error) {
	if len(s) > MaxLength {
		return Name{}, &SyntaxError{Offset: MaxLength, Problem: "too long"}
	}
	p := parser{s: s}
	p.skipSpaces()
	if p.done() {
		return Name{}, nil
	}
	var n Name
	for {
		c, err := p.component()
		if err != nil {
			return Name{}, err
		}
		n.components = append(n.components, c)
		if p.done() {
			return n, nil
		}
		p.at++ // the comma
	}
}

// parser reads s from left to right.
type parser struct {
	s  string
	at int
}

func (p *parser) done() bool { return p.at >= len(p.s) }

func (p *parser) peek() byte {
	if p.done() {
		return 0
	}
	return p.s[p.at]
}

func (p *parser) skipSpaces() {
	for p.peek() == ' ' {
		p.at++
	}
}

func (p *parser) fail(problem string) error { return &SyntaxError{Offset: p.at, Problem: problem} }

// component reads up to the next comma or the end.
func (p *parser) component() (component, error) {
	var parts []part
	for {
		next, err := p.part()
		if err != nil {
			return component{}, err
		}
		parts = append(parts, next)
		if p.peek() != '+' {
			break
		}
		p.at++
	}
	c, ok := newComponent(parts)
	if !ok {
		return component{}, p.fail("the same part twice")
	}
	return c, nil
}

// part reads one type and value and stops at "+", "," or the end.
func (p *parser) part() (part, error) {
	p.skipSpaces()
	name, err := p.attributeType()
	if err != nil {
		return part{}, err
	}
	p.skipSpaces()
	if p.peek() != '=' {
		return part{}, p.fail(`"=" is missing`)
	}
	p.at++
	p.skipSpaces()
	if p.peek() == '#' {
		return p.hexValue(name)
	}
	return p.stringValue(name)
}

// attributeType reads a descriptor or a numeric object identifier (RFC 4512 section 1.4).
func (p *parser) attributeType() (string, error) {
	start := p.at
	for !p.done() && isTypeChar(p.s[p.at]) {
		p.at++
	}
	name := p.s[start:p.at]
	if !isDescriptor(name) && !isNumericOID(strings.TrimPrefix(strings.ToLower(name), "oid.")) {
		p.at = start
		return "", p.fail("an attribute type is expected")
	}
	return canonicalType(name), nil
}

// hexValue reads "#" and the hexadecimal BER encoding of a value.
func (p *parser) hexValue(name string) (part, error) {
	p.at++
	start := p.at
	for !p.done() && isHex(p.s[p.at]) {
		p.at++
	}
	ber, err := hex.DecodeString(p.s[start:p.at])
	if err != nil || len(ber) == 0 {
		return part{}, p.fail("pairs of hexadecimal digits are expected")
	}
	p.skipSpaces()
	if !p.done() && p.peek() != ',' && p.peek() != '+' {
		return part{}, p.fail("something follows the hexadecimal value")
	}
	if value, ok := decodeString(ber); ok {
		return part{name: name, value: value}, nil
	}
	return part{name: name, value: string(ber), opaque: true}, nil
}

// stringValue reads a value with its escapes. Spaces at its end are dropped unless they are escaped.
func (p *parser) stringValue(name string) (part, error) {
	var value []byte
	kept := 0 // the length of value without the spaces to be dropped
	for !p.done() && p.peek() != ',' && p.peek() != '+' {
		switch c := p.s[p.at]; c {
		case '\\':
			b, err := p.escaped()
			if err != nil {
				return part{}, err
			}
			value = append(value, b)
			kept = len(value)
			continue
		case 0, '"', ';', '<', '>':
			return part{}, p.fail("a character that must be escaped")
		case ' ':
			value = append(value, c)
		default:
			value = append(value, c)
			kept = len(value)
		}
		p.at++
	}
	return part{name: name, value: string(value[:kept])}, nil
}

// escaped reads a backslash and the character or the two hexadecimal digits after it.
func (p *parser) escaped() (byte, error) {
	rest := p.s[p.at+1:]
	if rest != "" && strings.IndexByte(` "#+,;<=>\`, rest[0]) >= 0 {
		p.at += 2
		return rest[0], nil
	}
	b, err := hex.DecodeString(rest[:min(2, len(rest))])
	if err != nil || len(b) == 0 {
		return 0, p.fail("an unknown escape")
	}
	p.at += 3
	return b[0], nil
}

func isHex(c byte) bool { return isDigit(c) || (c|0x20) >= 'a' && (c|0x20) <= 'f' }
