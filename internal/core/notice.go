package core

import (
	"strconv"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// NoticeKind selects the template of a notice.
type NoticeKind string

// The notices.
const (
	NoticeReset    NoticeKind = "password_reset"
	NoticeUnlocked NoticeKind = "account_unlocked"
)

// Notice is a message without a secret, on its way through the outbox.
type Notice struct {
	Key       string // idempotency key: operation id and recipient number
	Kind      NoticeKind
	Channel   string // "mail"
	To        untrusted.Text
	Name      untrusted.Text // of the account holder
	Login     untrusted.Text
	Case      int64
	Ticket    untrusted.Text
	At        time.Time // of the change
	Attempts  int
	NextTry   time.Time
	LastError string
	Dead      bool
}

// noticesFor addresses one notice to every mailbox on file, as they were before the change.
func noticesFor(kind NoticeKind, op string, c Case, a Account, at time.Time) []Notice {
	var out []Notice
	seen := map[string]bool{"": true}
	tell := func(id string, to untrusted.Text) {
		spelt := strings.ToLower(strings.TrimSpace(to.Raw()))
		if seen[spelt] {
			return
		}
		seen[spelt] = true
		out = append(out, Notice{
			Key: op + "#" + id, Kind: kind, Channel: "mail", To: to, Name: a.DisplayName, Login: a.Login,
			Case: c.Number, Ticket: c.Ticket, At: at,
		})
	}
	for _, m := range a.Methods {
		if m.Kind == MethodMail || m.Kind == MethodAlternate {
			tell(m.ID, m.Destination)
		}
	}
	for i, to := range append([]untrusted.Text{a.Contacts.Mail}, a.Contacts.AlternateMails...) { // also what is no method
		tell("contact:"+strconv.Itoa(i), to)
	}
	return out
}
