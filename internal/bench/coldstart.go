package bench

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec" //nolint:depguard // it measures the start of programs
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/bench/figure"
	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
	"github.com/sspr-tui/sspr-tui/testdata/demo"
)

const groupStart = "Cold start"

// coldStarts measures the built program until it greets the first client, with state that exists.
func (s *suite) coldStarts(ctx context.Context) error {
	binary := s.scratch("sspr-tui")
	root, err := module(ctx)
	if err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "build", "-C", root, "-trimpath", "-o", binary, "./cmd/sspr-tui")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the program: %w: %s", err, out)
	}
	for _, n := range s.Starts {
		if err := s.coldStart(ctx, binary, n); err != nil {
			return err
		}
	}
	return nil
}

func (s *suite) coldStart(ctx context.Context, binary string, people int) error {
	f := figure.Figure{
		ID: fmt.Sprintf("start.%d", people), Group: groupStart, Title: fmt.Sprintf("%d people: from exec to the first SSH greeting", people),
		Unit: "ms", Aim: figure.Aim{On: figure.OnValue, Most: 150},
		Floor: "this benchmark's own program, executed to listen and greet, with nothing behind it",
		Note:  "`sspr-tui demo --headless` on a state folder that exists; its files are in the page cache.",
	}
	state := s.scratch(fmt.Sprintf("demo-%d", people))
	listen, err := freeAddress()
	if err != nil {
		return err
	}
	ours := []string{binary, "demo", "--headless", "--listen", listen, "--state", state, "--people", strconv.Itoa(people)}
	floor := []string{s.Self, "-serve", "greeting", "-state", listen}
	if _, err := untilGreeting(ctx, listen, ours); err != nil { // makes the state
		return err
	}
	if err := fillDemo(ctx, filepath.Join(state, "people.db"), people); err != nil {
		return err
	}
	for _, once := range [][]string{ours, floor} { // brings both into the page cache
		if _, err := untilGreeting(ctx, listen, once); err != nil {
			return err
		}
	}
	for range s.Rounds {
		b, err := untilGreeting(ctx, listen, floor)
		if err != nil {
			return err
		}
		a, err := untilGreeting(ctx, listen, ours)
		if err != nil {
			return err
		}
		f.Rounds = append(f.Rounds, figure.Round{Ours: inMS(a), Floor: inMS(b)})
	}
	s.add(f)
	return nil
}

// fillDemo adds the people that a demo adds while it serves, so that they are all there before anything is measured.
func fillDemo(ctx context.Context, file string, people int) error {
	d, err := embedded.Open(ctx, embedded.Options{Name: stage.DirectoryName, Path: file, Clock: stage.Clock{}, Entropy: rand.Reader})
	if err != nil {
		return err
	}
	return errors.Join(demo.Fill(ctx, d, people, time.Now()), d.Close())
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}

// untilGreeting starts a program, waits for the first byte that a client of it reads, and ends the program.
func untilGreeting(ctx context.Context, addr string, command []string) (took time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	var problems strings.Builder
	cmd.Stderr = &problems
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	in, err := cmd.StdinPipe() // the end of it ends the floor
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	took, err = greeted(ctx, addr, begun)
	_ = in.Close()
	_ = cmd.Process.Signal(syscall.SIGTERM)
	ended := cmd.Wait()
	if err != nil {
		return 0, errors.Join(fmt.Errorf("%s: %w: %s", command[0], err, problems.String()), ended)
	}
	return took, nil
}

// startPatience is for the first start, which makes the people.
const startPatience = 5 * time.Minute

// greeted tries to connect until somebody says "SSH-".
func greeted(ctx context.Context, addr string, begun time.Time) (time.Duration, error) {
	for {
		took, err := greeting(addr, begun)
		if err == nil {
			return took, nil
		}
		if err := pause(ctx, 500*time.Microsecond); err != nil {
			return 0, err
		}
	}
}

func greeting(addr string, begun time.Time) (time.Duration, error) {
	conn, err := net.DialTimeout("tcp", addr, startPatience)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetReadDeadline(time.Now().Add(startPatience)); err != nil {
		return 0, err
	}
	if _, err := io.ReadFull(bufio.NewReader(conn), make([]byte, len("SSH-"))); err != nil {
		return 0, err
	}
	return time.Since(begun), nil
}
