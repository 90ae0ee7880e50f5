package sshd_test

import (
	"bufio"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// Message numbers of RFC 4250, section 4.1.2.
const (
	msgDisconnect      = 1
	msgServiceRequest  = 5
	msgServiceAccept   = 6
	msgKexInit         = 20
	msgNewKeys         = 21
	msgKexECDHInit     = 30
	msgKexECDHReply    = 31
	msgUserAuthRequest = 50
	msgUserAuthFailure = 51
	msgUserAuthSuccess = 52
	msgUserAuthKeyOK   = 60
	msgGlobalRequest   = 80
	msgRequestSuccess  = 81
	msgChannelOpen     = 90
	msgChannelConfirm  = 91
	msgChannelFailure  = 92
	msgChannelAdjust   = 93
	msgChannelData     = 94
	msgChannelRequest  = 98
	msgChannelSuccess  = 99
	msgChannelFailed   = 100
)

// rawClient is the smallest SSH client that can misbehave: it sends any packet at any time, which the client of
// x/crypto does not allow. It speaks curve25519-sha256 and aes128-gcm@openssh.com and trusts any host key.
type rawClient struct {
	conn      net.Conn
	in        *bufio.Reader
	version   string
	server    string
	sessionID []byte
	read      gcmState
	write     gcmState
}

// gcmState is one direction of RFC 5647, as OpenSSH implements it; without a cipher the packets are clear.
type gcmState struct {
	aead  cipher.AEAD
	nonce []byte
}

func (g *gcmState) advance() {
	binary.BigEndian.PutUint64(g.nonce[4:], binary.BigEndian.Uint64(g.nonce[4:])+1)
}

// dialRaw connects and exchanges nothing yet.
func dialRaw(t *testing.T, addr string) *rawClient {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, 10*time.Second)
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &rawClient{conn: conn, in: bufio.NewReader(conn), version: "SSH-2.0-raw"}
}

// handshake exchanges versions and keys.
func (c *rawClient) handshake() error {
	if err := c.exchangeVersions(); err != nil {
		return err
	}
	return c.exchangeKeys(nil)
}

func (c *rawClient) exchangeVersions() error {
	if _, err := io.WriteString(c.conn, c.version+"\r\n"); err != nil {
		return err
	}
	line, err := c.in.ReadString('\n')
	c.server = strings.TrimRight(line, "\r\n")
	return err
}

// kexInit is the client's SSH_MSG_KEXINIT (RFC 4253, section 7.1).
func kexInit() []byte {
	p := append([]byte{msgKexInit}, make([]byte, 16)...)
	for _, list := range []string{
		"curve25519-sha256", "ssh-ed25519", "aes128-gcm@openssh.com", "aes128-gcm@openssh.com",
		"hmac-sha2-256-etm@openssh.com", "hmac-sha2-256-etm@openssh.com", "none", "none", "", "",
	} {
		p = appendString(p, []byte(list))
	}
	return append(p, 0, 0, 0, 0, 0)
}

// exchangeKeys runs one key exchange; others may have sent serverInit already.
func (c *rawClient) exchangeKeys(serverInit []byte) error {
	mine := kexInit()
	if err := c.send(mine); err != nil {
		return err
	}
	for serverInit == nil {
		p, err := c.receive()
		if err != nil {
			return err
		}
		if p[0] == msgKexInit {
			serverInit = p
		}
	}
	return c.agree(mine, serverInit)
}

// agree runs RFC 8731 after both KEXINITs.
func (c *rawClient) agree(mine, theirs []byte) error {
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	if err := c.send(appendString([]byte{msgKexECDHInit}, key.PublicKey().Bytes())); err != nil {
		return err
	}
	reply, err := c.receive()
	if err != nil {
		return err
	}
	if reply[0] != msgKexECDHReply {
		return fmt.Errorf("message %d instead of the key exchange reply", reply[0])
	}
	hostKey, rest := cutString(reply[1:])
	point, _ := cutString(rest)
	peer, err := ecdh.X25519().NewPublicKey(point)
	if err != nil {
		return err
	}
	shared, err := key.ECDH(peer)
	if err != nil {
		return err
	}
	secret := appendMPInt(nil, shared)
	return c.switchKeys(secret, exchangeHash(c, mine, theirs, hostKey, key.PublicKey().Bytes(), point, secret))
}

func exchangeHash(c *rawClient, mine, theirs, hostKey, myPoint, point, secret []byte) []byte {
	var h []byte
	for _, part := range [][]byte{[]byte(c.version), []byte(c.server), mine, theirs, hostKey, myPoint, point} {
		h = appendString(h, part)
	}
	sum := sha256.Sum256(append(h, secret...))
	return sum[:]
}

// switchKeys derives the keys (RFC 4253, section 7.2) and exchanges SSH_MSG_NEWKEYS.
func (c *rawClient) switchKeys(secret, hash []byte) error {
	if c.sessionID == nil {
		c.sessionID = hash
	}
	derive := func(letter byte) []byte {
		sum := sha256.Sum256(append(append(append(append([]byte{}, secret...), hash...), letter), c.sessionID...))
		return sum[:]
	}
	if err := c.send([]byte{msgNewKeys}); err != nil {
		return err
	}
	c.write = newGCM(derive('C'), derive('A'))
	for {
		p, err := c.receive()
		if err != nil {
			return err
		}
		if p[0] == msgNewKeys {
			break
		}
	}
	c.read = newGCM(derive('D'), derive('B'))
	return nil
}

