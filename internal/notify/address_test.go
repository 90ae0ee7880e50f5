package notify_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/mail"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/notify"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// hostile are texts that are no address, each with what it tries (T94).
var hostile = map[string]string{
	"empty":                     "",
	"no at":                     "jane",
	"no domain":                 "jane@",
	"no local part":             "@example.org",
	"one label":                 "jane@localhost",
	"two ats":                   "jane@a.example@b.example",
	"two addresses":             "jane@a.example,eve@b.example",
	"two addresses, semicolon":  "jane@a.example;eve@b.example",
	"two addresses, blank":      "jane@a.example eve@b.example",
	"route":                     "@relay.example:jane@a.example",
	"a source route with >":     "jane@a.example>,<eve@b.example",
	"parameters":                "jane@a.example> ORCPT=rfc822;eve@b.example",
	"quoted parameters":         `"a@x> ORCPT=b"@y.example`,
	"quoted parameters, short":  `"a@x> ORCPT=b"@y`,
	"quoted string":             `"jane doe"@a.example`,
	"display name":              "Jane <jane@a.example>",
	"comment":                   "jane(x)@a.example",
	"CRLF and a header":         "jane@a.example\r\nBcc: eve@b.example",
	"LF":                        "jane@a.example\nRCPT TO:<eve@b.example>",
	"CR":                        "jane@a.example\r",
	"CRLF inside the local":     "ja\r\nDATA\r\nne@a.example",
	"NUL":                       "jane\x00@a.example",
	"tab":                       "jane\t@a.example",
	"blank in front":            " jane@a.example",
	"blank behind":              "jane@a.example ",
	"address literal":           "jane@[127.0.0.1]",
	"IDN":                       "jane@bücher.example",
	"SMTPUTF8":                  "jäne@a.example",
	"full-width at":             "jane＠a.example",
	"Cyrillic":                  "jаne@a.example",
	"soft line break":           "jane@a.exa\u2028mple",
	"invalid UTF-8":             "jane\xff@a.example",
	"percent hack is one atom@": "jane%b.example@",
	"dot in front":              ".jane@a.example",
	"dot behind":                "jane.@a.example",
	"two dots":                  "ja..ne@a.example",
	"empty label":               "jane@a..example",
	"label with a hyphen first": "jane@-a.example",
	"label with a hyphen last":  "jane@a-.example",
	"underscore in the domain":  "jane@a_b.example",
	"label too long":            "jane@" + strings.Repeat("a", 64) + ".example",
	"local part too long":       strings.Repeat("j", 65) + "@a.example",
	"255 characters":            strings.Repeat("j", 60) + "@" + strings.Repeat("abcdefgh.", 20) + strings.Repeat("a", 7) + ".example",
	"320 characters":            strings.Repeat("j", 64) + "@" + strings.Repeat("a", 255),
	"a megabyte":                strings.Repeat("j", 1<<20) + "@a.example",
}

func TestAHostileAddressIsRefused(t *testing.T) {
	t.Parallel()
	for name, s := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if a, ok := notify.ParseAddress(untrusted.New(s)); ok {
				t.Errorf("accepted as %q", a.Spec())
			}
		})
	}
}

func TestAPlainAddressIsAcceptedAsItIs(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"jane@home.example", "jane.doe+desk@a.b.c.example", "o'neil@a-b.example", "!#$%&'*+-/=?^_`{|}~@a.example", "1@2.example",
		"Jane.DOE@Home.Example", strings.Repeat("j", 64) + "@" + strings.Repeat("a", 63) + ".example",
		"jane@xn--bcher-kva.example", "-jane@a.example",
	} {
		a, ok := notify.ParseAddress(untrusted.New(s))
		if !ok || a.Spec() != s {
			t.Errorf("%q became %q, %v", s, a.Spec(), ok)
		}
	}
}

func TestWhatIsAcceptedCanNotLeaveAnEnvelopeOrAHeader(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[a-zA-Z0-9!#$%&'*+\-/=?^_{|}~.` + "`" + `]{1,64}@[a-zA-Z0-9.-]{3,}$`)
	word := rapid.StringMatching(`[a-zA-Z0-9.+-]{1,8}`)
	poison := rapid.SampledFrom([]string{
		"", "", "@", ".", "<", ">", "\r\n", "\n", " ", `"`, `\`, ",", ";", ":", "(", ")", "\x00", "é", "[", "]", "例",
	})
	accepted := 0
	rapid.Check(t, func(rt *rapid.T) {
		s := word.Draw(rt, "local") + "@" + word.Draw(rt, "label") + "." + word.Draw(rt, "top")
		at := rapid.IntRange(0, len(s)).Draw(rt, "at")
		s = s[:at] + poison.Draw(rt, "poison") + s[at:]
		a, ok := notify.ParseAddress(untrusted.New(s))
		if !ok {
			return
		}
		accepted++
		parsed, err := mail.ParseAddress(a.Spec())
		if !shape.MatchString(a.Spec()) || len(a.Spec()) > 254 || err != nil || parsed.Address != s || parsed.Name != "" {
			rt.Fatalf("%q was accepted as %q, which others read as %v, %v", s, a.Spec(), parsed, err)
		}
	})
	if accepted == 0 {
		t.Error("no address was accepted, so the property said nothing")
	}
}

func TestAnAddressShowsItselfMasked(t *testing.T) {
	t.Parallel()
	a, _ := notify.ParseAddress(untrusted.New("jane@home.example"))
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "to", a)
	_, _ = fmt.Fprintf(&out, "%v %s %+v", a, a, a)
	if strings.Contains(out.String(), "jane") || !strings.Contains(out.String(), "j•••@h•••.example") {
		t.Errorf("shown as %s", out.String())
	}
}
