package ldapconn

import (
	"fmt"
	"io"
	"net"
)

// oidStartTLS names the operation of RFC 4511 section 4.14.
const oidStartTLS = "1.3.6.1.4.1.1466.20037"

// startTLS asks for TLS on a fresh connection. go-ldap's own StartTLS reads through a buffer and throws away what else
// is in it, so that bytes which somebody slipped in between the answer and TLS go unnoticed. Here not one byte more
// than the answer is read: what was slipped in is taken for the TLS handshake and ends it.
func startTLS(conn net.Conn) error {
	name := append([]byte{0x80, byte(len(oidStartTLS))}, oidStartTLS...)
	op := append([]byte{0x77, byte(len(name))}, name...)
	body := append([]byte{tagInteger, 1, 1}, op...)
	if _, err := conn.Write(append([]byte{tagSequence, byte(len(body))}, body...)); err != nil {
		return err
	}
	raw, err := readExactly(conn)
	if err != nil {
		return err
	}
	m, err := parseMessage(raw)
	if err != nil {
		return err
	}
	if m.id != 1 || m.op.tag != opExtendedResponse {
		return fmt.Errorf("%w: operation %#02x in answer to StartTLS", errMalformed, m.op.tag)
	}
	a, err := parseAnswer(m)
	if err != nil {
		return err
	}
	return a.err()
}

// readExactly reads one short message and nothing after it.
func readExactly(r io.Reader) ([]byte, error) {
	const most = 4 << 10
	head := make([]byte, 2, most)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	if more := int(head[1] &^ longLength); head[1] > longLength && more <= maxLengthOctets {
		head = head[:2+more]
		if _, err := io.ReadFull(r, head[2:]); err != nil {
			return nil, err
		}
	}
	taken, length, err := measure(head)
	if err != nil {
		return nil, err
	}
	if length > most-taken {
		return nil, fmt.Errorf("%w: %d bytes in answer to StartTLS", ErrTooMuch, length)
	}
	raw := head[:taken+length]
	_, err = io.ReadFull(r, raw[taken:])
	return raw, err
}
