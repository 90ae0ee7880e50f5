package app

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/notify"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/store"
)

// mailConfig is a configuration with this mail and nothing else that matters to it.
func mailConfig(m config.Mail) config.Config {
	return config.Config{Desk: config.Desk{Zone: time.UTC, Language: "en"}, Mail: m}
}

func TestMailThatCannotBePutTogetherIsAnErrorAtTheStart(t *testing.T) {
	t.Parallel()
	good := config.Mail{Transport: "smtp", Host: "mx.example", Port: 587, Security: "starttls", From: "desk@corp.example"}
	for name, change := range map[string]func(*config.Mail){
		"no encryption":           func(m *config.Mail) { m.Security = "" },
		"a sender with a name":    func(m *config.Mail) { m.From = "Desk <desk@corp.example>" },
		"a folder that is a file": func(m *config.Mail) { m.Transport, m.Folder = "outbox", os.Args[0] },
	} {
		m := good
		change(&m)
		if _, err := openPost(mailConfig(m), nil, systemClock{}, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := openPost(mailConfig(good), nil, systemClock{}, slog.New(slog.DiscardHandler)); err != nil {
		t.Error(err)
	}
}

// T103: a whole reset on the real store, its notice refused by the mail folder and then sent: the password is in the letter and in no byte
// of the store.
func TestAPasswordThatWasMailedIsInNoByteOfTheStoreAndItsNoticeLeavesTheOutbox(t *testing.T) {
	t.Parallel()
	folder, state := filepath.Join(t.TempDir(), "outbox"), t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(state, "desk.db"), Key: secret.New(bytes.Repeat([]byte{7}, 32))})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	b := coretest.NewBench(t)
	m := config.Mail{Transport: "outbox", Folder: folder, From: "helpdesk@localhost.localdomain"}
	mail, err := openPost(mailConfig(m), db, b.Clock, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	b.Parts.Couriers, b.Parts.Trail, b.Parts.Cases, b.Parts.Proofs = []core.Courier{mail.courier}, db, db, db
	b.Desk = core.NewDesk(b.Parts)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	b.Prove(t, coretest.L1(), c.Number)
	if res, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c)); err != nil || res.Delivery != core.Delivered {
		t.Fatalf("%+v, %v", res, err)
	}
	withoutFolder(t, folder, func() { sendDue(t, mail.dispatcher) })
	if waiting, dead, _, err := db.OutboxDepth(t.Context()); waiting != 1 || dead != 0 || err != nil {
		t.Errorf("after the refusal %d wait, %d are given up, %v", waiting, dead, err)
	}
	b.Clock.Add(2 * time.Minute)
	sendDue(t, mail.dispatcher)
	if waiting, dead, _, err := db.OutboxDepth(t.Context()); waiting != 0 || dead != 0 || err != nil {
		t.Errorf("at the end %d wait, %d are given up, %v", waiting, dead, err)
	}
	password := b.Dir.Password(b.Jane.ID)
	if n := filesWith(t, folder, password); n != 1 {
		t.Errorf("%d files of the outbox hold the password", n)
	}
	if n := filesWith(t, folder, "Your password was reset"); n != 1 {
		t.Errorf("%d notices were written", n)
	}
	if n := filesWith(t, state, password); n != 0 || filesWith(t, state, "SQLite format 3") == 0 {
		t.Errorf("%d files of the store hold the password", n)
	}
}

func sendDue(t *testing.T, d *notify.Dispatcher) {
	t.Helper()
	if err := d.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// withoutFolder puts a file in the folder's place while do runs.
func withoutFolder(t *testing.T, folder string, do func()) {
	t.Helper()
	if err := errors.Join(os.Rename(folder, folder+"-away"), os.WriteFile(folder, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	do()
	if err := errors.Join(os.Remove(folder), os.Rename(folder+"-away", folder)); err != nil {
		t.Fatal(err)
	}
}

// filesWith is how many files below a folder hold a text.
func filesWith(t testing.TB, folder, text string) (n int) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(text)) {
			n++
		}
	}
	return n
}
