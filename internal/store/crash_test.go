package store

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// The test binary started with these in its environment is the desk that gets killed.
const (
	childPath = "SSPR_TEST_STORE"
	childKey  = "SSPR_TEST_STORE_KEY"
	childRole = "SSPR_TEST_STORE_ROLE"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(childPath); path != "" {
		if err := child(path, os.Getenv(childRole)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// child works until it is killed, and says after every step what is on the disk.
func child(path, role string) error {
	key, err := hex.DecodeString(os.Getenv(childKey))
	if err != nil {
		return err
	}
	ctx := context.Background()
	s, err := Open(ctx, Options{Path: path, Key: secret.New(key)})
	if err != nil {
		return err
	}
	if role == "lock" {
		return s.db.Write(ctx, func(context.Context, *sqlitedb.Tx) error {
			fmt.Println("locked")
			_, err := io.Copy(io.Discard, os.Stdin) // until the parent lets go
			return err
		})
	}
	for i := 0; ; i++ {
		if err := work(ctx, s, i); err != nil {
			return err
		}
	}
}

// work is one reset.
func work(ctx context.Context, s *Store, i int) error {
	op := fmt.Sprintf("op_%d_%d", os.Getpid(), i)
	c, err := s.CreateCase(ctx, core.Case{Person: jane, Status: core.CaseOpen, OpenedAt: morning, UpdatedAt: morning}, aRecord(op+"_case", jane))
	if err != nil {
		return err
	}
	ev := "ev_" + op
	if err := s.CreateChallenge(ctx, core.Challenge{ID: "ch_" + op, Case: c.Number, Account: jane.ID, TriesLeft: 5, ExpiresAt: morning}, aRecord(op+"_ch", jane)); err != nil {
		return err
	}
	if err := s.Confirm(ctx, "ch_"+op, core.Evidence{ID: ev, Case: c.Number, Account: jane.ID}, aRecord(op+"_ev", jane)); err != nil {
		return err
	}
	intent := anIntent(op, c, ev)
	seq, err := s.Intend(ctx, intent)
	if err != nil {
		return err
	}
	fmt.Println("intended", op, c.Number)
	conclusion := done(intent, seq, aNotice("n_"+op))
	conclusion.Case = c
	if _, err := s.Conclude(ctx, conclusion); err != nil {
		return err
	}
	fmt.Println("concluded", op, c.Number)
	return nil
}

// start starts a child on a store.
func start(t *testing.T, o Options, role string) (cmd *exec.Cmd, out *bufio.Scanner, in io.Closer) {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	cmd = exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), childPath+"="+o.Path, childKey+"="+hex.EncodeToString([]byte(o.Key.Reveal())), childRole+"="+role)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	must(t, err)
	stdout, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	return cmd, bufio.NewScanner(stdout), stdin
}

func TestAKilledDeskLosesNothingItSaidWasWritten(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	said := map[string]string{} // operation: the last thing said about it
	cases := map[string]int64{}
	for range 12 {
		cmd, out, _ := start(t, o, "work")
		for lines := rand.IntN(12) + 1; lines > 0 && out.Scan(); lines-- {
			var what, op string
			var number int64
			if _, err := fmt.Sscan(out.Text(), &what, &op, &number); err != nil {
				t.Fatalf("%q: %v", out.Text(), err)
			}
			said[op], cases[op] = what, number
		}
		// Any instant of the next step may be hit.
		time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
		must(t, cmd.Process.Kill())
		for out.Scan() { // what it said before it was killed
			var what, op string
			var number int64
			if n, _ := fmt.Sscan(out.Text(), &what, &op, &number); n == 3 {
				said[op], cases[op] = what, number
			}
		}
		_ = cmd.Wait() // killed
		s, err := Open(t.Context(), o)
		must(t, err)
		verified(t, s)
		for op, what := range said {
			checkWhole(t, s, op, what, cases[op])
		}
		closeOpen(t, s, said, cases)
		must(t, s.Close())
	}
	if len(said) < 12 {
		t.Errorf("only %d operations were seen", len(said))
	}
}

// checkWhole: an operation is there with everything that belongs to it, or an intent with nothing of its outcome.
func checkWhole(t *testing.T, s *Store, op, said string, number int64) {
	t.Helper()
	was, err := s.Performed(t.Context(), op)
	if err != nil {
		t.Errorf("%s was %s and is lost: %v", op, said, err)
		return
	}
	if said == "concluded" && was.Open {
		t.Errorf("%s was concluded and is open", op)
	}
	evidence, err := s.EvidenceOf(t.Context(), number)
	must(t, err)
	if len(evidence) != 1 || evidence[0].SpentAt.IsZero() != was.Open {
		t.Errorf("%s: open %t, evidence %+v", op, was.Open, evidence)
	}
	c, err := s.Case(t.Context(), number)
	must(t, err)
	if c.UpdatedAt.Equal(morning) != was.Open {
		t.Errorf("%s: open %t, case changed at %v", op, was.Open, c.UpdatedAt)
	}
	var notices int
	must(t, s.db.Read(t.Context(), func(ctx context.Context, tx *sqlitedb.Tx) error {
		_, err := tx.One(ctx, "SELECT count(*) FROM notices WHERE key = ?", []any{"n_" + op}, &notices)
		return err
	}))
	if (notices == 0) != was.Open {
		t.Errorf("%s: open %t, %d notices", op, was.Open, notices)
	}
}

// closeOpen does what Recover does, so that the next desk can work on the account.
func closeOpen(t *testing.T, s *Store, said map[string]string, cases map[string]int64) {
	t.Helper()
	open, err := s.OpenIntents(t.Context(), core.AccountID{})
	must(t, err)
	if len(open) > 1 {
		t.Errorf("%d intents on one account are open", len(open))
	}
	for _, i := range open {
		if !strings.HasPrefix(i.Record.Operation, "op_") || i.Unknown {
			t.Errorf("open: %+v", i)
		}
		conclusion := done(core.Intent{Record: i.Record, Evidence: i.Record.Evidence}, i.Record.Seq, aNotice("n_"+i.Record.Operation))
		conclusion.Case = core.Case{Number: i.Record.Case}
		_, err := s.Conclude(t.Context(), conclusion)
		must(t, err)
		said[i.Record.Operation], cases[i.Record.Operation] = "concluded", i.Record.Case
	}
}

func TestAnotherProcessThatHoldsTheLockIsGivenUpInTime(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	o.Patience = 300 * time.Millisecond
	s := openStore(t, o)
	cmd, out, in := start(t, o, "lock")
	if !out.Scan() || out.Text() != "locked" {
		t.Fatal("the other process did not come to hold the lock")
	}
	begun := time.Now()
	_, err := s.Intend(t.Context(), anIntent("op_1", core.Case{Person: jane}))
	wantCode(t, "Intend", err, core.CodeAuditUnavailable)
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("refusing took %v", took)
	}
	must(t, in.Close())
	must(t, cmd.Wait())
	_, err = s.Intend(t.Context(), anIntent("op_1", core.Case{Person: jane}))
	must(t, err)
}