func newGCM(key, iv []byte) gcmState {
	block, err := aes.NewCipher(key[:16])
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return gcmState{aead: aead, nonce: iv[:12]}
}

// send writes one packet (RFC 4253, section 6).
func (c *rawClient) send(payload []byte) error {
	_, err := c.conn.Write(c.seal(payload))
	return err
}

// seal frames and encrypts one packet without sending it.
func (c *rawClient) seal(payload []byte) []byte {
	aligned := len(payload) + 1
	if c.write.aead == nil {
		aligned += 4
	}
	padding := 16 - aligned%16
	if padding < 4 {
		padding += 16
	}
	body := append([]byte{byte(padding)}, payload...)
	body = append(body, make([]byte, padding)...)
	length := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	if c.write.aead == nil {
		return append(length, body...)
	}
	packet := c.write.aead.Seal(length, c.write.nonce, body, length[:4:4])
	c.write.advance()
	return packet
}

// receive reads the next packet that is not SSH_MSG_IGNORE, SSH_MSG_DEBUG or SSH_MSG_EXT_INFO.
func (c *rawClient) receive() ([]byte, error) {
	for {
		p, err := c.receiveAny()
		if err != nil {
			return nil, err
		}
		if p[0] != 2 && p[0] != 4 && p[0] != 7 {
			return p, nil
		}
	}
}

func (c *rawClient) receiveAny() ([]byte, error) {
	var length [4]byte
	if _, err := io.ReadFull(c.in, length[:]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint32(length[:]))
	if c.read.aead != nil {
		n += c.read.aead.Overhead()
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(c.in, body); err != nil {
		return nil, err
	}
	if c.read.aead != nil {
		var err error
		if body, err = c.read.aead.Open(body[:0], c.read.nonce, body, length[:]); err != nil {
			return nil, err
		}
		c.read.advance()
	}
	if len(body) < 2 || int(body[0])+1 >= len(body) {
		return nil, errors.New("short packet")
	}
	return body[1 : len(body)-int(body[0])], nil
}

// startAuth asks for the authentication service.
func (c *rawClient) startAuth() error {
	if err := c.send(appendString([]byte{msgServiceRequest}, []byte("ssh-userauth"))); err != nil {
		return err
	}
	p, err := c.receive()
	if err == nil && p[0] != msgServiceAccept {
		err = fmt.Errorf("message %d instead of the service", p[0])
	}
	return err
}

// signIn authenticates with a key (RFC 4252, section 7).
func (c *rawClient) signIn(login string, signer gossh.Signer) error {
	req := authRequest(login, "publickey")
	req = append(req, 1)
	req = appendString(req, []byte(signer.PublicKey().Type()))
	req = appendString(req, signer.PublicKey().Marshal())
	sig, err := signer.Sign(rand.Reader, append(appendString(nil, c.sessionID), req...))
	if err != nil {
		return err
	}
	if err := c.send(appendString(req, gossh.Marshal(sig))); err != nil {
		return err
	}
	for {
		p, err := c.receive()
		if err != nil {
			return err
		}
		switch p[0] {
		case msgUserAuthSuccess:
			return nil
		case msgUserAuthFailure:
			return errors.New("refused")
		}
	}
}

func authRequest(login, method string) []byte {
	p := appendString([]byte{msgUserAuthRequest}, []byte(login))
	return appendString(appendString(p, []byte("ssh-connection")), []byte(method))
}

// openChannel sends SSH_MSG_CHANNEL_OPEN (RFC 4254, section 5.1).
func channelOpen(kind string, id, window, packet uint32) []byte {
	p := appendString([]byte{msgChannelOpen}, []byte(kind))
	p = binary.BigEndian.AppendUint32(p, id)
	p = binary.BigEndian.AppendUint32(p, window)
	return binary.BigEndian.AppendUint32(p, packet)
}

// channelRequest is SSH_MSG_CHANNEL_REQUEST (RFC 4254, section 5.4).
func channelRequest(id uint32, kind string, wantReply bool, payload []byte) []byte {
	p := binary.BigEndian.AppendUint32([]byte{msgChannelRequest}, id)
	p = appendString(p, []byte(kind))
	if wantReply {
		p = append(p, 1)
	} else {
		p = append(p, 0)
	}
	return append(p, payload...)
}

func appendString(p, s []byte) []byte {
	return append(binary.BigEndian.AppendUint32(p, uint32(len(s))), s...)
}

func appendMPInt(p, raw []byte) []byte {
	b := new(big.Int).SetBytes(raw).Bytes()
	if len(b) > 0 && b[0]&0x80 != 0 {
		b = append([]byte{0}, b...)
	}
	return appendString(p, b)
}

func cutString(p []byte) (s, rest []byte) {
	n := binary.BigEndian.Uint32(p)
	return p[4 : 4+n], p[4+n:]
}

// receiveKind skips packets until one of this kind comes.
func (c *rawClient) receiveKind(kind byte) ([]byte, error) {
	for {
		p, err := c.receive()
		if err != nil || p[0] == kind {
			return p, err
		}
	}
}
