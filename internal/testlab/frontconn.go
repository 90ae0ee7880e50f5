package testlab

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"net"
	"sync"
	"time"
)

// startTLSOID names the StartTLS operation (RFC 4511 section 4.14).
const startTLSOID = "1.3.6.1.4.1.1466.20037"

// frontConn is one client of a [Front]. Requests are handled one after the other by run; answers flow back in a
// goroutine of their own.
type frontConn struct {
	front  *Front
	client *recordingConn // the bytes on the wire
	quit   chan struct{}
	once   sync.Once

	mu      sync.Mutex
	reader  *bufio.Reader // of the client, in clear text
	writer  net.Conn      // to the client, in clear text
	server  net.Conn
	held    map[int64]*heldFault // by message id
	secured bool
}

func (c *frontConn) run() {
	c.writer = c.client
	c.held = map[int64]*heldFault{}
	if c.front.opts.TLS == FrontImplicit && !c.handshake() {
		return
	}
	c.reader = bufio.NewReader(c.writer)
	for {
		request, err := readFrame(c.reader)
		if err != nil || !c.request(request) {
			return
		}
	}
}

// handshake replaces the clear text by TLS.
func (c *frontConn) handshake() bool {
	opts := c.front.opts
	config := &tls.Config{MinVersion: opts.MinVersion, MaxVersion: opts.MaxVersion}
	if opts.Certificate != nil {
		config.Certificates = []tls.Certificate{*opts.Certificate}
	}
	secure := tls.Server(c.client, config)
	if err := secure.Handshake(); err != nil {
		c.front.journal.failedHandshake()
		return false
	}
	c.writer, c.secured = secure, true
	return true
}

// request handles one request and reports whether the connection goes on.
func (c *frontConn) request(f frame) bool {
	c.front.journal.record(f, c.secured)
	if f.op == OpExtended && bytes.Contains(f.raw, []byte(startTLSOID)) {
		return c.startTLS(f)
	}
	fault := c.front.strikes(f.op)
	if fault == nil {
		return c.forward(f.raw)
	}
	switch fault.Point {
	case BeforeForward:
		if !c.act(fault, f.messageID) {
			return false
		}
		return fault.Act == ActAnswer || c.forward(f.raw)
	case DuringForward:
		return c.forward(f.raw[:len(f.raw)/2]) && c.act(fault, f.messageID) && c.forward(f.raw[len(f.raw)/2:])
	case BeforeAnswer, DuringAnswer:
		c.hold(f.messageID, fault)
	}
	return c.forward(f.raw)
}

// act does what the fault says and reports whether the connection goes on.
func (c *frontConn) act(fault *Fault, messageID int64) bool {
	switch fault.Act {
	case ActReset:
		c.reset()
	case ActClose:
		_ = c.writer.Close()
	case ActHang:
		<-c.quit // the other direction has nothing to say: clients of a proxy wait for their answer
	case ActDelay:
		return c.wait(fault.Delay)
	case ActAnswer:
		_, err := c.writer.Write(fault.Answer(messageID))
		return err == nil
	}
	return false
}

func (c *frontConn) wait(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.quit:
		return false
	}
}

func (c *frontConn) startTLS(f frame) bool {
	success := Answer(f.messageID, 0x78, 0, "")
	switch c.front.opts.StartTLS {
	case StartTLSRefuse:
		_, err := c.writer.Write(Answer(f.messageID, 0x78, 2, "unsupported extended operation"))
		return err == nil
	case StartTLSHang:
		<-c.quit
		return false
	case StartTLSStrip:
		_, err := c.writer.Write(success)
		return err == nil
	case StartTLSInject:
		// What a man in the middle sends before TLS begins: an answer to the bind that the client is about to send.
		success = append(success, Answer(f.messageID+1, 0x61, 0, "")...)
	case StartTLSAccept:
	}
	if _, err := c.writer.Write(success); err != nil || !c.handshake() {
		return false
	}
	c.reader = bufio.NewReader(c.writer)
	return true
}

// forward writes to the server, to which the first request connects.
func (c *frontConn) forward(raw []byte) bool {
	if c.server == nil && !c.connect() {
		return false
	}
	_, err := c.server.Write(raw)
	return err == nil
}

func (c *frontConn) connect() bool {
	server, err := net.Dial("tcp", c.front.backend)
	if err != nil {
		return false
	}
	c.mu.Lock()
	c.server = server
	c.mu.Unlock()
	c.front.serve.Go(func() { c.answers(server, c.writer) }) // ends with either connection
	return true
}

// answers copies the answers of the server to the client, one message at a time.
func (c *frontConn) answers(server, client net.Conn) {
	defer c.end()
	reader := bufio.NewReader(server)
	for {
		f, err := readFrame(reader)
		if err != nil || !c.answer(client, f) {
			return
		}
	}
}

// answer hands one message of the server to the client and reports whether the connection goes on.
func (c *frontConn) answer(client net.Conn, f frame) bool {
	fault, first := c.heldFor(f.messageID)
	if fault != nil && first {
		if fault.Point == DuringAnswer {
			_, _ = client.Write(f.raw[:len(f.raw)/2])
			f.raw = f.raw[len(f.raw)/2:]
		}
		if !c.act(fault, f.messageID) {
			return false
		}
	}
	if fault != nil && fault.Act == ActAnswer {
		return true // ours was given in place of all of the server's
	}
	_, err := client.Write(f.raw)
	return err == nil
}

func (c *frontConn) hold(messageID int64, fault *Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held[messageID] = &heldFault{fault: fault}
}

// heldFor returns the fault that waits for the answer to a request, and whether this is the first message of it.
func (c *frontConn) heldFor(messageID int64) (fault *Fault, first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	held := c.held[messageID]
	if held == nil {
		return nil, false
	}
	first = !held.used
	held.used = true
	return held.fault, first
}

// heldFault is a fault that strikes the answer of a request.
type heldFault struct {
	fault *Fault
	used  bool
}

// reset ends the client's connection with a TCP reset.
func (c *frontConn) reset() {
	if tcp, ok := c.client.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	c.end()
}

// end closes both sides. It may be called more than once and from any goroutine.
func (c *frontConn) end() {
	c.once.Do(func() {
		close(c.quit)
		_ = c.client.Close()
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.server != nil {
		_ = c.server.Close()
	}
}
