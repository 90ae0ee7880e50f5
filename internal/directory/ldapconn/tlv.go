package ldapconn

import (
	"errors"
	"fmt"
)

// errMalformed is wrapped by every complaint about the encoding of a message.
var errMalformed = errors.New("malformed LDAP message")

// Tags of LDAP that this package looks at itself (RFC 4511, appendix B). Everything else is go-ldap's business.
const (
	tagInteger     = 0x02
	tagOctetString = 0x04
	tagEnumerated  = 0x0a
	tagSequence    = 0x30
	tagControls    = 0xa0

	opBindResponse      = 0x61
	opSearchRequest     = 0x63
	opSearchEntry       = 0x64
	opSearchDone        = 0x65
	opModifyResponse    = 0x67
	opAddResponse       = 0x69
	opDeleteResponse    = 0x6b
	opModifyDNResponse  = 0x6d
	opCompareResponse   = 0x6f
	opSearchReference   = 0x73
	opExtendedResponse  = 0x78
	opIntermediate      = 0x79
	tagResponseValue    = 0x8b // [11] of ExtendedResponse
	constructedBit      = 0x20
	highTagNumber       = 0x1f
	longLength          = 0x80
	maxLengthOctets     = 4
	maxShortHeaderBytes = 2 + maxLengthOctets
)

// element is one BER element: a tag of one byte and its content.
type element struct {
	tag     byte
	content []byte
}

func (e element) constructed() bool { return e.tag&constructedBit != 0 }

// split takes the first element off b. LDAP permits definite lengths only (RFC 4511 section 5.1).
func split(b []byte) (first element, rest []byte, err error) {
	header, length, err := measure(b)
	if err != nil {
		return element{}, nil, err
	}
	if length > len(b)-header {
		return element{}, nil, fmt.Errorf("%w: an element of %d bytes in a space of %d", errMalformed, length, len(b)-header)
	}
	return element{tag: b[0], content: b[header : header+length]}, b[header+length:], nil
}

// measure reads tag and length: the bytes they take and the bytes that follow.
func measure(b []byte) (header, length int, err error) {
	if len(b) < 2 {
		return 0, 0, fmt.Errorf("%w: it ends within a header", errMalformed)
	}
	if b[0]&highTagNumber == highTagNumber {
		return 0, 0, fmt.Errorf("%w: tag %#02x", errMalformed, b[0])
	}
	if b[1] < longLength {
		return 2, int(b[1]), nil
	}
	octets := int(b[1] &^ longLength)
	if octets == 0 || octets > maxLengthOctets {
		return 0, 0, fmt.Errorf("%w: a length in %d octets", errMalformed, octets)
	}
	if len(b) < 2+octets {
		return 0, 0, fmt.Errorf("%w: it ends within a length", errMalformed)
	}
	var value int64
	for _, octet := range b[2 : 2+octets] {
		value = value<<8 | int64(octet)
	}
	return 2 + octets, int(value), nil
}

// expect takes the first element off b and demands its tag.
func expect(b []byte, tag byte) (content, rest []byte, err error) {
	first, rest, err := split(b)
	if err != nil {
		return nil, nil, err
	}
	if first.tag != tag {
		return nil, nil, fmt.Errorf("%w: tag %#02x where %#02x belongs", errMalformed, first.tag, tag)
	}
	return first.content, rest, nil
}

// integer decodes a two's complement number of at most 8 bytes (X.690 section 8.3).
func integer(content []byte) (int64, error) {
	if len(content) == 0 || len(content) > 8 {
		return 0, fmt.Errorf("%w: an integer of %d bytes", errMalformed, len(content))
	}
	value := int64(int8(content[0]))
	for _, b := range content[1:] {
		value = value<<8 | int64(b)
	}
	return value, nil
}

// encode writes one element of less than 64 KiB.
func encode(tag byte, content []byte) []byte {
	header := []byte{tag, byte(len(content))}
	switch {
	case len(content) >= 1<<8:
		header = []byte{tag, longLength | 2, byte(len(content) >> 8), byte(len(content))}
	case len(content) >= longLength:
		header = []byte{tag, longLength | 1, byte(len(content))}
	}
	return append(header, content...)
}

// encodeInteger writes a number from 0 to 2^31-1.
func encodeInteger(n int) []byte {
	return encode(tagInteger, []byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
}
