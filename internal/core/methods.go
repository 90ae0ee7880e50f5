package core

import (
	"context"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// readAccount reads an account with everything the desk itself knows about it: its registrations, and which methods can be used.
func (d *Desk) readAccount(ctx context.Context, dir Directory, key string) (Account, error) {
	a, err := dir.Account(ctx, key)
	if err != nil {
		return Account{}, err
	}
	registered, err := d.Registrations.RegistrationsOf(ctx, a.ID)
	if err != nil {
		return Account{}, err
	}
	for _, reg := range registered {
		a.Methods = append(a.Methods, Method{
			ID: "registration:" + reg.ID, Kind: reg.Kind, Destination: reg.Destination, Purpose: reg.Purpose, Source: "registration",
			RegisteredAt: reg.RegisteredAt, RegisteredBy: reg.RegisteredBy, LastUsed: reg.LastUsed,
		})
	}
	own := ownPlaces(a)
	for i, m := range a.Methods {
		why := judge(m, a.State, dependent(m, own), d.Settings().Delivery)
		a.Methods[i].Usable, a.Methods[i].Why = why.IsZero(), why
	}
	return a, nil
}

// judge says why a method cannot be used, zero when it can. A dependent one is a mailbox nobody reads without the account.
func judge(m Method, s State, dependent bool, p policy.Delivery) sentence.Sentence {
	switch m.Kind {
	case MethodTOTP:
		return sentence.Sentence{}
	case MethodMail, MethodAlternate:
		if !validMail(m.Destination) {
			return sentence.Of("method.malformed_mail")
		}
		if dependent && shut(s) && !p.PrimaryMailWhenShut {
			return sentence.Of("method.mailbox_shut")
		}
		return sentence.Sentence{}
	case MethodMobile, MethodOfficePhone:
		if why := phoneTrouble(m.Destination.Raw()); why != "" {
			return sentence.Of(why)
		}
		return sentence.Of("method.no_channel")
	case MethodSecurityKeys:
		return sentence.Of("method.not_offered")
	default:
		return sentence.Of("method.not_offered")
	}
}

// shut reports whether the owner cannot sign in, and so cannot read a mailbox that depends on the account.
func shut(s State) bool {
	return s.Locked || !s.Enabled || s.PasswordExpired || s.AccountExpired || s.MustChange
}

// validMail accepts one plain ASCII address (RFC 5321 4.1.2 without quoted strings and address literals), 254 bytes at most.
func validMail(t untrusted.Text) bool {
	s := t.Raw()
	local, domain, ok := strings.Cut(s, "@")
	if !ok || len(s) > 254 || local == "" || len(local) > 64 || !strings.Contains(domain, ".") {
		return false
	}
	return atoms(local, "!#$%&'*+/=?^_`{|}~-") && atoms(domain, "-") && !strings.Contains(domain, ".-") && !strings.Contains(domain, "-.")
}

func atoms(s, extra string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || strings.IndexFunc(part, func(r rune) bool { return !alphanumeric(r) && !strings.ContainsRune(extra, r) }) >= 0 {
			return false
		}
	}
	return true
}

func alphanumeric(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// phoneTrouble is what is wrong with a number, "" when it is well formed: +CC, one blank, the number; no extension.
func phoneTrouble(number string) string {
	digits := digitsOf(number)
	switch {
	case strings.IndexFunc(number, func(r rune) bool { return !strings.ContainsRune("+0123456789 ()-.", r) }) >= 0:
		return "method.malformed_phone"
	case !strings.HasPrefix(number, "+"):
		return "method.phone_without_country"
	case len(digits) < 8:
		return "method.phone_too_short"
	case len(digits) > 15:
		return "method.phone_too_long"
	default:
		return ""
	}
}

// channel is a way a new password can reach its owner.
type channel struct {
	method  Method
	courier Courier
}

// channels lists the ways a new password can reach its owner: usable, not the ones that served as proof, under whatever name they are on file,
// and not a mailbox that cannot be read without the password that is being replaced.
func (d *Desk) channels(a Account, proofs []Evidence) []channel {
	served, own := servedBy(a, proofs), ownPlaces(a)
	var out []channel
	for _, m := range a.Methods {
		if !m.Usable || served(m) || (dependent(m, own) && !d.Settings().Delivery.PrimaryMailWhenShut) {
			continue
		}
		for _, c := range d.Couriers {
			if c.Reaches(m.Kind) {
				out = append(out, channel{m, c})
				break
			}
		}
	}
	return out
}

// servedBy tells whether a method served as proof: by its id, or because it leads to the same place as one that did. Ids are positions in some
// directories, so the place a code was sent to counts also when the id is another method's by now.
func servedBy(a Account, proofs []Evidence) func(Method) bool {
	ids, places := map[string]bool{}, map[string]bool{}
	for _, e := range proofs {
		ids[e.Method], places[place(e.Destination)] = true, true
	}
	for _, m := range a.Methods {
		if ids[m.ID] {
			places[place(m.Destination)] = true
		}
	}
	delete(places, "")
	return func(m Method) bool { return ids[m.ID] || places[place(m.Destination)] }
}

// WhyUnusable says what is wrong with a destination for a kind of method, zero when it is well formed.
func WhyUnusable(k MethodKind, destination untrusted.Text) sentence.Sentence {
	why := judge(Method{Kind: k, Destination: destination}, State{Enabled: true}, false, policy.Delivery{})
	if why.ID == "method.no_channel" { // well formed; that the desk cannot use it yet is no fault of the number
		return sentence.Sentence{}
	}
	return why
}
