package notify

import (
	"log/slog"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Limits of addresses in bytes (RFC 5321 section 4.5.3.1, RFC 1035 section 2.3.4).
const (
	maxAddress = 254
	maxLocal   = 64
	maxLabel   = 63
)

// Address is a plain ASCII mailbox, the only thing that is ever put into an envelope or an address header. Only ParseAddress makes one.
// It shows itself masked.
type Address struct {
	spec   string
	domain string
}

// ParseAddress accepts local@domain of RFC 5321 section 4.1.2 with a dot-string and at least two labels: no quoted strings, no address
// literals, no comments, nothing beyond ASCII. Everything else is refused, not repaired: `"a@x> ORCPT=b"@y` is a command to some servers.
func ParseAddress(t untrusted.Text) (Address, bool) {
	spec := t.Raw()
	local, domain, ok := strings.Cut(spec, "@")
	if !ok || len(spec) > maxAddress || len(local) > maxLocal || !strings.Contains(domain, ".") {
		return Address{}, false
	}
	if !dotted(local, isAtom) || !dotted(domain, isLabel) {
		return Address{}, false
	}
	return Address{spec: spec, domain: domain}, true
}

// dotted reports whether s is parts with dots between them.
func dotted(s string, part func(string) bool) bool {
	for p := range strings.SplitSeq(s, ".") {
		if p == "" || !part(p) {
			return false
		}
	}
	return true
}

// isAtom is atext of RFC 5322 section 3.2.3.
func isAtom(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !alphanumeric(r) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r) }) < 0
}

// isLabel is a label of a host name: letters, digits and inner hyphens.
func isLabel(s string) bool {
	return len(s) <= maxLabel && s[0] != '-' && s[len(s)-1] != '-' &&
		strings.IndexFunc(s, func(r rune) bool { return !alphanumeric(r) && r != '-' }) < 0
}

func alphanumeric(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// path is the address as MAIL and RCPT take it.
func (a Address) path() string { return "<" + a.spec + ">" }

// String returns the masked address.
func (a Address) String() string { return core.MaskMail(a.spec) }

// LogValue returns the masked address.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.String()) }
