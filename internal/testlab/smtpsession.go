package testlab

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"strings"
)

// maxSMTPMessage bounds one message, in bytes.
const maxSMTPMessage = 16 << 20

// smtpSession is one connection of a sink.
type smtpSession struct {
	server  *SMTPServer
	conn    net.Conn
	reader  *bufio.Reader
	secured bool
	user    string
	message SMTPMessage
}

func newSMTPSession(server *SMTPServer, conn net.Conn) *smtpSession {
	return &smtpSession{server: server, conn: conn, reader: bufio.NewReader(conn)}
}

func (c *smtpSession) run() {
	if c.server.opts.ImplicitTLS && !c.handshake() {
		return
	}
	if !c.at(SMTPConnect, "220 sink.test ESMTP") {
		return
	}
	for {
		line, err := c.line()
		if err != nil || !c.command(line) {
			return
		}
	}
}

func (c *smtpSession) line() (string, error) {
	line, err := c.reader.ReadString('\n')
	return strings.TrimRight(line, "\r\n"), err
}

func (c *smtpSession) reply(lines ...string) bool {
	_, err := c.conn.Write([]byte(strings.Join(lines, "\r\n") + "\r\n"))
	return err == nil
}

// at answers one stage: with success, or as the fault of the stage says. It reports whether the session goes on.
func (c *smtpSession) at(stage SMTPStage, success ...string) bool {
	fault, struck := c.server.strikes(stage)
	switch {
	case !struck:
		return c.reply(success...)
	case fault.Hang:
		_, _ = io.Copy(io.Discard, c.reader) // until the client or the test ends the connection
		return false
	case fault.Drop:
		return false
	}
	return c.reply(fault.Reply)
}

// passes is at without the reply of success: it reports whether the stage was not struck.
func (c *smtpSession) passes(stage SMTPStage) (goOn, passed bool) {
	c.server.mu.Lock()
	_, struck := c.server.faults[stage]
	c.server.mu.Unlock()
	if !struck {
		return true, true
	}
	return c.at(stage), false
}

func (c *smtpSession) command(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO", "HELO":
		return c.at(SMTPHello, c.capabilities()...)
	case "STARTTLS":
		return c.startTLS()
	case "AUTH":
		return c.auth(rest)
	case "MAIL":
		return c.mail(rest)
	case "RCPT":
		return c.rcpt(rest)
	case "DATA":
		return c.data()
	case "RSET", "NOOP":
		return c.reply("250 2.0.0 ok")
	case "QUIT":
		c.at(SMTPQuit, "221 2.0.0 bye")
		return false
	}
	return c.reply("500 5.5.2 unknown command")
}

func (c *smtpSession) capabilities() []string {
	lines := []string{"250-sink.test", "250-8BITMIME", "250-SMTPUTF8"}
	if c.server.tls != nil && !c.secured {
		lines = append(lines, "250-STARTTLS")
	}
	if c.server.opts.User != "" {
		lines = append(lines, "250-AUTH PLAIN LOGIN")
	}
	return append(lines, "250 SIZE 16777216")
}

func (c *smtpSession) startTLS() bool {
	if c.server.tls == nil || c.secured {
		return c.reply("502 5.5.1 no STARTTLS here")
	}
	goOn, passed := c.passes(SMTPStartTLS)
	if !passed {
		return goOn
	}
	return c.reply("220 2.0.0 go ahead") && c.handshake()
}

func (c *smtpSession) handshake() bool {
	secure := tls.Server(c.conn, c.server.tls)
	if err := secure.Handshake(); err != nil {
		return false
	}
	c.conn, c.reader, c.secured = secure, bufio.NewReader(secure), true
	return true
}

