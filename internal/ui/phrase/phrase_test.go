package phrase_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func noon() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }

func envs(t *testing.T) map[text.Language]*screen.Env {
	t.Helper()
	th, err := theme.New(theme.Options{Name: theme.None})
	if err != nil {
		t.Fatal(err)
	}
	out := map[text.Language]*screen.Env{}
	for _, l := range text.Languages() {
		out[l] = &screen.Env{Theme: th, Lang: l, Zone: time.UTC, Now: noon()}
	}
	return out
}

func TestEveryStateHasAWordAndAGlyphOfItsOwn(t *testing.T) {
	t.Parallel()
	states := []core.RowState{core.RowDisabled, core.RowLocked, core.RowExpired, core.RowMustChange, core.RowFine, core.RowNotKnown, "made up"}
	for lang, env := range envs(t) {
		words := map[string]bool{}
		for _, s := range states {
			c := phrase.RowState(env, s)
			if c.Text == "" || c.State == theme.StateNone || strings.HasPrefix(c.Text, "[") {
				t.Errorf("%s: %q is %q with %q", lang, s, c.Text, c.State)
			}
			words[c.Text] = true
		}
		if len(words) != 6 { // the made-up one is "not known"
			t.Errorf("%s: %d words for six states", lang, len(words))
		}
	}
}

func TestEveryNameOfTheDomainIsInTheCatalogue(t *testing.T) {
	t.Parallel()
	for lang, env := range envs(t) {
		var said []string
		for _, c := range core.OutcomeCodes() {
			said = append(said, phrase.Code(env, c))
		}
		for _, k := range []core.MethodKind{core.MethodTOTP, core.MethodMail, core.MethodAlternate, core.MethodMobile, core.MethodOfficePhone, core.MethodSecurityKeys} {
			said = append(said, phrase.Kind(env, k))
		}
		for _, v := range []core.Verb{core.VerbReset, core.VerbUnlock, ""} {
			said = append(said, phrase.Wanted(env, v))
		}
		for _, l := range []core.HealthLevel{core.Green, core.Amber, core.Red, "made up"} {
			said = append(said, phrase.Level(env, l).Text)
		}
		for _, o := range []core.Outcome{core.Done, core.Refused, core.Failed, core.Unknown} {
			said = append(said, phrase.Outcome(env, o).Text)
		}
		for i, s := range said {
			if s == "" || strings.HasPrefix(s, "[") {
				t.Errorf("%s: name %d is %q", lang, i, s)
			}
		}
	}
}

func TestRolesAreCalledByTheirLevel(t *testing.T) {
	t.Parallel()
	env := envs(t)[text.English]
	for role, want := range map[rbac.Role]string{
		rbac.PasswordAdministrator: "Level 1", rbac.UserAdministrator: "Level 2", rbac.GlobalAdministrator: "Level 3", rbac.ReportsReader: "Reports Reader",
	} {
		if got := phrase.Role(env, role); got != want {
			t.Errorf("%s is called %q", role, got)
		}
	}
}

func TestARecordSaysWhatCameOfIt(t *testing.T) {
	t.Parallel()
	env := envs(t)[text.English]
	cases := []struct {
		r     core.Record
		want  string
		state theme.State
	}{
		{core.Record{Kind: core.KindIntent, Verb: core.VerbReset}, "password reset begun", theme.StateBusy},
		{core.Record{Kind: core.KindOutcome, Verb: core.VerbReset, Outcome: core.Done}, "password reset", theme.StateGood},
		{core.Record{Kind: core.KindOutcome, Verb: core.VerbReset, Outcome: core.Refused}, "password reset: refused", theme.StateBad},
		{core.Record{Kind: core.KindOutcome, Verb: core.VerbUnlock, Outcome: core.Unknown}, "unlock: not known", theme.StateUnknown},
		{core.Record{Kind: core.KindReconciled, Verb: core.VerbReset, Outcome: core.Done}, "password reset checked: done", theme.StateGood},
		{core.Record{Kind: core.KindReconciled, Verb: core.VerbReset, Outcome: core.Failed}, "password reset checked: failed", theme.StateBad},
		{core.Record{Kind: core.KindDenied, Verb: core.VerbUnlock}, "unlock refused", theme.StateOff},
		{core.Record{Kind: core.KindDenied}, "refused", theme.StateOff},
		{core.Record{Kind: core.KindDesk, Verb: core.VerbConfirmProof}, "caller proved", theme.StateGood},
		{core.Record{Kind: core.KindDesk, Verb: core.VerbConfirmProof, Code: core.CodeUnverified}, "code not accepted", theme.StateOff},
		{core.Record{Kind: core.KindDesk, Verb: core.VerbReset, Code: core.CodeUnavailable, Reason: "delivery.failed"}, "password not delivered", theme.StateBad},
		{core.Record{Kind: core.KindDesk, Verb: core.VerbOpenCase, Code: core.CodeConflict}, "case opened: failed", theme.StateBad},
		{core.Record{Kind: core.KindDesk, Verb: core.VerbCloseCase, Detail: map[string]string{"code": "wait"}}, "case closed: waiting", theme.StateNone},
		{core.Record{Kind: core.KindDesk, Verb: core.VerbHandOff, Detail: map[string]string{"to": "User Administrator"}}, "handed off to Level 2", theme.StateNone},
		{core.Record{Kind: core.KindLook, Verb: "account.card"}, "card opened", theme.StateNone},
		{core.Record{Kind: core.KindSystem, Verb: "door.signed_in"}, "signed in", theme.StateNone},
		{core.Record{Kind: core.KindSystem, Reason: "store.restored"}, "restored from a backup", theme.StateNone},
		{core.Record{Kind: core.KindSystem, Verb: "made.up\x1b"}, `made.up\x1b`, theme.StateNone},
	}
	for _, tc := range cases {
		got := phrase.Record(env, tc.r)
		if strings.TrimSpace(got.Text) != tc.want || got.State != tc.state {
			t.Errorf("%s %s: %q with %q, want %q with %q", tc.r.Kind, tc.r.Verb, got.Text, got.State, tc.want, tc.state)
		}
	}
}

