package handoff

import (
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
)

const (
	reasonField = "reason"
	maxReason   = 200 // characters that can be typed
)

// propose fills in a reason that says what is wanted and what was proved, unless the operator has written one.
func (s *HandOff) propose() {
	if s.touched || s.form.Value(reasonField) != "" {
		return
	}
	s.form.Fields[0].Input.Set(s.env.Say(s.reason()))
}

// reason is the sentence proposed.
func (s *HandOff) reason() sentence.Sentence {
	e := s.proved()
	if e.ID == "" {
		return sentence.Of(act.Goal("hand.reason_unproved", s.with.Wanted))
	}
	return sentence.Of(act.Goal("hand.reason_proved", s.with.Wanted),
		sentence.Time("at", e.ObtainedAt), sentence.Word("how", act.Way(s.env, e.Kind)))
}

// written reports whether there is a reason at all.
func (s *HandOff) written() bool { return strings.TrimSpace(s.form.Value(reasonField)) != "" }
