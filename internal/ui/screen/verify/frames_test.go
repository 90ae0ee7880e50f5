package verify_test

import (
	"context"
	"flag"
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
	login  string
	lang   text.Language
	glyphs theme.GlyphSet
	note   sentence.Sentence
	act    func(d *uitest.Driver)
}

func scenes() []scene {
	return []scene{
		{name: "app", act: func(d *uitest.Driver) { d.Type("481") }},
		{name: "wrong", act: func(d *uitest.Driver) { d.Type("111111").Press("enter") }},
		{name: "mail", act: func(d *uitest.Driver) { d.Press("down").After(time.Second) }},
		{name: "sent", act: func(d *uitest.Driver) { d.Press("down").After(time.Second).Press("enter") }},
		{name: "used-up", act: func(d *uitest.Driver) {
			for range 5 {
				d.Type("111111").Press("enter")
			}
			d.After(time.Second)
		}},
		{name: "cannot", act: func(d *uitest.Driver) { d.Press("ctrl+n").After(time.Second) }},
		{name: "no-method", login: "omar.haddad", act: func(d *uitest.Driver) { d.After(time.Second) }},
		{name: "nobody", note: sentence.Of("hand.nobody", sentence.Word("who", "Level 2"))},
		{name: "chinese", lang: text.Chinese, act: func(d *uitest.Driver) { d.Type("481") }},
		{name: "ascii", glyphs: theme.GlyphsASCII, act: func(d *uitest.Driver) { d.Press("down").After(time.Second) }},
		{name: "unusable", login: "unusable"},
	}
}

func (sc scene) open(t testing.TB) uitest.Options {
	t.Helper()
	s := newStage(t)
	a := s.Jane
	a.ID.Key, a.Login, a.DisplayName = "", untrusted.New("unusable"), untrusted.New("Una Usable")
	a.Methods = append(a.Methods, core.Method{ID: "mail:0", Kind: core.MethodMail, Destination: untrusted.New("una@corp.example")})
	s.Cloud.Put(a)
	return uitest.Options{Stage: s, Language: sc.lang, Glyphs: sc.glyphs}
}

func (sc scene) play(t testing.TB) func(*uitest.Driver) {
	return func(d *uitest.Driver) {
		login := sc.login
		if login == "" {
			login = "jane.doe"
		}
		account, err := d.Stage.Cloud.Account(context.Background(), uitest.ID(login).Key)
		if err != nil {
			t.Fatal(err)
		}
		k := d.Stage.OpenCase(t, coretest.L1(), account.ID)
		d.Open(screen.Verify, screen.VerifyParams{Account: account, Case: k.Number, For: core.VerbReset, Note: sc.note})
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

func TestRandomMessagesNeverPanicAndProveNobody(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		sc := scenes()[seed%uint64(len(scenes()))]
		d := uitest.NewDriver(t, sc.open(t))
		sc.play(t)(d)
		uitest.Survives(t, d, seed, 120)
		if all, err := d.Stage.Store.EvidenceOf(context.Background(), 1); err != nil || len(all) > 0 {
			t.Errorf("%v %v", all, err)
		}
	}
}
