package sshd

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	gossh "golang.org/x/crypto/ssh"
)

// Bounds of what a client may send before it is authenticated. No client sends ahead in RFC 4252; one that talks at
// once to an older server may send two or three requests.
const (
	maxAhead          = 8         // sealed packets without an answer
	maxHandshakeBytes = 512 << 10 // of all packets together
	maxClearPacket    = 35000     // RFC 4253, section 6.1
)

var errSentAhead = errors.New("sshd: client sends without waiting for answers")

// lockstep watches the bytes that a client sends until it is authenticated and ends the handshake of one that sends
// more packets than it gets answers to. x/crypto (v0.58.0) reads ahead into a queue of 16 packets; when a handshake
// fails while that queue is full, the reading goroutine, its sibling and the packets stay in memory for ever.
//
// It needs no key: before SSH_MSG_NEWKEYS packets are clear, and after it every cipher we offer sends the length of a
// packet in clear (RFC 5647; the ETM modes of OpenSSH's PROTOCOL, section 1.5). What follows a packet, the tag, is as
// long as the algorithms agreed in the first key exchange say. A client that agrees on others before it is
// authenticated gets out of step with this and is cut off; none does.
//
// It is used by one reading and one writing goroutine under the lock of guardedConn.
type lockstep struct {
	stage  stage
	buffer []byte // an unfinished line, length or clear packet
	skip   int    // bytes of a sealed packet that are still to come
	tag    int    // bytes after a sealed packet
	ahead  int    // sealed packets minus answers
	total  int    // bytes received
}

// stage is what the next bytes of the client are.
type stage int

const (
	stageVersion stage = iota
	stageClear
	stageSealed
)

// received follows the bytes of one read.
func (l *lockstep) received(p []byte) error {
	if l.total += len(p); l.total > maxHandshakeBytes {
		return errSentAhead
	}
	for len(p) > 0 {
		var err error
		switch l.stage {
		case stageVersion:
			p = l.version(p)
		case stageClear:
			p, err = l.clear(p)
		case stageSealed:
			p, err = l.sealed(p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// answered follows one write of the server: x/crypto writes each packet by itself.
func (l *lockstep) answered() { l.ahead = max(0, l.ahead-1) }

// version looks for the end of the line that begins with SSH- (RFC 4253, section 4.2).
func (l *lockstep) version(p []byte) []byte {
	end := slices.Index(p, '\n')
	if end < 0 {
		l.buffer = append(l.buffer, p...)
		return nil
	}
	line := string(append(l.buffer, p[:end]...))
	l.buffer = nil
	if strings.HasPrefix(line, "SSH-") {
		l.stage = stageClear
	}
	return p[end+1:]
}

// clear collects one packet: the length, the length of the padding, the payload (RFC 4253, section 6).
func (l *lockstep) clear(p []byte) ([]byte, error) {
	p = l.fill(p, 4)
	if len(l.buffer) < 4 {
		return nil, nil
	}
	length := binary.BigEndian.Uint32(l.buffer)
	if length < 2 || length > maxClearPacket {
		return nil, errSentAhead
	}
	p = l.fill(p, 4+int(length))
	if len(l.buffer) < 4+int(length) {
		return nil, nil
	}
	payload := l.buffer[5:]
	l.buffer = nil
	switch payload[0] {
	case 20: // SSH_MSG_KEXINIT
		l.tag = tagLength(payload)
	case 21: // SSH_MSG_NEWKEYS
		l.stage = stageSealed
	}
	return p, nil
}

// sealed counts one packet when its length has come and skips the rest of it.
func (l *lockstep) sealed(p []byte) ([]byte, error) {
	if l.skip > 0 {
		n := min(l.skip, len(p))
		l.skip -= n
		return p[n:], nil
	}
	p = l.fill(p, 4)
	if len(l.buffer) < 4 {
		return nil, nil
	}
	length := binary.BigEndian.Uint32(l.buffer)
	l.buffer = l.buffer[:0]
	if l.ahead++; l.ahead > maxAhead || length > maxHandshakeBytes {
		return nil, errSentAhead
	}
	l.skip = int(length) + l.tag
	return p, nil
}

// fill moves bytes from p to the buffer until that holds n, and returns the others.
func (l *lockstep) fill(p []byte, n int) []byte {
	take := min(max(0, n-len(l.buffer)), len(p))
	l.buffer = append(l.buffer, p[:take]...)
	return p[take:]
}

// tagLength is how many bytes follow a sealed packet of a client with this SSH_MSG_KEXINIT: the first cipher and MAC of
// its lists that we have too (RFC 4253, section 7.1).
func tagLength(kexInit []byte) int {
	lists := nameLists(kexInit)
	agreed := func(list int, ours []string) string {
		for _, name := range lists[list] {
			if slices.Contains(ours, name) {
				return name
			}
		}
		return ""
	}
	switch agreed(2, ciphers()) {
	case gossh.CipherAES128GCM, gossh.CipherAES256GCM:
		return 16
	}
	if agreed(4, macs()) == gossh.HMACSHA512ETM {
		return 64
	}
	return 32
}

// nameLists returns the first six lists: key exchanges, host keys, ciphers to and from the server, MACs to and from it.
func nameLists(kexInit []byte) [6][]string {
	var lists [6][]string
	rest := kexInit[min(17, len(kexInit)):]
	for i := range lists {
		if len(rest) < 4 {
			return lists
		}
		n := int(binary.BigEndian.Uint32(rest))
		if n > len(rest)-4 {
			return lists
		}
		lists[i] = strings.Split(string(rest[4:4+n]), ",")
		rest = rest[4+n:]
	}
	return lists
}