func TestNoRecordThatFailedLooksLikeADeed(t *testing.T) {
	t.Parallel()
	for lang, env := range envs(t) {
		for _, k := range []core.RecordKind{core.KindIntent, core.KindOutcome, core.KindReconciled, core.KindDenied, core.KindDesk, core.KindLook, core.KindSystem} {
			for _, v := range []core.Verb{core.VerbReset, core.VerbUnlock, core.VerbOpenCase, core.VerbCloseCase, core.VerbStartProof, core.VerbConfirmProof, core.VerbHandOff, core.VerbTakeHandoff, core.VerbReveal, core.VerbOperator} {
				good := phrase.Record(env, core.Record{Kind: k, Verb: v, Outcome: core.Done})
				bad := phrase.Record(env, core.Record{Kind: k, Verb: v, Outcome: core.Failed, Code: core.CodeConflict})
				if strings.Contains(good.Text, "[") || strings.Contains(bad.Text, "[") {
					t.Errorf("%s: %s %s has no words: %q %q", lang, k, v, good.Text, bad.Text)
				}
				changes := k == core.KindOutcome || k == core.KindReconciled || k == core.KindDesk
				if changes && (bad.Text == good.Text || bad.State == theme.StateGood) {
					t.Errorf("%s: a failed %s %s reads %q", lang, k, v, bad.Text)
				}
			}
		}
	}
}

func TestAProofThatTravelsSaysTheImportantWordFirst(t *testing.T) {
	t.Parallel()
	env := envs(t)[text.English]
	until := noon().Add(6 * time.Minute)
	for want, c := range map[string]struct {
		h      core.Handoff
		proved time.Time
	}{
		"6 min left, proved 11:56 by Ann Lee": {core.Handoff{Evidence: until}, noon().Add(-4 * time.Minute)},
		"6 min left, proved by Ann Lee":       {core.Handoff{Evidence: until}, time.Time{}},
		"proof expired, from Ann Lee":         {core.Handoff{Evidence: noon()}, noon()},
		"not proved, from Ann Lee":            {core.Handoff{}, time.Time{}},
	} {
		if got := phrase.Carried(env, c.h, "Ann Lee", c.proved); got.Text != want || (got.State == theme.StateGood) != strings.Contains(want, "left") {
			t.Errorf("%q with %q, want %q", got.Text, got.State, want)
		}
	}
}

func TestHowLongSomethingWaited(t *testing.T) {
	t.Parallel()
	env := envs(t)[text.English]
	for ago, want := range map[time.Duration]string{-time.Minute: "now", 30 * time.Second: "now", 119 * time.Second: "1 min", 3 * time.Hour: "3 h"} {
		if got := phrase.Waited(env, noon().Add(-ago)).Text; got != want {
			t.Errorf("%v is said %q, want %q", ago, got, want)
		}
	}
}

func TestSomebodyIsNamedInFull(t *testing.T) {
	t.Parallel()
	p := core.Person{DisplayName: untrusted.New("Jane\x1b Doe"), Login: untrusted.New("jane.doe"), Department: untrusted.New("Finance")}
	if got, want := phrase.Person(p), `Jane\x1b Doe (jane.doe), Finance`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := phrase.Person(core.Person{DisplayName: untrusted.New("Jane")}); got != "Jane" {
		t.Errorf("%q", got)
	}
}

func TestAFailureOfWhichTheChangeIsNotKnownIsNotShownAsAFailure(t *testing.T) {
	t.Parallel()
	env := envs(t)[text.English]
	e := core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")).WithRef("0000052D")
	if got := phrase.Failure(env, e); got.State != theme.StateBad || got.Code != "0000052D" || got.Text == "" {
		t.Errorf("%+v", got)
	}
	if got := phrase.Failure(env, e.After(core.ChangeUnknown)); got.State != theme.StateUnknown {
		t.Errorf("%+v", got)
	}
}
