package kit_test

import (
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
)

func TestEveryStepHasAGlyphAndAWord(t *testing.T) {
	t.Parallel()
	s := &kit.Stepper{Steps: []kit.Step{
		{Label: "Find", State: kit.StepDone, Word: "done"},
		{Label: "Prove who is calling", State: kit.StepCurrent, Word: "now", Detail: "1 proof of 1 needed"},
		{Label: "Reset", State: kit.StepFailed, Word: "failed"},
		{Label: "Close", Word: "waiting"},
		{Label: "Odd", State: "odd", Word: "odd"},
	}}
	wantLines(t, drawn(s, 40, s.Height(40)),
		" ● Find                  done",
		" ▸ Prove who is calling  now",
		"   1 proof of 1 needed",
		" ■ Reset                 failed",
		" ○ Close                 waiting",
		" ? Odd                   odd")
}

func TestALongLabelLeavesRoomForTheWord(t *testing.T) {
	t.Parallel()
	s := &kit.Stepper{Steps: []kit.Step{{Label: strings.Repeat("very ", 20), State: kit.StepDone, Word: "done"}}}
	wantLines(t, drawn(s, 30, 1), " ● very very very v…  done")
}
