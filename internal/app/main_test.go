package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
)

// childEnv makes the test binary the program that is to be killed.
const childEnv = "SSPR_TUI_TEST_CHILD"

func TestMain(m *testing.M) {
	if raw := os.Getenv(childEnv); raw != "" {
		os.Exit(runChild(raw))
	}
	os.Exit(m.Run())
}

// child is what a second process does on the desk of a test.
type child struct {
	Config string
	Jobs   []job
	DieAt  core.Step // kill -9 to itself before this step; "" for none
	Lock   bool      // hold the store's write lock instead, until standard input ends
}

// job is one change.
type job struct {
	Verb    core.Verb
	ID      string
	Case    int64
	Account core.AccountID
	Actor   core.Actor
}

func (j job) operation() core.Operation {
	if j.Verb == core.VerbUnlock {
		return core.Unlock{ID: j.ID, Case: j.Case, Account: j.Account}
	}
	return core.Reset{ID: j.ID, Case: j.Case, Account: j.Account}
}

func runChild(raw string) int {
	var c child
	if err := json.Unmarshal([]byte(raw), &c); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	cfg, err := config.Load(c.Config)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if c.Lock {
		return holdLock(storePath(cfg))
	}
	a, err := Open(context.Background(), cfg, Options{Log: slog.New(slog.DiscardHandler), OnStep: c.dieAt})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("ready")
	for _, j := range c.Jobs {
		if _, err := a.desk.Perform(context.Background(), j.Actor, j.operation()); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	fmt.Println("done")
	return 0
}

func (c child) dieAt(_ context.Context, s core.Step) error {
	if s == c.DieAt {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // it does not come back from that
	}
	return nil
}

// command starts the child; the test that started it ends it at the latest.
func (c child) command(t testing.TB) *exec.Cmd {
	t.Helper()
	raw, err := json.Marshal(c)
	must(t, err)
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(raw))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.Stderr = t.Output()
	return cmd
}

// killed reports whether a process ended by kill -9.
func killed(err error) bool {
	var exit *exec.ExitError
	if e, ok := err.(*exec.ExitError); ok { //nolint:errorlint // Wait returns it as it is
		exit = e
	}
	if exit == nil {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}
