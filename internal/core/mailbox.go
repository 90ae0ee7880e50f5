package core

import (
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// place is what all spellings of one destination have in common, so that one mailbox or telephone that is on file twice is known as one: an
// address without regard to case and to a tag after "+" (RFC 5233), a number's digits. "" for none.
func place(destination untrusted.Text) string {
	s := strings.ToLower(strings.TrimSpace(destination.Raw()))
	local, domain, ok := strings.Cut(s, "@")
	if !ok {
		return digitsOf(s)
	}
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + strings.TrimSuffix(domain, ".")
}

// ownPlaces are the mailboxes that depend on the account itself: its primary one and its user principal name, under whatever kind they are
// on file once more.
func ownPlaces(a Account) map[string]bool {
	own := map[string]bool{place(a.Contacts.Mail): true, place(a.UPN): true}
	for _, m := range a.Methods {
		if m.Kind == MethodMail {
			own[place(m.Destination)] = true
		}
	}
	delete(own, "")
	return own
}

// dependent reports whether a method is a mailbox that depends on the account.
func dependent(m Method, own map[string]bool) bool {
	return m.Kind == MethodMail || (m.Kind == MethodAlternate && own[place(m.Destination)])
}
