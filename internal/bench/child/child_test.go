package child_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/bench/child"
)

// The test program is its own child, as the benchmarks are.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && strings.HasPrefix(os.Args[1], "-be=") {
		be(strings.TrimPrefix(os.Args[1], "-be="))
		return
	}
	os.Exit(m.Run())
}

func be(what string) {
	switch what {
	case "good":
		if err := child.Answer(os.Stdin, os.Stdout, child.Hello{Addr: "127.0.0.1:1", HostKey: hostKey()}); err != nil {
			os.Exit(3)
		}
	case "silent":
		_, _ = io.Copy(io.Discard, os.Stdin)
	case "rude":
		_, _ = os.Stdout.WriteString(`{"addr":"x","host_key":"no key at all"}` + "\n")
	case "failing":
		_, _ = os.Stderr.WriteString("something is wrong\n")
		os.Exit(7)
	}
}

func hostKey() string {
	key, err := gossh.NewPublicKey(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)).Public())
	if err != nil {
		return err.Error()
	}
	return string(gossh.MarshalAuthorizedKey(key))
}

func start(t *testing.T, what string) (*child.Process, *bytes.Buffer, error) {
	t.Helper()
	var problems bytes.Buffer
	p, err := child.Start(t.Context(), &problems, os.Args[0], "-be="+what)
	return p, &problems, err
}

func TestAChildSaysWhereItIsAndHowItDoes(t *testing.T) {
	t.Parallel()
	p, _, err := start(t, "good")
	if err != nil {
		t.Fatal(err)
	}
	if p.Addr != "127.0.0.1:1" || p.HostKey.Type() != gossh.KeyAlgoED25519 {
		t.Errorf("hello says %s and %s", p.Addr, p.HostKey.Type())
	}
	usage, err := p.Ask(child.Usage, "")
	if err != nil || usage.CPU <= 0 || usage.Goroutines < 1 || usage.Heap != 0 {
		t.Errorf("usage is %+v, %v", usage, err)
	}
	memory, err := p.Ask(child.Memory, "")
	if err != nil || memory.Heap <= 0 || memory.Stack <= 0 || memory.CPU < usage.CPU {
		t.Errorf("memory is %+v, %v", memory, err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

func TestProfilesAreFiles(t *testing.T) {
	t.Parallel()
	p, _, err := start(t, "good")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	dir := t.TempDir()
	for _, q := range []struct {
		verb child.Verb
		file string
	}{{child.Stop, ""}, {child.Profile, "a.cpu"}, {child.Stop, ""}, {child.Heap, "a.heap"}} {
		if _, err := p.Ask(q.verb, filepath.Join(dir, q.file)); err != nil {
			t.Fatalf("%s: %v", q.verb, err)
		}
	}
	for _, file := range []string{"a.cpu", "a.heap"} {
		if info, err := os.Stat(filepath.Join(dir, file)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestWhatAChildCannotAnswerIsAnErrorAndItLivesOn(t *testing.T) {
	t.Parallel()
	p, _, err := start(t, "good")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	if _, err := p.Ask("dance", ""); err == nil || !strings.Contains(err.Error(), `unknown question "dance"`) {
		t.Errorf("got %v", err)
	}
	if _, err := p.Ask(child.Heap, filepath.Join(t.TempDir(), "no", "such", "folder")); err == nil {
		t.Error("a profile nowhere is no success")
	}
	if _, err := p.Ask(child.Usage, ""); err != nil {
		t.Errorf("after two failures: %v", err)
	}
}

func TestAChildWithoutAHelloIsAnErrorWithWhatItSaid(t *testing.T) {
	t.Parallel()
	if _, problems, err := start(t, "failing"); err == nil || !strings.Contains(problems.String(), "something is wrong") {
		t.Errorf("got %v, %q", err, problems)
	}
	if _, _, err := start(t, "rude"); err == nil || !strings.Contains(err.Error(), "host key") {
		t.Errorf("got %v", err)
	}
	if _, err := child.Start(t.Context(), io.Discard, filepath.Join(t.TempDir(), "nothing")); err == nil {
		t.Error("a program that is not there cannot start")
	}
}

func TestAChildEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := child.Start(ctx, io.Discard, os.Args[0], "-be=silent"); err == nil {
		t.Error("a child that never says hello does not outlive the context")
	}
}

func TestAnswersAreOneLineEach(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := child.Answer(strings.NewReader("usage \nmemory\nnonsense\n"), &out, child.Hello{Addr: "a"}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 4 {
		t.Fatalf("got %d lines: %s", len(lines), out.String())
	}
	var last child.State
	if err := json.Unmarshal([]byte(lines[3]), &last); err != nil || last.Error == "" {
		t.Errorf("got %+v, %v", last, err)
	}
}

// broken fails every write.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestAChildWhoseParentIsGoneEnds(t *testing.T) {
	t.Parallel()
	if err := child.Answer(strings.NewReader("usage\n"), broken{}, child.Hello{}); err == nil {
		t.Error("nobody hears it")
	}
}
