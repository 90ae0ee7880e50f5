package testlab

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// Op is the first byte of a protocol operation of LDAP (RFC 4511 section 4.2 and following).
type Op byte

// The operations that a proxy tells apart.
const (
	OpAny      Op = 0x00 // matches every request
	OpBind     Op = 0x60
	OpUnbind   Op = 0x42
	OpSearch   Op = 0x63
	OpModify   Op = 0x66
	OpAdd      Op = 0x68
	OpCompare  Op = 0x6e
	OpAbandon  Op = 0x50
	OpExtended Op = 0x77
)

// maxFrame bounds one message of a client or server, in bytes.
const maxFrame = 64 << 20

// frame is one LDAP message with what a proxy needs to know of it.
type frame struct {
	raw       []byte
	messageID int64
	op        Op
}

// readFrame reads one whole LDAP message: SEQUENCE { messageID INTEGER, protocolOp ... }.
func readFrame(r *bufio.Reader) (frame, error) {
	header, length, err := readHeader(r)
	if err != nil {
		return frame{}, err
	}
	if header[0] != 0x30 {
		return frame{}, fmt.Errorf("not an LDAP message: first byte %#02x", header[0])
	}
	raw := append(header, make([]byte, length)...)
	if _, err := io.ReadFull(r, raw[len(header):]); err != nil {
		return frame{}, err
	}
	return parseFrame(raw, raw[len(header):])
}

func parseFrame(raw, body []byte) (frame, error) {
	if len(body) < 3 || body[0] != 0x02 || int(body[1]) > len(body)-3 || body[1] > 4 {
		return frame{}, errors.New("not an LDAP message: no message id")
	}
	f := frame{raw: raw, op: Op(body[2+int(body[1])])}
	for _, b := range body[2 : 2+int(body[1])] {
		f.messageID = f.messageID<<8 | int64(b)
	}
	return f, nil
}

// readHeader reads tag and length of a BER element with a definite length (RFC 4511 section 5.1 permits no other).
func readHeader(r *bufio.Reader) (header []byte, length int, err error) {
	header = make([]byte, 2, 6)
	if _, err := io.ReadFull(r, header); err != nil {
		return nil, 0, err
	}
	if header[1] < 0x80 {
		return header, int(header[1]), nil
	}
	n := int(header[1] & 0x7f)
	if n == 0 || n > 4 {
		return nil, 0, fmt.Errorf("length of %d bytes", n)
	}
	for range n {
		b, err := r.ReadByte()
		if err != nil {
			return nil, 0, err
		}
		header = append(header, b)
		length = length<<8 | int(b)
	}
	if length > maxFrame {
		return nil, 0, fmt.Errorf("message of %d bytes", length)
	}
	return header, length, nil
}

// BER encodes one element: tag, definite length, the parts in order. Tests write the answers of hostile servers with it.
func BER(tag byte, parts ...[]byte) []byte {
	var content []byte
	for _, part := range parts {
		content = append(content, part...)
	}
	return append(append([]byte{tag}, berLength(len(content))...), content...)
}

func berLength(n int) []byte {
	switch {
	case n < 0x80:
		return []byte{byte(n)}
	case n < 1<<8:
		return []byte{0x81, byte(n)}
	case n < 1<<16:
		return []byte{0x82, byte(n >> 8), byte(n)}
	case n < 1<<24:
		return []byte{0x83, byte(n >> 16), byte(n >> 8), byte(n)}
	}
	return []byte{0x84, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
}

// BERInt encodes a non-negative INTEGER below 2^31.
func BERInt(n int64) []byte {
	return BER(0x02, []byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
}

// BERString encodes an OCTET STRING.
func BERString(s string) []byte { return BER(0x04, []byte(s)) }

// Answer encodes a whole LDAP message with a result: op is the tag of the response (0x61 bind, 0x65 search done, 0x67
// modify, 0x78 extended), more follows the three fields of LDAPResult.
func Answer(messageID int64, op byte, code byte, diagnostic string, more ...[]byte) []byte {
	parts := append([][]byte{BER(0x0a, []byte{code}), BERString(""), BERString(diagnostic)}, more...)
	return BER(0x30, BERInt(messageID), BER(op, parts...))
}
