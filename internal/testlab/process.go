package testlab

import (
	"bytes"
	"fmt"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// process is one child that testlab started. It is ended by its own pid, and by the kernel when the test process dies
// first.
type process struct {
	cmd    *exec.Cmd
	output *lockedBuffer
	gone   chan struct{} // closed when the child has ended
}

// startProcess starts a program that stays in the foreground.
func startProcess(path string, args ...string) (*process, error) {
	p := &process{output: &lockedBuffer{}, gone: make(chan struct{})}
	p.cmd = exec.Command(path, args...)
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	go func() { // ends with the child
		defer close(p.gone)
		_ = p.cmd.Wait()
	}()
	return p, nil
}

// end sends sig and waits; a child that takes longer than patience is killed.
func (p *process) end(sig syscall.Signal, patience time.Duration) {
	_ = p.cmd.Process.Signal(sig)
	select {
	case <-p.gone:
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		<-p.gone
	}
}

func (p *process) alive() bool {
	select {
	case <-p.gone:
		return false
	default:
		return true
	}
}

// lockedBuffer collects what a child writes while the test may read it.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements [io.Writer].
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

// String returns what was written so far.
func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
