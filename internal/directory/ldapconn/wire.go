package ldapconn

import (
	"net"
	"sync/atomic"
)

// wire is the TCP connection below TLS. It counts what the kernel took, so that "not one byte was sent" is a fact.
type wire struct {
	net.Conn
	sent atomic.Int64
}

// Write implements [net.Conn].
func (w *wire) Write(p []byte) (int, error) {
	n, err := w.Conn.Write(p)
	w.sent.Add(int64(max(n, 0)))
	return n, err
}
