package serve_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/bench/child"
	"github.com/sspr-tui/sspr-tui/internal/bench/load"
	"github.com/sspr-tui/sspr-tui/internal/bench/serve"
	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// guardTime keeps a test that hangs from hanging for ever.
const guardTime = time.Minute

func guarded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), guardTime)
	t.Cleanup(cancel)
	return ctx
}

// run serves in this process and returns how to reach it.
func run(t *testing.T, kind serve.Kind, folder stage.Folder) load.Target {
	t.Helper()
	in, stop := io.Pipe()
	answers, out := io.Pipe()
	ended := make(chan error, 1)
	go func() { // ends with its input
		err := serve.Run(t.Context(), kind, folder, in, out)
		_ = out.CloseWithError(io.EOF)
		ended <- err
	}()
	lines := bufio.NewReader(answers)
	line, err := lines.ReadBytes('\n')
	if err != nil {
		t.Fatalf("%s did not start: %v", kind, <-ended)
	}
	var hello child.Hello
	if err := json.Unmarshal(line, &hello); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stop.Close()
		if err := <-ended; err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	})
	host, _, _, _, err := gossh.ParseAuthorizedKey([]byte(hello.HostKey))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := folder.Signer()
	if err != nil {
		t.Fatal(err)
	}
	return load.Target{Addr: hello.Addr, HostKey: host, Login: stage.Login, Key: signer}
}

func folder(t *testing.T, people int) stage.Folder {
	t.Helper()
	f, err := stage.NewFolder(t.Context(), filepath.Join(testlab.ScratchDir(t), "state"), people)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func brisk() load.Typing {
	return load.Typing{Every: 50 * time.Millisecond, For: 600 * time.Millisecond, TimeOut: 10 * time.Second, Rest: 200 * time.Millisecond, Behind: 10 * time.Second}
}

func TestEveryServerAnswersEveryKeyAndThoseWithAScreenDrawTheTable(t *testing.T) {
	t.Parallel()
	f := folder(t, stage.TypingPeople)
	var agreed []gossh.NegotiatedAlgorithms
	for _, c := range []struct {
		kind  serve.Kind
		whole string
		least float64 // bytes for one key
	}{{serve.Echo, "", 1}, {serve.Desk, load.FrameEnd, 800}, {serve.Screen, load.FrameEnd, 800}, {serve.Stock, "", 800}} {
		target := run(t, c.kind, f)
		target.Whole = c.whole
		crowd, err := load.Gather(guarded(t), target, 3, stage.Keys)
		if err != nil {
			t.Fatalf("%s: %v", c.kind, err)
		}
		typed := crowd.Type(guarded(t), brisk())
		agreed = append(agreed, crowd.First().Algorithms())
		crowd.Close()
		if typed.Answered == 0 || typed.Answered != typed.Due || typed.TimeOuts != 0 {
			t.Errorf("%s: %d of %d keys were answered, %d late", c.kind, typed.Answered, typed.Due, typed.TimeOuts)
		}
		if perKey := float64(typed.Bytes) / float64(typed.Answered); perKey < c.least {
			t.Errorf("%s: %.0f bytes for one key", c.kind, perKey)
		}
	}
	if len(slices.Compact(agreed)) != 1 || agreed[0].KeyExchange != gossh.KeyExchangeMLKEM768X25519 {
		t.Errorf("the servers agree on different algorithms: %+v", agreed)
	}
}

func TestEveryServerLetsOnlyTheOperatorsKeyIn(t *testing.T) {
	t.Parallel()
	f, other := folder(t, 20), folder(t, 1)
	stranger, err := other.Signer()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []serve.Kind{serve.Echo, serve.Desk, serve.Screen, serve.Stock} {
		target := run(t, kind, f)
		target.Key = stranger
		if _, err := target.Dial(guarded(t), 0); err == nil || !strings.Contains(err.Error(), "unable to authenticate") {
			t.Errorf("%s: a stranger's key: %v", kind, err)
		}
	}
}

func TestTheFloorHasALimitOfChannels(t *testing.T) {
	t.Parallel()
	target := run(t, serve.Echo, folder(t, 1))
	config := &gossh.ClientConfig{User: target.Login, Auth: []gossh.AuthMethod{gossh.PublicKeys(target.Key)}, HostKeyCallback: gossh.FixedHostKey(target.HostKey)}
	client, err := gossh.Dial("tcp", target.Addr, config)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	if _, _, err := client.OpenChannel("direct-tcpip", nil); err == nil {
		t.Error("only sessions are served")
	}
	for range 4 {
		if _, _, err := client.OpenChannel("session", nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := client.OpenChannel("session", nil); err == nil {
		t.Error("a fifth channel was accepted")
	}
}

func TestAnUnknownKindIsRefused(t *testing.T) {
	t.Parallel()
	err := serve.Run(t.Context(), "telnet", stage.Folder{Dir: t.TempDir()}, strings.NewReader(""), io.Discard)
	if err == nil || !strings.Contains(err.Error(), `"telnet"`) {
		t.Errorf("got %v", err)
	}
	for _, kind := range []serve.Kind{serve.Echo, serve.Desk, serve.Screen, serve.Stock} {
		if err := serve.Run(t.Context(), kind, stage.Folder{Dir: t.TempDir()}, strings.NewReader(""), io.Discard); err == nil {
			t.Errorf("%s: served an empty folder", kind)
		}
	}
}

func TestTheFloorOfAStartGreetsUntilItsInputEnds(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := serve.Greet(addr, strings.NewReader("")); err == nil {
		t.Error("the address is taken")
	}
	_ = l.Close()
	in, stop := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- serve.Greet(addr, in) }() // ends with its input
	for {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			select {
			case err := <-ended:
				t.Fatalf("it ended: %v", err)
			default:
				continue // it does not listen yet
			}
		}
		line, _ := bufio.NewReader(conn).ReadString('\n')
		_ = conn.Close()
		if !strings.HasPrefix(line, "SSH-2.0-") {
			t.Errorf("it says %q", line)
		}
		break
	}
	_ = stop.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
