package operate_test

import (
	"flag"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

var update = flag.Bool("update", false, "write the golden files anew")

// scene is a page that is kept as it was reviewed.
type scene struct {
	name   string
	actor  core.Actor
	goal   core.Verb
	login  string
	lang   text.Language
	glyphs theme.GlyphSet
	stage  func(s *uitest.Stage)
	act    func(d *uitest.Driver)
}

func scenes() []scene {
	fail := func(f *coretest.Faults, method string, err error) { f.Fail(method, 1, err) }
	enter := func(d *uitest.Driver) { d.Press("enter").After(time.Second) }
	return []scene{
		{name: "confirm"},
		{name: "expired", act: func(d *uitest.Driver) {
			d.Send(screen.Failed{Of: "perform", Err: core.Fail(core.CodeUnverified, sentence.Of("evidence.expired"))})
		}},
		{name: "done", act: enter},
		{name: "chinese", lang: text.Chinese, act: enter},
		{name: "ascii", glyphs: theme.GlyphsASCII, act: enter},
		{name: "refused", stage: func(s *uitest.Stage) { fail(&s.Cloud.Faults, "SetPassword", refused()) }, act: enter},
		{name: "unknown", stage: func(s *uitest.Stage) { fail(&s.Cloud.Faults, "SetPassword", lost()) }, act: enter},
		{name: "undelivered", stage: func(s *uitest.Stage) { fail(&s.Courier.Faults, "Send", lost()) }, act: enter},
		{name: "under-way", act: func(d *uitest.Driver) { d.Hold().Press("enter").After(time.Second) }},
		{name: "unlock", actor: coretest.L2(), goal: core.VerbUnlock},
		{name: "unlocked", actor: coretest.L2(), goal: core.VerbUnlock, act: enter},
		{name: "codes", actor: coretest.L2(), goal: core.VerbUnlock, act: func(d *uitest.Driver) { enter(d); d.Press("o") }},
		{name: "channels", actor: coretest.L2(), act: func(d *uitest.Driver) { d.Press("down") }},
		{name: "hidden", actor: coretest.L2(), act: func(d *uitest.Driver) { d.Press("down"); enter(d) }},
		{name: "hostile", actor: coretest.L2(), goal: core.VerbUnlock, login: "eve"},
	}
}

// open builds the stage of a scene, with the caller proved where that is possible.
func (sc scene) open(t testing.TB) uitest.Options {
	t.Helper()
	s := uitest.NewStage(t, uitest.StageOptions{Portal: uitest.Portal})
	s.TOTP.Code = code
	mayShow(&s.Parts.Rules)
	s.Desk.Rule(s.Parts.Rules)
	if sc.stage != nil {
		sc.stage(s)
	}
	return uitest.Options{Stage: s, Actor: sc.actor, Language: sc.lang, Glyphs: sc.glyphs}
}

func (sc scene) play(t testing.TB) func(*uitest.Driver) {
	return func(d *uitest.Driver) {
		actor, goal, account := d.Env.Actor, sc.goal, d.Stage.Jane
		if goal == "" {
			goal = core.VerbReset
		}
		if sc.login != "" {
			account = core.Account{Person: core.Person{ID: uitest.ID(sc.login), DisplayName: untrusted.New(uitest.Hostile)}}
		}
		k := d.Stage.OpenCase(t, actor, account.ID)
		d.Stage.Prove(t, actor, k.Number)
		d.Open(screen.Operate, screen.OperateParams{Goal: goal, Account: account, Case: k.Number}).After(time.Second)
		if sc.act != nil {
			sc.act(d)
		}
	}
}

func TestEveryPageLooksAsReviewed(t *testing.T) {
	t.Parallel()
	for _, sc := range scenes() {
		uitest.Gallery(t, *update, sc.name, sc.open, sc.play(t))
	}
}

func TestEveryPageFitsEverySize(t *testing.T) {
	t.Parallel()
	for _, sc := range scenes() {
		d := uitest.NewDriver(t, sc.open(t))
		sc.play(t)(d)
		uitest.FitsEverywhere(t, d.Screen())
	}
}

func TestRandomMessagesNeverPanicAndNeverChangeAnythingUnconfirmed(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		sc := scenes()[rand.New(rand.NewPCG(seed, 7)).IntN(len(scenes()))]
		d := uitest.NewDriver(t, sc.open(t))
		sc.play(t)(d)
		uitest.Survives(t, d, seed, 120)
		intents := 0
		for _, r := range d.Stage.Store.All() {
			if r.Kind == core.KindIntent {
				intents++
			}
		}
		if d.Stage.Cloud.Writes() > intents {
			t.Errorf("%d changes and %d intents", d.Stage.Cloud.Writes(), intents)
		}
	}
}
