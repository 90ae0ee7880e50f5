package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
)

// patience is a guard against hanging, not a measurement.
const patience = 30 * time.Second

// stage is where one story plays: a desk and the terminals at it.
type stage struct {
	ctx       context.Context
	work      string
	server    *exec.Cmd
	ended     chan error
	addr      string
	log       *lines
	terminals map[string]*seat
	held      *sql.DB // keeps the people's directory from being written
	logged    int     // how much of the log was looked at
	console   *consoleSeat
}

// seat is one operator at one terminal.
type seat struct {
	client   *termtest.Client
	terminal *termtest.Terminal
	pressed  int // keys pressed by name
}

// lines is output that is collected while a program runs.
type lines struct {
	mu      sync.Mutex
	all     strings.Builder
	changed chan struct{} // closed when something was written
}

func newLines() *lines { return &lines{changed: make(chan struct{})} }

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.changed)
	l.changed = make(chan struct{})
	return l.all.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// wait waits until a pattern is found behind the first skip bytes and returns what its groups hold.
func (l *lines) wait(ctx context.Context, pattern string, skip int) ([]string, error) {
	re := regexp.MustCompile(pattern)
	for {
		l.mu.Lock()
		text, changed := l.all.String(), l.changed
		l.mu.Unlock()
		if m := re.FindStringSubmatch(text[skip:]); m != nil {
			return m, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("%q does not come: %w: %s", pattern, ctx.Err(), text)
		}
	}
}

func stageOf(ts *testscript.TestScript) *stage {
	s, ok := ts.Value(stageKey{}).(*stage)
	if !ok {
		ts.Fatalf("there is no stage")
	}
	return s
}

func (s *stage) state() string { return filepath.Join(s.work, "state") }

// start runs the demo on the story's state until it says where it listens.
func (s *stage) start(args []string) error {
	m, err := s.run(`ssh -p (\d+) .*l1@(\S+)`, append([]string{"demo", "--headless", "--state", s.state(), "--listen", "127.0.0.1:0"}, args...)...)
	if err != nil {
		return err
	}
	s.addr = net.JoinHostPort(m[2], m[1])
	return nil
}

// serve serves a configuration until the log says where it listens.
func (s *stage) serve(config string) error {
	m, err := s.run(`msg=serving listen=(\S+)|"msg":"serving","listen":"([^"]+)"`, "serve", "--config", config)
	if err != nil {
		return err
	}
	s.addr = m[1] + m[2]
	return nil
}

// run starts the program and waits until it has said something.
func (s *stage) run(ready string, args ...string) ([]string, error) {
	s.server = exec.CommandContext(s.ctx, "sspr-tui", args...)
	s.server.Env = append(os.Environ(), "TZ=UTC")
	s.server.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	s.log, s.logged = newLines(), 0
	s.server.Stdout, s.server.Stderr = s.log, s.log
	if err := s.server.Start(); err != nil {
		s.server = nil
		return nil, err
	}
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	s.ended = make(chan error, 1)
	go func(server *exec.Cmd, ended chan<- error) { // ends with the server
		ended <- server.Wait()
		cancel()
	}(s.server, s.ended)
	m, err := s.log.wait(ctx, ready, 0)
	if err != nil {
		err = errors.Join(err, s.end(os.Kill))
	}
	return m, err
}

// end sends a signal and waits for the server.
func (s *stage) end(sig os.Signal) error {
	if s.server == nil {
		return errors.New("there is no desk")
	}
	if err := s.server.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return s.over()
}

// over waits until the server has ended.
func (s *stage) over() error {
	select {
	case err := <-s.ended:
		s.server = nil
		return err
	case <-time.After(patience):
		return errors.New("the desk does not end")
	}
}

func (s *stage) clear() {
	_ = s.release()
	for _, seat := range s.terminals {
		_ = seat.client.Close()
	}
	if s.server != nil {
		_ = s.end(os.Kill)
	}
}

