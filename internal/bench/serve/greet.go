package serve

import (
	"fmt"
	"io"
	"net"
)

// Greet listens and greets like an SSH server, with nothing behind it, until in ends: the floor of a cold start.
func Greet(addr string, in io.Reader) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("greeting: %w", err)
	}
	go func() { // ends with the listener
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, "SSH-2.0-floor\r\n")
			_ = conn.Close()
		}
	}()
	_, _ = io.Copy(io.Discard, in)
	return l.Close()
}
