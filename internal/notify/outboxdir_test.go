package notify_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/notify"
)

func newOutboxDir(t *testing.T, folder string) *notify.OutboxDir {
	t.Helper()
	d, err := notify.NewOutboxDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// names lists the folder, sorted.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func TestALetterIsOneFileThatOnlyTheProgramCanRead(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "state", "outbox")
	if err := deliver(t, newRoom(t, newOutboxDir(t, folder)).Courier(), jane, passwordLetter(canary)); err != nil {
		t.Fatal(err)
	}
	got := names(t, folder)
	if len(got) != 1 || !strings.HasPrefix(got[0], "20260302T090000.000000000Z-") || !strings.HasSuffix(got[0], ".eml") {
		t.Fatalf("the folder holds %q", got)
	}
	if strings.Contains(got[0], "jane") || strings.Contains(got[0], "home") {
		t.Errorf("the name %q tells who it is for", got[0])
	}
	file := filepath.Join(folder, got[0])
	if mode(t, file) != 0o600 || mode(t, folder) != 0o700 {
		t.Errorf("the modes are %o and %o", mode(t, file), mode(t, folder))
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if m := read(t, string(content)); !strings.Contains(m.Body, "\n    "+canary+"\n") || m.Get("To") != "<jane@home.example>" {
		t.Errorf("the file holds\n%s", content)
	}
}

func TestAFileHasNoNameToBeFoundByBeforeItIsWhole(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	consignment, err := newRoom(t, newOutboxDir(t, folder)).Courier().Prepare(t.Context(), alternate(jane))
	if err != nil {
		t.Fatal(err)
	}
	if got := names(t, folder); len(got) != 1 || !strings.HasPrefix(got[0], ".") || strings.HasSuffix(got[0], ".eml") {
		t.Errorf("before it is sent the folder holds %q", got)
	}
	if err := consignment.Send(t.Context(), passwordLetter(canary)); err != nil {
		t.Fatal(err)
	}
	if got := names(t, folder); len(got) != 1 || strings.HasPrefix(got[0], ".") {
		t.Errorf("after it was sent the folder holds %q", got)
	}
}

func TestFilesSortByTheTimeOfTheirMessages(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	r := newRoom(t, newOutboxDir(t, folder))
	var order []string
	for _, wait := range []time.Duration{0, time.Nanosecond, 999 * time.Millisecond, time.Hour, 24 * time.Hour, 400 * 24 * time.Hour} {
		r.clock.Add(wait)
		if err := deliver(t, r.Courier(), jane, codeLetter("12345678")); err != nil {
			t.Fatal(err)
		}
		now := names(t, folder)
		order = append(order, now[len(now)-1])
	}
	if got := names(t, folder); !slices.Equal(got, order) || len(slices.Compact(got)) != 6 {
		t.Errorf("sorted %q, written %q", got, order)
	}
}

func TestASecondTryOfANoticeReplacesTheFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	r := newRoom(t, newOutboxDir(t, folder))
	at := r.clock.Now()
	for range 2 { // as after a crash between the sending and its note
		box := &outbox{}
		box.put(resetNotice("op-1#mail:0", jane, at), resetNotice("op-1#mail:1", "j@corp.example", at))
		if err := r.Dispatcher(box).Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.clock.Add(time.Minute)
	}
	if got := names(t, folder); len(got) != 2 {
		t.Errorf("the folder holds %q, want one file for each notice", got)
	}
}

func TestAnAbortedLetterLeavesNoFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	c := newRoom(t, newOutboxDir(t, folder)).Courier()
	consignment, err := c.Prepare(t.Context(), alternate(jane))
	if err != nil {
		t.Fatal(err)
	}
	consignment.Abort()
	if err := c.Probe(t.Context()); err != nil {
		t.Error(err)
	}
	if got := names(t, folder); len(got) != 0 {
		t.Errorf("the folder holds %q", got)
	}
}

func TestAFolderThatOthersCanReadIsClosedToThem(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	newOutboxDir(t, folder)
	if mode(t, folder) != 0o700 {
		t.Errorf("the mode is %o", mode(t, folder))
	}
}

func TestHalfWrittenFilesOfAnEndedProcessAreRemovedAndYoungOnesAreNot(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	old, young, foreign := filepath.Join(folder, ".incoming-OLD"), filepath.Join(folder, ".incoming-YOUNG"), filepath.Join(folder, "other.txt")
	for _, f := range []string{old, young, foreign} {
		if err := os.WriteFile(f, []byte(canary), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-2 * time.Hour)
	for _, f := range []string{old, foreign} {
		if err := os.Chtimes(f, long, long); err != nil {
			t.Fatal(err)
		}
	}
	newOutboxDir(t, folder)
	if got := names(t, folder); !slices.Equal(got, []string{".incoming-YOUNG", "other.txt"}) {
		t.Errorf("the folder holds %q", got)
	}
}

func TestAFolderThatWasRemovedIsMadeAgain(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "outbox")
	c := newRoom(t, newOutboxDir(t, folder)).Courier()
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := deliver(t, c, jane, codeLetter("12345678")); err != nil {
		t.Fatal(err)
	}
	if got := names(t, folder); len(got) != 1 {
		t.Errorf("the folder holds %q", got)
	}
}

func TestAFolderThatCannotBeMadeIsSaidSoBeforeAnythingIsChanged(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "outbox")
	c := newRoom(t, newOutboxDir(t, folder)).Courier()
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(folder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := c.Prepare(t.Context(), alternate(jane))
	for _, err := range []error{err, c.Probe(t.Context())} {
		if e := core.AsError(err); e.Code != core.CodeUnavailable || e.Said.ID != "mail.folder" || e.Changed != core.NothingChanged {
			t.Errorf("the error is %v", err)
		}
	}
	if _, err := notify.NewOutboxDir(folder); err == nil {
		t.Error("a file was accepted as the folder")
	}
}

func TestAFolderThatVanishesBetweenPreparingAndSendingIsSaidSo(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "outbox")
	c := newRoom(t, newOutboxDir(t, folder)).Courier()
	consignment, err := c.Prepare(t.Context(), alternate(jane))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	err = consignment.Send(t.Context(), passwordLetter(canary))
	if e := core.AsError(err); e.Said.ID != "mail.folder" || e.Code != core.CodeUnavailable || strings.Contains(err.Error(), canary) {
		t.Errorf("the error is %v", err)
	}
}
