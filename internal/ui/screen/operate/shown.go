package operate

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core/password"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// shownFor is how long a password is shown at a time.
const shownFor = 30 * time.Second

// hide is the timer's word that a password has been shown long enough.
type hide struct{}

// shown is a new password that the operator may see. It is forgotten when the screen closes.
type shown struct {
	secret *secret.Text
	reveal kit.Reveal
	scroll kit.Scroll // the spelling may be taller than the terminal
}

func (s *shown) take(t *secret.Text) {
	s.secret = t
	s.reveal.Hide()
}

func (s *shown) tick(now time.Time) { s.reveal.Tick(now) }

// visible reports whether it is on the screen now.
func (s *shown) visible(now time.Time) bool {
	until, on := s.reveal.HidesAt()
	return s.secret != nil && on && now.Before(until)
}

// toggle shows or hides it.
func (s *shown) toggle(env *screen.Env, life *screen.Life) tea.Cmd {
	if s.visible(env.Now) {
		s.reveal.Hide()
		return nil
	}
	s.reveal.Show(env.Now.Add(shownFor))
	return life.Wake(shownFor, hide{})
}

// spell shows or hides how it is read out.
func (s *shown) spell() {
	s.reveal.Spell = func(rune) string { return "" } // the words come when it is drawn
	s.reveal.Spelling(!s.reveal.Spelled())
}

// block draws it. The secret is asked for only while it is shown.
func (s *shown) block(env *screen.Env) kit.Block {
	r := s.reveal // a copy: drawing changes nothing
	r.Theme, r.Label = env.Theme, env.Label("operate.new_password")
	r.Hint = env.Say(sentence.Of("operate.press_space", sentence.Span("for", shownFor)))
	r.Secret = s.secret.Reveal
	r.Spell = func(c rune) string { return spoken(env, c) }
	r.Tick(env.Now)
	s.scroll.Theme, s.scroll.Body = env.Theme, &r
	return &s.scroll
}

// spelled reports whether the spelling is on the screen now.
func (s *shown) spelled(now time.Time) bool { return s.visible(now) && s.reveal.Spelled() }

// spoken is how one character is read out, in the radiotelephony alphabet.
func spoken(env *screen.Env, c rune) string {
	for _, s := range password.Spell(string(c)) {
		return env.Say(sentence.Of("operate.spell."+string(s.Kind), sentence.Word("word", s.Word)))
	}
	return ""
}
