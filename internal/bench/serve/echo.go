package serve

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
)

// The limits of the floor are the desk's: without them it would be another kind of server.
const (
	grace       = 20 * time.Second
	writeLimit  = 15 * time.Second
	connections = 2048
	channels    = 4
	tries       = 3
)

// echo answers every byte with itself.
type echo struct {
	config *gossh.ServerConfig
	free   chan struct{} // one token for each connection
}

// errStranger refuses every key but the operator's.
var errStranger = errors.New("not the operator's key")

func openEcho(folder stage.Folder) (server, gossh.PublicKey, func() error, error) {
	client, err := folder.Signer()
	if err != nil {
		return nil, nil, nil, err
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, nil, err
	}
	host, err := gossh.NewSignerFromKey(private)
	if err != nil {
		return nil, nil, nil, err
	}
	known := string(client.PublicKey().Marshal())
	e := &echo{free: make(chan struct{}, connections), config: &gossh.ServerConfig{
		Config: gossh.Config{
			KeyExchanges: []string{gossh.KeyExchangeMLKEM768X25519, gossh.KeyExchangeCurve25519},
			Ciphers: []string{
				gossh.CipherAES256GCM, gossh.CipherAES128GCM, gossh.CipherAES256CTR, gossh.CipherAES192CTR, gossh.CipherAES128CTR,
			},
			MACs: []string{gossh.HMACSHA256ETM, gossh.HMACSHA512ETM},
		},
		MaxAuthTries: tries,
		PublicKeyCallback: func(_ gossh.ConnMetadata, key gossh.PublicKey) (*gossh.Permissions, error) {
			if string(key.Marshal()) != known {
				return nil, errStranger
			}
			return &gossh.Permissions{}, nil
		},
	}}
	e.config.AddHostKey(host)
	return e, host.PublicKey(), func() error { return nil }, nil
}

// Serve implements server.
func (e *echo) Serve(ctx context.Context, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	for {
		conn, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		select {
		case e.free <- struct{}{}:
			go e.run(ctx, conn) // ends with the connection or ctx
		default:
			_ = conn.Close()
		}
	}
}

func (e *echo) run(ctx context.Context, conn net.Conn) {
	defer func() { <-e.free }()
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	_ = conn.SetDeadline(time.Now().Add(grace))
	client, opened, requests, err := gossh.NewServerConn(conn, e.config)
	if err != nil {
		return
	}
	_ = conn.SetDeadline(time.Time{})
	go gossh.DiscardRequests(requests) // ends with the connection
	free := make(chan struct{}, channels)
	for c := range opened {
		if c.ChannelType() != "session" {
			_ = c.Reject(gossh.Prohibited, "")
			continue
		}
		select {
		case free <- struct{}{}:
			go func() { // ends with the channel
				defer func() { <-free }()
				serveChannel(c)
			}()
		default:
			_ = c.Reject(gossh.ResourceShortage, "")
		}
	}
	_ = client.Close()
}

// serveChannel waits for a shell and echoes; its first byte says that it is there, as a first frame does.
func serveChannel(c gossh.NewChannel) {
	channel, requests, err := c.Accept()
	if err != nil {
		return
	}
	defer func() { _ = channel.Close() }()
	for r := range requests {
		_ = r.Reply(r.Type == "pty-req" || r.Type == "shell", nil)
		if r.Type == "shell" {
			go gossh.DiscardRequests(requests) // ends with the channel
			repeat(channel)
			return
		}
	}
}

func repeat(channel gossh.Channel) {
	w := limited{channel}
	if _, err := w.Write([]byte{'.'}); err != nil {
		return
	}
	buf := make([]byte, 256)
	for {
		n, err := channel.Read(buf)
		if err != nil {
			return
		}
		if _, err := w.Write(buf[:n]); err != nil {
			return
		}
	}
}

// limited closes a channel whose client does not read.
type limited struct{ gossh.Channel }

// Write implements [io.Writer].
func (l limited) Write(p []byte) (int, error) {
	late := time.AfterFunc(writeLimit, func() { _ = l.Close() })
	defer late.Stop()
	return l.Channel.Write(p)
}

var _ io.Writer = limited{}
