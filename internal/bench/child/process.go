package child

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec" //nolint:depguard // the benchmarks start their own servers; nothing of this is in the program
	"syscall"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// Process is a running child, seen from its parent. Questions come from one goroutine at a time.
type Process struct {
	Addr    string
	HostKey gossh.PublicKey

	cmd     *exec.Cmd
	in      io.WriteCloser
	answers *bufio.Reader
}

// patience is how long a child gets to end by itself.
const patience = 20 * time.Second

// Start starts a program with arguments and waits for its hello. What it says on its error output goes to problems. It ends with ctx, with
// Close, or with its parent.
func Start(ctx context.Context, problems io.Writer, program string, args ...string) (*Process, error) {
	p := &Process{cmd: exec.CommandContext(ctx, program, args...)}
	p.cmd.Stderr = problems
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.in, p.answers = in, bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("child: %w", err)
	}
	if err := p.greet(); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *Process) greet() error {
	var hello Hello
	if err := p.read(&hello); err != nil {
		return err
	}
	key, _, _, _, err := gossh.ParseAuthorizedKey([]byte(hello.HostKey))
	if err != nil {
		return fmt.Errorf("child: its host key: %w", err)
	}
	p.Addr, p.HostKey = hello.Addr, key
	return nil
}

func (p *Process) read(into any) error {
	line, err := p.answers.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("child: it does not answer: %w", err)
	}
	return json.Unmarshal(line, into)
}

// Ask asks one question. The argument is a file for those that need one.
func (p *Process) Ask(v Verb, argument string) (State, error) {
	if _, err := fmt.Fprintf(p.in, "%s %s\n", v, argument); err != nil {
		return State{}, fmt.Errorf("child: %w", err)
	}
	var s State
	if err := p.read(&s); err != nil {
		return State{}, err
	}
	if s.Error != "" {
		return State{}, fmt.Errorf("child: %s", s.Error)
	}
	return s, nil
}

// Close ends the child: its input ends, and when that is not enough it is killed.
func (p *Process) Close() error {
	_ = p.in.Close()
	limit := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer limit.Stop()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("child: %w", err)
	}
	return nil
}