func (c *smtpSession) auth(rest string) bool {
	goOn, passed := c.passes(SMTPAuth)
	if !passed {
		return goOn
	}
	mechanism, initial, _ := strings.Cut(rest, " ")
	mechanism = strings.ToUpper(mechanism)
	var user, password string
	var err error
	switch mechanism {
	case "PLAIN":
		user, password, err = c.plain(initial)
	case "LOGIN":
		user, password, err = c.login(initial)
	default:
		return c.reply("504 5.5.4 mechanism not known")
	}
	if err != nil || user != c.server.opts.User || password != c.server.opts.Password {
		return c.reply("535 5.7.8 credentials not accepted")
	}
	c.user = user
	c.server.loggedIn(mechanism)
	return c.reply("235 2.7.0 welcome")
}

// plain is RFC 4616: identity NUL user NUL password.
func (c *smtpSession) plain(initial string) (user, password string, err error) {
	if initial == "" {
		if initial, err = c.ask(""); err != nil {
			return "", "", err
		}
	}
	raw, err := base64.StdEncoding.DecodeString(initial)
	_, rest, _ := strings.Cut(string(raw), "\x00")
	user, password, _ = strings.Cut(rest, "\x00")
	return user, password, err
}

func (c *smtpSession) login(initial string) (user, password string, err error) {
	if initial == "" {
		if initial, err = c.ask("Username:"); err != nil {
			return "", "", err
		}
	}
	second, err := c.ask("Password:")
	if err != nil {
		return "", "", err
	}
	rawUser, err := base64.StdEncoding.DecodeString(initial)
	if err != nil {
		return "", "", err
	}
	rawPassword, err := base64.StdEncoding.DecodeString(second)
	return string(rawUser), string(rawPassword), err
}

func (c *smtpSession) ask(prompt string) (string, error) {
	c.reply("334 " + base64.StdEncoding.EncodeToString([]byte(prompt)))
	return c.line()
}

func (c *smtpSession) mail(rest string) bool {
	switch {
	case c.server.opts.RequireTLS && !c.secured:
		return c.reply("530 5.7.0 STARTTLS first")
	case c.server.opts.User != "" && c.user == "":
		return c.reply("530 5.7.0 login first")
	}
	goOn, passed := c.passes(SMTPMail)
	if !passed {
		return goOn
	}
	c.message = SMTPMessage{From: pathOf(rest), Secured: c.secured, User: c.user}
	return c.reply("250 2.1.0 ok")
}

func (c *smtpSession) rcpt(rest string) bool {
	goOn, passed := c.passes(SMTPRcpt)
	if !passed {
		return goOn
	}
	to := pathOf(rest)
	if refuse := c.server.opts.RefuseRcpt; refuse != nil {
		if refusal := refuse(to); refusal != "" {
			return c.reply(refusal)
		}
	}
	c.message.To = append(c.message.To, to)
	return c.reply("250 2.1.5 ok")
}

// pathOf takes the address out of "FROM:<a@b> SIZE=1".
func pathOf(rest string) string {
	_, rest, _ = strings.Cut(rest, "<")
	address, _, _ := strings.Cut(rest, ">")
	return address
}

func (c *smtpSession) data() bool {
	if len(c.message.To) == 0 {
		return c.reply("503 5.5.1 no recipient")
	}
	goOn, passed := c.passes(SMTPData)
	if !passed {
		return goOn
	}
	if !c.reply("354 go ahead") || !c.content() {
		return false
	}
	fault, struck := c.server.strikes(SMTPContent)
	if !struck || fault.Drop || fault.Hang {
		c.server.keep(c.message)
	}
	switch {
	case !struck:
		return c.reply("250 2.0.0 kept")
	case fault.Hang:
		_, _ = io.Copy(io.Discard, c.reader)
		return false
	}
	return !fault.Drop && c.reply(fault.Reply)
}

// content reads lines up to the lonely dot (RFC 5321 section 4.5.2).
func (c *smtpSession) content() bool {
	var data strings.Builder
	for data.Len() < maxSMTPMessage {
		line, err := c.line()
		if err != nil {
			return false
		}
		if line == "." {
			c.message.Data = data.String()
			return true
		}
		data.WriteString(strings.TrimPrefix(line, "."))
		data.WriteByte('\n')
	}
	return false
}
