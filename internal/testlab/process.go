package testlab

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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

// freeze stops the child and waits until every thread of it stands: the signal arrives whenever the kernel likes.
func (p *process) freeze() error {
	const patience, pause = 10 * time.Second, time.Millisecond
	if err := p.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(pause) {
		if p.frozen() {
			return nil
		}
	}
	return fmt.Errorf("process %d did not stop", p.cmd.Process.Pid)
}

// frozen reads the state of every thread: the field after the name in brackets (proc(5)).
func (p *process) frozen() bool {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", p.cmd.Process.Pid))
	for _, thread := range threads {
		stat, readErr := os.ReadFile(thread)
		if readErr != nil {
			return false
		}
		if _, state, _ := strings.Cut(string(stat), ") "); !strings.HasPrefix(state, "T") {
			return false
		}
	}
	return err == nil && len(threads) > 0
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
