package core_test

import (
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

func diagnosis(t *testing.T, actor core.Actor, portal string, change func(*core.Account)) core.Diagnosis {
	t.Helper()
	b := coretest.NewBench(t)
	a := b.Jane
	change(&a)
	b.Dir.Put(a)
	b.Parts.Rules.Settings.Self.Portal = portal
	b.Desk = core.NewDesk(b.Parts)
	card, err := b.Desk.Card(t.Context(), actor, b.Jane.ID)
	if err != nil {
		t.Fatal(err)
	}
	return card.Diagnosis
}

func TestTheHeadlineSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		want   string
		change func(*core.State)
	}{
		{"headline.locked_until", func(*core.State) {}},
		{"headline.locked_until_uncounted", func(s *core.State) { s.WrongPasswords = -1 }},
		{"headline.locked_until_unlocked", func(s *core.State) { s.UnlocksAt = time.Time{} }},
		{"headline.locked_until_unlocked_uncounted", func(s *core.State) { s.UnlocksAt, s.WrongPasswords = time.Time{}, -1 }},
		{"headline.locked", func(s *core.State) { s.UnlocksAt, s.LockedSince = time.Time{}, time.Time{} }},
		{"headline.disabled", func(s *core.State) { s.Enabled = false }},
		{"headline.account_expired", func(s *core.State) { s.AccountExpired, s.AccountExpires = true, day }},
		{"headline.password_expired", func(s *core.State) { s.Locked, s.PasswordExpired, s.PasswordExpires = false, true, day }},
		{"headline.password_expired_undated", func(s *core.State) { s.Locked, s.PasswordExpired = false, true }},
		{"headline.password_expired_must_change", func(s *core.State) {
			s.Locked, s.PasswordExpired, s.MustChange, s.PasswordExpires = false, true, true, day
		}},
		{"headline.must_change", func(s *core.State) { s.Locked, s.MustChange = false, true }},
		{"headline.expires_soon", func(s *core.State) { s.Locked, s.PasswordExpires = false, day.Add(3*24*time.Hour) }},
		{"headline.fine", func(s *core.State) { s.Locked, s.PasswordExpires = false, day.Add(30*24*time.Hour) }},
	} {
		t.Run(tc.want, func(t *testing.T) {
			t.Parallel()
			d := diagnosis(t, coretest.L1(), "", func(a *core.Account) { tc.change(&a.State) })
			if d.Headline.ID != tc.want {
				t.Fatalf("headline %s", d.Headline.ID)
			}
		})
	}
}

func TestTheNextBestAction(t *testing.T) {
	t.Parallel()
	const portal = "https://reset.example"
	keep := func(*core.Account) {}
	noMethod := func(a *core.Account) { a.Methods = nil }
	for _, tc := range []struct {
		name   string
		actor  core.Actor
		portal string
		change func(*core.Account)
		want   []core.ActionKind
	}{
		{"self-service first where it works", coretest.L1(), portal, keep, []core.ActionKind{core.ActSelfService, core.ActHandUnlock, core.ActReset}},
		{"without a portal the unlock comes first", coretest.L1(), "", keep, []core.ActionKind{core.ActHandUnlock, core.ActReset}},
		{"Level 2 unlocks by themselves", coretest.L2(), "", keep, []core.ActionKind{core.ActUnlock, core.ActReset}},
		{"no method, no self-service", coretest.L2(), portal, noMethod, []core.ActionKind{core.ActUnlock, core.ActReset}},
		{"expired and not locked", coretest.L1(), "", func(a *core.Account) { a.State.Locked, a.State.PasswordExpired = false, true }, []core.ActionKind{core.ActReset}},
		{"disabled is not mended here", coretest.L1(), portal, func(a *core.Account) { a.State.Enabled = false }, []core.ActionKind{core.ActHandOff}},
		{"guarded is not mended here", coretest.L1(), portal, func(a *core.Account) { a.Roles = []rbac.Role{rbac.GlobalAdministrator} }, []core.ActionKind{core.ActHandOff}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := diagnosis(t, tc.actor, tc.portal, tc.change)
			if len(d.Next) != len(tc.want) {
				t.Fatalf("%+v", d.Next)
			}
			for i, n := range d.Next {
				if n.Kind != tc.want[i] || n.Said.IsZero() {
					t.Fatalf("action %d is %s, want %s", i, n.Kind, tc.want[i])
				}
			}
		})
	}
}

