package testlab

import (
	"net"
	"os"
	"testing"
)

// ScratchDir makes a folder that is removed when the test ends: on tmpfs where there is one, since a directory server
// on a busy disk waits for fsync for seconds. Its name is short, as the path of a unix socket may have 108 bytes only.
func ScratchDir(tb testing.TB) string {
	tb.Helper()
	parent := ""
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		parent = "/dev/shm"
	}
	dir, err := os.MkdirTemp(parent, "lab-")
	if err != nil {
		tb.Fatalf("scratch folder: %v", err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// FreePorts returns n different TCP ports of 127.0.0.1 that were free a moment ago.
func FreePorts(tb testing.TB, n int) []int {
	tb.Helper()
	ports := make([]int, 0, n)
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			tb.Fatalf("free port: %v", err)
		}
		defer func() { _ = l.Close() }() // held until all are chosen: they must differ
		addr, ok := l.Addr().(*net.TCPAddr)
		if !ok {
			tb.Fatalf("free port: unexpected address %v", l.Addr())
		}
		ports = append(ports, addr.Port)
	}
	return ports
}

func writeFile(tb testing.TB, path, content string) {
	tb.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		tb.Fatal(err)
	}
}
