package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// faultyDirectory answers a change as fault says; nil passes it on.
type faultyDirectory struct {
	core.Directory
	fault func(ctx context.Context, apply func() error) error
}

func (d *faultyDirectory) SetPassword(ctx context.Context, g rbac.Grant, c core.PasswordChange) error {
	return d.fault(ctx, func() error { return d.Directory.SetPassword(ctx, g, c) })
}

func (d *faultyDirectory) Unlock(ctx context.Context, g rbac.Grant, c core.UnlockChange) (out core.UnlockAnswer, err error) {
	err = d.fault(ctx, func() (err error) {
		out, err = d.Directory.Unlock(ctx, g, c)
		return err
	})
	return out, err
}

func unavailable(c core.Changed) error {
	return (&core.Error{Code: core.CodeUnavailable, Said: sentence.Of("error.timeout"), Changed: c}).Because(errors.New("connection reset by peer"))
}

// T111: a directory that fails before, during and after a write. What is said about the change is what happened to it, and what is not known
// is found out later.
func TestADirectoryThatFailsInTheMiddleOfAWrite(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault    func(ctx context.Context, apply func() error) error
		first    core.Outcome
		changed  bool
		resolved core.Outcome
	}{
		"refused before it was sent": {
			func(context.Context, func() error) error { return unavailable(core.NothingChanged) }, core.Failed, false, core.Failed,
		},
		"cut off before it arrived": {
			func(context.Context, func() error) error { return unavailable(core.ChangeUnknown) }, core.Unknown, false, core.Failed,
		},
		"cut off after it was done": {
			func(_ context.Context, apply func() error) error {
				return errors.Join(apply(), unavailable(core.ChangeUnknown))
			},
			core.Unknown, true, core.Done,
		},
		"an error nobody knows": {
			func(context.Context, func() error) error { return errors.New("what is this") }, core.Unknown, false, core.Failed,
		},
		"a panic": {func(context.Context, func() error) error { panic("in the adapter") }, core.Unknown, false, core.Failed},
		"a panic after it was done": {
			func(_ context.Context, apply func() error) error { panic(apply()) }, core.Unknown, true, core.Done,
		},
	} {
		for _, verb := range []core.Verb{core.VerbReset, core.VerbUnlock} {
			t.Run(name+"/"+string(verb), func(t *testing.T) {
				t.Parallel()
				k := newKilled(t, verb)
				k.open()
				k.desk.Directories[0] = &faultyDirectory{k.desk.Directories[0], c.fault}
				res, err := k.perform(k.job.ID)
				if res.Outcome != c.first || err == nil || k.changed() != c.changed {
					t.Fatalf("outcome %s, %v; changed %v", res.Outcome, err, k.changed())
				}
				if said := core.AsError(err).Changed; (said == core.NothingChanged) != (c.first == core.Failed) {
					t.Errorf("it is said that %s was changed", said)
				}
				k.clock.add(time.Minute)
				must(t, k.desk.Mend(t.Context()))
				again, _ := k.perform(k.job.ID)
				if again.Outcome != c.resolved || !again.Repeated {
					t.Errorf("when it has been checked: %+v", again.Outcome)
				}
				k.verify()
			})
		}
	}
}

// T130, T131: two operators on one account at the same moment, each with a proof of their own: one wins, the other is told that somebody else
// changed it, and the owner gets one notice for each address.
func TestTwoOperatorsOnOneAccountAtOnce(t *testing.T) {
	t.Parallel()
	const rounds = 12
	b := newBench(t)
	for round := range rounds {
		id := b.locked(fmt.Sprintf("jane%02d", round))[0]
		jobs := []job{{Verb: core.VerbReset, Actor: actor("l1")}, {Verb: core.VerbReset, Actor: actor("l2")}}
		if round%2 == 1 {
			jobs[1].Verb = core.VerbUnlock
		}
		for i := range jobs {
			jobs[i].ID, jobs[i].Account, jobs[i].Case = newID(), id, b.prove(jobs[i].Actor, id).Number
			b.clock.add(31 * time.Second)
		}
		race(t, b, jobs)
	}
	b.verify()
}

func race(t *testing.T, b *bench, jobs []job) {
	t.Helper()
	seen := b.account(jobs[0].Account).Version
	waitingBefore, _, _, err := b.store.OutboxDepth(t.Context())
	must(t, err)
	errs := make([]error, len(jobs))
	start := make(chan struct{})
	var all sync.WaitGroup
	for i, j := range jobs {
		all.Go(func() {
			<-start
			op := core.Operation(core.Reset{ID: j.ID, Case: j.Case, Account: j.Account, Version: seen})
			if j.Verb == core.VerbUnlock {
				op = core.Unlock{ID: j.ID, Case: j.Case, Account: j.Account, Version: seen}
			}
			_, errs[i] = b.desk.Perform(t.Context(), j.Actor, op)
		})
	}
	close(start)
	all.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if core.CodeOf(err) != core.CodeConflict || core.AsError(err).Changed != core.NothingChanged {
			t.Errorf("the other one is told %v", err)
		}
	}
	waiting, _, _, err := b.store.OutboxDepth(t.Context())
	must(t, err)
	if won != 1 || waiting-waitingBefore != 2 {
		t.Errorf("%d have won, %d notices", won, waiting-waitingBefore)
	}
}