// target is how an operator of the demo connects.
func (s *stage) target(operator string) (termtest.Target, error) {
	raw, err := os.ReadFile(filepath.Join(s.state(), "keys", operator))
	if err != nil {
		return termtest.Target{}, err
	}
	key, err := gossh.ParsePrivateKey(raw)
	if err != nil {
		return termtest.Target{}, err
	}
	host, err := s.hostKey()
	return termtest.Target{Addr: s.addr, User: operator, Auth: []gossh.AuthMethod{gossh.PublicKeys(key)}, HostKey: host}, err
}

func (s *stage) hostKey() (gossh.PublicKey, error) {
	raw, err := os.ReadFile(filepath.Join(s.state(), "known_hosts"))
	if err != nil {
		return nil, err
	}
	_, _, key, _, _, err := gossh.ParseKnownHosts(raw)
	return key, err
}

func (s *stage) dial(operator string) (*termtest.Client, error) {
	target, err := s.target(operator)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	return termtest.Dial(ctx, target)
}

// secretOf is the authenticator secret of a person of the demo.
func (s *stage) secretOf(login string) (string, error) {
	raw, err := os.ReadFile(filepath.Join(s.state(), "people.json"))
	if err != nil {
		return "", err
	}
	var people []struct {
		Login string `json:"login"`
		TOTP  string `json:"totp_secret"`
	}
	if err := json.Unmarshal(raw, &people); err != nil {
		return "", err
	}
	for _, p := range people {
		if p.Login == login && p.TOTP != "" {
			return p.TOTP, nil
		}
	}
	return "", fmt.Errorf("%s has no authenticator app", login)
}

// letters are the mails in the outbox, oldest first.
func (s *stage) letters() ([]string, error) {
	names, err := filepath.Glob(filepath.Join(s.state(), "outbox", "*.eml"))
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, len(names))
	for _, n := range names {
		raw, err := os.ReadFile(n)
		if err != nil {
			return nil, err
		}
		out = append(out, string(raw))
	}
	return out, nil
}

// hold keeps anybody from writing to the people's directory: a change that is under way waits.
func (s *stage) hold() error {
	db, err := sql.Open("sqlite", filepath.Join(s.state(), "people.db"))
	if err != nil {
		return err
	}
	s.held = db
	db.SetMaxOpenConns(1) // the lock belongs to a connection
	_, err = db.ExecContext(s.ctx, "BEGIN IMMEDIATE")
	return err
}

// release lets writers go on.
func (s *stage) release() error {
	if s.held == nil {
		return nil
	}
	db := s.held
	s.held = nil
	return db.Close()
}

// metric reads one number from the status socket of the desk.
func (s *stage) metric(name string) (string, error) {
	client := http.Client{Timeout: patience, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", filepath.Join(s.state(), "status.sock"))
		},
	}}
	res, err := client.Get("http://desk/metrics")
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	in := bufio.NewScanner(res.Body)
	for in.Scan() {
		if value, ok := strings.CutPrefix(in.Text(), name+" "); ok {
			return value, nil
		}
	}
	return "", fmt.Errorf("there is no metric %s", name)
}

// listening counts the TCP sockets the server listens on (proc(5)).
func (s *stage) listening() (n int, err error) {
	fds, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", s.server.Process.Pid))
	if err != nil {
		return 0, err
	}
	own := map[string]bool{}
	for _, fd := range fds {
		if to, err := os.Readlink(fd); err == nil && strings.HasPrefix(to, "socket:[") {
			own[strings.Trim(to, "socket:[]")] = true
		}
	}
	for _, table := range []string{"tcp", "tcp6"} {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", s.server.Process.Pid, table))
		if err != nil {
			return 0, err
		}
		for line := range strings.Lines(string(raw)) {
			if f := strings.Fields(line); len(f) > 9 && f[3] == "0A" && own[f[9]] {
				n++
			}
		}
	}
	return n, nil
}
