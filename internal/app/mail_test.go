package app

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func TestMailOfTheOutboxTransportIsWrittenIntoItsFolder(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "outbox")
	m := config.Mail{Transport: "outbox", Folder: folder, From: "helpdesk@localhost.localdomain", HelpLine: "555-0100"}
	courier, dispatcher, err := openMail(m, look{zone: time.UTC, language: text.English}, systemClock{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	to := core.Method{ID: "mail:0", Kind: core.MethodAlternate, Destination: untrusted.New("jane@home.example")}
	consignment, err := courier.Prepare(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	if err := consignment.Send(t.Context(), core.Letter{Kind: core.LetterCode, Secret: secret.FromString("12345678")}); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 1 || filepath.Ext(files[0].Name()) != ".eml" {
		t.Errorf("the folder holds %v, %v", files, err)
	}
	if dispatcher(nil) == nil {
		t.Error("there is no dispatcher")
	}
}

func TestMailThatCannotBePutTogetherIsAnErrorAtTheStart(t *testing.T) {
	t.Parallel()
	good := config.Mail{Transport: "smtp", Host: "mx.example", Port: 587, Security: "starttls", From: "desk@corp.example"}
	for name, change := range map[string]func(*config.Mail){
		"a transport nobody knows": func(m *config.Mail) { m.Transport = "pigeon" },
		"no encryption":            func(m *config.Mail) { m.Security = "" },
		"a sender with a name":     func(m *config.Mail) { m.From = "Desk <desk@corp.example>" },
		"a folder that is a file":  func(m *config.Mail) { m.Transport, m.Folder = "outbox", os.Args[0] },
	} {
		m := good
		change(&m)
		if _, _, err := openMail(m, look{}, systemClock{}, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, _, err := openMail(good, look{}, systemClock{}, slog.New(slog.DiscardHandler)); err != nil {
		t.Error(err)
	}
}