// T95 at the moment of a reset: the mail server is down, so the new password could not reach its owner: refused before anything is changed.
func TestAResetIsRefusedBeforeItBeginsWhenMailIsDown(t *testing.T) {
	t.Parallel()
	b := newBench(t, instead(`transport = "outbox"
folder = "outbox"`, `transport = "smtp"
host = "127.0.0.1"
port = 1
security = "tls"`))
	jane := b.locked("jane")[0]
	c, before := b.prove(actor("l1"), jane), b.account(jane)
	_, err := b.desk.Perform(t.Context(), actor("l1"), core.Reset{ID: "r1", Case: c.Number, Account: jane})
	if core.CodeOf(err) != core.CodeUnavailable || core.AsError(err).Changed != core.NothingChanged {
		t.Errorf("got %v", err)
	}
	if said := b.english().Say(core.AsError(err).Said); !strings.Contains(said, "mail server") || !strings.Contains(said, "Nothing was sent") {
		t.Errorf("the operator reads %q", said)
	}
	if now := b.account(jane); now.Version != before.Version {
		t.Error("the account was changed")
	}
	for _, r := range b.records("r1") {
		if r.Kind != core.KindDenied {
			t.Errorf("a record %s", r.Kind)
		}
	}
	// The proof still counts: an unlock needs no mail.
	if _, err := b.desk.Perform(t.Context(), actor("l2"), core.Unlock{ID: "u1", Case: c.Number, Account: jane}); core.CodeOf(err) != core.CodeDenied {
		t.Errorf("the case is a colleague's: %v", err)
	}
	mine := b.prove2(actor("l2"), jane)
	if _, err := b.desk.Perform(t.Context(), actor("l2"), core.Unlock{ID: "u2", Case: mine.Number, Account: jane}); err != nil {
		t.Errorf("an unlock with mail down: %v", err)
	}
	b.verify()
}

// prove2 proves the caller with the next code of the app.
func (b *bench) prove2(a core.Actor, id core.AccountID) core.Case {
	b.t.Helper()
	b.clock.add(31 * time.Second)
	return b.prove(a, id)
}

// T113: another process keeps the store locked. Nothing is changed, it is said within seconds, and it goes on by itself afterwards.
func TestAStoreLockedByAnotherProcess(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	jane := b.locked("jane")[0]
	c, before := b.prove(actor("l1"), jane), b.account(jane)
	release := lockStore(t, b)
	began := time.Now()
	_, err := b.desk.Perform(t.Context(), actor("l1"), core.Reset{ID: "r1", Case: c.Number, Account: jane})
	if code := core.CodeOf(err); code != core.CodeUnavailable && code != core.CodeAuditUnavailable {
		t.Errorf("got %v", err)
	}
	if core.AsError(err).Changed != core.NothingChanged || b.account(jane).Version != before.Version {
		t.Errorf("it is said that %s was changed; version %s after %s", core.AsError(err).Changed, b.account(jane).Version, before.Version)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %s to say so", took)
	}
	release()
	must(t, b.desk.Mend(t.Context()))
	if res, err := b.desk.Perform(t.Context(), actor("l1"), core.Reset{ID: "r1", Case: c.Number, Account: jane}); err != nil || res.Repeated {
		t.Errorf("afterwards: %+v, %v", res.Outcome, err)
	}
	b.verify()
}

// lockStore has another process hold the store's write lock until release is called.
func lockStore(t *testing.T, b *bench) (release func()) {
	t.Helper()
	cmd := child{Config: b.file, Lock: true}.command(t)
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	if !bufio.NewScanner(out).Scan() {
		t.Fatal("the other process did not get the lock")
	}
	return func() {
		t.Helper()
		must(t, errors.Join(in.Close(), cmd.Wait()))
	}
}

// T112: the disk is full, at any write of a reset. Nothing is changed without being recorded; what is said is what happened; it recovers alone.
func TestAFullDiskAtAnyWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=12m"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("a small file system cannot be mounted: %v", err)
		}
		t.Skipf("A small file system is needed, which only root may mount: %v.", err)
	}
	t.Cleanup(func() { must(t, unix.Unmount(dir, unix.MNT_DETACH)) })
	b := newBench(t, instead(`state = "state"`, fmt.Sprintf("state = %q", dir)))
	for free := int64(0); free <= 96<<10; free += 8 << 10 {
		id := b.locked(fmt.Sprintf("jane%d", free>>10))[0]
		c := b.prove(actor("l1"), id)
		before := b.account(id)
		stuffed := stuff(t, dir, free)
		j := job{Verb: core.VerbReset, ID: newID(), Case: c.Number, Account: id, Actor: actor("l1")}
		res, err := b.desk.Perform(t.Context(), j.Actor, j.operation())
		changed := b.account(id).Version != before.Version
		if says := core.AsError(err); err != nil && (says.Changed == core.NothingChanged) == changed && says.Changed != core.ChangeUnknown {
			t.Errorf("with %d bytes free: changed %v, and it is said: %v", free, changed, err)
		}
		if err == nil && (!changed || res.Outcome != core.Done) {
			t.Errorf("with %d bytes free: %s without an error, changed %v", free, res.Outcome, changed)
		}
		must(t, os.Remove(stuffed))
		b.clock.add(time.Minute)
		must(t, b.desk.Mend(t.Context()))
		if b.desk.Degraded() {
			t.Fatalf("with %d bytes free: changes are still stopped when there is room again", free)
		}
		agree(t, b, j, before)
		b.verify()
	}
}

// stuff fills a file system but for so many bytes.
func stuff(t *testing.T, dir string, free int64) string {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "stuff"))
	must(t, err)
	defer func() { _ = f.Close() }()
	size := int64(0)
	for block := 64 << 10; block > 0; {
		n, err := f.Write(make([]byte, block))
		size += int64(n)
		if err != nil {
			block /= 2
		}
	}
	must(t, f.Truncate(max(0, size-free)))
	return f.Name()
}