func TestWhetherPeopleCanHelpThemselves(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*core.Account){
		"help.can":       func(*core.Account) {},
		"help.no_method": func(a *core.Account) { a.Methods = nil },
		"help.not_enough": func(a *core.Account) {
			a.Methods = []core.Method{{ID: "p", Kind: core.MethodMobile, Destination: text("+47 12")}}
		},
	} {
		if d := diagnosis(t, coretest.L1(), "https://reset.example", change); d.Help.ID != want {
			t.Errorf("%s, want %s", d.Help.ID, want)
		}
	}
}

func TestAnUnknownOutcomeIsTheHeadlineAndTheOnlyThingToDo(t *testing.T) {
	t.Parallel()
	b, c := ready(t)
	b.Dir.Fail("SetPassword.applied", 1, unclassified())
	_, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
	code(t, err, core.CodeUnknown)
	card, err := b.Desk.Again(t.Context(), coretest.L1(), b.Jane.ID)
	if err != nil || card.Diagnosis.Headline.ID != "headline.outcome_unknown" || card.Diagnosis.Next[0].Kind != core.ActCheckAgain {
		t.Fatalf("%+v, %v", card.Diagnosis, err)
	}
}

// unclassified is an error no adapter has classified.
func unclassified() error {
	return &core.Error{Code: core.CodeUnavailable, Said: sent("directory.timeout")}
}

func TestMethodsThatCannotBeUsedSayWhy(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		kind   core.MethodKind
		value  string
		locked bool
		want   string
	}{
		{core.MethodTOTP, "", true, ""},
		{core.MethodAlternate, "a@b.example", true, ""},
		{core.MethodAlternate, "a@b@c.example", false, "method.malformed_mail"},
		{core.MethodAlternate, `"a@x> ORCPT=b"@y.example`, false, "method.malformed_mail"},
		{core.MethodAlternate, "a@b.example\r\nBcc: x@y.example", false, "method.malformed_mail"},
		{core.MethodMail, "a@b.example", true, "method.mailbox_shut"},
		{core.MethodMail, "a@b.example", false, ""},
		{core.MethodMobile, "+47 123 45 678", false, "method.no_channel"},
		{core.MethodMobile, "12345678", false, "method.phone_without_country"},
		{core.MethodMobile, "+47 12", false, "method.phone_too_short"},
		{core.MethodMobile, "+4712345678901234567", false, "method.phone_too_long"},
		{core.MethodMobile, "+47 123 45 678 x9", false, "method.malformed_phone"},
		{core.MethodSecurityKeys, "", false, "method.not_offered"},
	} {
		b := coretest.NewBench(t)
		a := b.Jane
		a.State.Locked = tc.locked
		a.Methods = []core.Method{{ID: "m", Kind: tc.kind, Destination: text(tc.value)}}
		b.Dir.Put(a)
		card, err := b.Desk.Card(t.Context(), coretest.L1(), b.Jane.ID)
		if err != nil {
			t.Fatal(err)
		}
		if m := card.Account.Methods[0]; m.Why.ID != tc.want || m.Usable != (tc.want == "") {
			t.Errorf("%s %q: %q", tc.kind, tc.value, m.Why.ID)
		}
	}
}

func TestMasksHideEverythingButTheEnds(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"jane.doe@home.example": "j•••@h•••.example", "j@h.example": "j•••@h•••.example", "": "•••", "jane": "•••", "@h.example": "•••",
		"jane@localhost": "•••", "ja\x1bne@home.example": "•••", "ö@ä.example": "ö•••@ä•••.example",
	} {
		if got := core.MaskMail(value); got != want {
			t.Errorf("%q is shown as %q, want %q", value, got, want)
		}
	}
	for value, want := range map[string]string{
		"+47 123 45 612": "+47 ••• •• •12", "12345612": "••• •• •12", "+4712345612": "+•• ••• •• •12", "12": "•••", "": "•••", "+47\x1b 12345612": "+•• ••• •• •12",
	} {
		if got := core.MaskPhone(value); got != want {
			t.Errorf("%q is shown as %q, want %q", value, got, want)
		}
	}
}
