package app

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// lineOf is the line of a check about something.
func lineOf(out, name string) string {
	return regexp.MustCompile(`(?m)^\S+ +` + regexp.QuoteMeta(name) + ` .*$`).FindString(out)
}

func TestACheckOfWhatWorksIsGreen(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var out strings.Builder
	must(t, Check(t.Context(), b.config(), &out))
	for _, name := range []string{"people", "mail", "trail", "host key"} {
		if line := lineOf(out.String(), name); !strings.HasPrefix(line, "green") {
			t.Errorf("%s: %q in\n%s", name, line, out.String())
		}
	}
	if !strings.Contains(out.String(), b.Fingerprint()) {
		t.Errorf("the fingerprint of the host key is missing:\n%s", out.String())
	}
}

// deadDirectory is a directory that nobody serves, and dead mail beside it.
func deadDirectory(t *testing.T) setting {
	t.Helper()
	password := filepath.Join(t.TempDir(), "bind")
	must(t, os.WriteFile(password, []byte("secret"), 0o600))
	return with(`[[directory]]
name = "corp"
kind = "openldap"
urls = ["ldaps://127.0.0.1:1"]
bind_dn = "cn=desk,dc=corp"
bind_password = "` + password + `"
base = "dc=corp"`)
}

func TestACheckNamesEverythingThatDoesNotWorkAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, deadDirectory(t), instead(`transport = "outbox"
folder = "outbox"`, "transport = \"smtp\"\nhost = \"127.0.0.1\"\nport = 1"))
	var out strings.Builder
	if err := Check(t.Context(), b.config(), &out); !errors.Is(err, ErrCheck) {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for name, level := range map[string]string{"people": "green", "corp": "red", "mail": "red", "trail": "green"} {
		if line := lineOf(out.String(), name); !strings.HasPrefix(line, level) {
			t.Errorf("%s is not %s: %q in\n%s", name, level, line, out.String())
		}
	}
	if strings.Contains(out.String(), "secret") {
		t.Error("a check shows a password")
	}
}

// A directory that is down keeps nobody from starting, nor from finding people in the others.
func TestADeskStartsAndFindsPeopleWhileADirectoryIsDown(t *testing.T) {
	t.Parallel()
	b := newBench(t, deadDirectory(t))
	jane := b.locked("jane")[0]
	var last core.SearchResult
	must(t, b.desk.Search(t.Context(), actor("l1"), untrusted.New("jane"), func(r core.SearchResult) { last = r }))
	if len(last.Rows) != 1 || !last.Done {
		t.Fatalf("found %+v", last.Rows)
	}
	down := map[string]core.SourceStatus{}
	for _, s := range last.Sources {
		down[s.Directory] = s.Status
	}
	if down["corp"] != core.SourceDown || down["people"] != core.SourceReady {
		t.Errorf("sources: %v", down)
	}
	c := b.prove(actor("l1"), jane)
	if res, err := b.desk.Perform(t.Context(), actor("l1"), core.Reset{ID: "r1", Case: c.Number, Account: jane}); err != nil || res.Outcome != core.Done {
		t.Errorf("a reset in the other directory: %s, %v", res.Outcome, err)
	}
	_, err := b.desk.Card(t.Context(), actor("l1"), core.AccountID{Directory: "corp", Key: "11111111-2222-3333-4444-555555555555"})
	if core.CodeOf(err) != core.CodeUnavailable {
		t.Errorf("a card of the directory that is down: %v", err)
	}
}
