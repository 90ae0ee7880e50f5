package app

import (
	"context"
	"net"
	"os"
)

// notifySystemd tells the service manager a state (sd_notify(3)); without NOTIFY_SOCKET it does nothing.
func notifySystemd(ctx context.Context, state string) {
	path := os.Getenv("NOTIFY_SOCKET")
	if path == "" {
		return
	}
	if path[0] == '@' {
		path = "\x00" + path[1:]
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unixgram", path)
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	_, _ = conn.Write([]byte(state)) // nobody is there to tell when the service manager cannot be told
}
