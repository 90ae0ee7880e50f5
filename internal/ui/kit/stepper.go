package kit

import "github.com/sspr-tui/sspr-tui/internal/ui/theme"

// StepState is how far a step is.
type StepState string

// The states of a step.
const (
	StepWaiting StepState = ""
	StepCurrent StepState = "current"
	StepDone    StepState = "done"
	StepFailed  StepState = "failed"
)

// Step is one step of several.
type Step struct {
	Label string
	State StepState
	// Word is the state as a ready word ("done", "waiting").
	Word string
	// Detail is a quiet sentence below the current or failed step.
	Detail string
}

// Stepper is a list of steps with the state of each.
type Stepper struct {
	Theme *theme.Theme
	Steps []Step
}

// mark returns the state the glyph is taken from.
func (s StepState) mark() theme.State {
	switch s {
	case StepWaiting:
		return theme.StateOff
	case StepCurrent:
		return theme.StateCurrent
	case StepDone:
		return theme.StateGood
	case StepFailed:
		return theme.StateBad
	default:
		return theme.StateUnknown
	}
}

// label returns the look of a step's label.
func (s StepState) label() theme.Token {
	switch s {
	case StepCurrent, StepFailed:
		return theme.Strong
	case StepWaiting:
		return theme.Dim
	case StepDone:
		return theme.Text
	default:
		return theme.Text
	}
}

// Height returns a line for each step and one for each detail.
func (s *Stepper) Height(int) int {
	h := len(s.Steps)
	for _, step := range s.Steps {
		if step.Detail != "" {
			h++
		}
	}
	return h
}

// View draws the steps; words stand in one column behind the longest label.
func (s *Stepper) View(w, h int) []string {
	p := theme.NewPen(s.Theme, w, h)
	label := 0
	for _, step := range s.Steps {
		label = max(label, theme.Width(step.Label))
	}
	label = min(label, max(0, w-2*Margin-pointerWidth)*2/3)
	for _, step := range s.Steps {
		glyph, token := s.Theme.Mark(step.State.mark())
		p.Skip(Margin)
		p.Fit(token, glyph, pointerWidth)
		p.Fit(step.State.label(), step.Label, label)
		p.Skip(gap)
		p.Put(theme.Dim, step.Word)
		p.Newline()
		if step.Detail != "" {
			p.Skip(Margin + pointerWidth)
			p.Put(theme.Dim, step.Detail)
			p.Newline()
		}
	}
	return p.Lines()
}
