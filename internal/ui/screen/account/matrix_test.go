package account_test

import (
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

// view is what one operator sees of one account: the headline, the next key, and what r, u and e lead to ("" when they only say why not).
type view struct {
	headline, next string
	r, u, e        screen.Route
}

const (
	locked  = "■ Locked since"
	expired = "■ The password expired on"
	fine    = "● Nothing is wrong with this account."
	off     = "○ Disabled."
)

// views is the table of who sees what; a desk without a self-service portal.
func views() map[string]map[core.Actor]view {
	l1, l2, admin := coretest.L1(), coretest.L2(), coretest.Admin()
	return map[string]map[core.Actor]view{
		"jane.doe": {
			l1:    {locked, "hand the unlock to Level 2", screen.Operate, screen.HandOff, ""},
			l2:    {locked, "unlock", screen.Operate, screen.Operate, "ask"},
			admin: {locked, "unlock", screen.Operate, screen.Operate, "ask"},
		},
		"li.wei": {
			l1: {locked, "hand the unlock to Level 2", screen.Operate, screen.HandOff, ""},
			l2: {locked, "unlock", screen.Operate, screen.Operate, screen.Reveal},
		},
		"omar.haddad": {
			l1: {expired, "reset the password", screen.Operate, "", ""},
			l2: {expired, "reset the password", screen.Operate, "", ""},
		},
		"priya.nair": {
			l1: {expired, "reset the password", screen.Operate, "", ""},
		},
		"jane.dahl": {
			l1: {"▲ The password must be changed at the next sign-in.", "reset the password", screen.Operate, "", ""},
		},
		"sam.rivers": {
			l1:    {off, "hand the case to Level 2", screen.Operate, "", ""},
			admin: {off, "hand the case to Level 2", screen.Operate, "", screen.Reveal},
		},
		"jdorsey": {
			l1: {fine, "reset the password", screen.Operate, "", ""},
		},
		"ada.admin": {
			l1:    {fine, "hand the case to Level 3", "", "", ""},
			l2:    {fine, "hand the case to Level 3", "", "", screen.Reveal},
			admin: {fine, "hand the case to Level 3", "", "", screen.Reveal},
		},
		"kofi.mensah": {
			l1: {fine, "hand the case to Level 3", "", "", ""},
			l2: {fine, "hand the case to Level 3", "", "", screen.Reveal},
		},
		"ann.lee": {
			l1: {fine, "hand the case to Level 3", "", "", ""},
		},
		"svc-backup": {
			l1:    {fine, "hand the case to Level 3", "", "", ""},
			admin: {fine, "hand the case to Level 3", "", "", ""},
		},
	}
}

func TestWhoSeesWhatOnWhichCard(t *testing.T) {
	t.Parallel()
	for login, operators := range views() {
		for actor, want := range operators {
			t.Run(login+" by "+actor.OperatorID, func(t *testing.T) {
				t.Parallel()
				o := deskOnly(actor)(t)
				o.W, o.H = 140, 45
				f := card(t, o, login).Frame()
				if !f.Contains(want.headline) {
					t.Errorf("no headline %q:\n%s", want.headline, f.Text())
				}
				if l := f.Line("▸ Enter"); !strings.Contains(l, "▸ Enter  "+want.next) {
					t.Errorf("the next key is %q, want %q", l, want.next)
				}
				for key, route := range map[string]screen.Route{"r": want.r, "u": want.u, "e": want.e} {
					leadsTo(t, actor, login, key, route)
				}
			})
		}
	}
}

// leadsTo presses one key on a fresh card. A key that leads nowhere says why in words.
func leadsTo(t *testing.T, actor core.Actor, login, key string, want screen.Route) {
	t.Helper()
	d := card(t, deskOnly(actor)(t), login)
	before := d.Frame().Text()
	d.Press(key)
	got := d.Opened().To
	asks := d.Frame().Contains("Which value of")
	switch {
	case want == "ask" && !asks:
		t.Errorf("%s does not ask which value", key)
	case want == "" && (got != screen.Account || d.Frame().Text() == before):
		t.Errorf("%s opened %s or said nothing", key, got)
	case want != "" && want != "ask" && got != want:
		t.Errorf("%s opened %s, want %s", key, got, want)
	}
}

func TestWithAPortalSelfServiceComesFirstWhereItCanWork(t *testing.T) {
	t.Parallel()
	for login, want := range map[string]string{
		"jane.doe": "guide the caller to self-service", "priya.nair": "guide the caller to self-service", "jane.dahl": "guide the caller to self-service",
		"omar.haddad": "reset the password", "li.wei": "hand the unlock to Level 2", "jdorsey": "reset the password",
		"sam.rivers": "hand the case to Level 2", "ann.lee": "hand the case to Level 3",
	} {
		f := card(t, uitest.Options{}, login).Frame()
		if l := f.Line("▸ Enter"); !strings.Contains(l, want) {
			t.Errorf("%s: the next key is %q, want %q", login, l, want)
		}
	}
}
