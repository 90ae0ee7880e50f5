package kit_test

import (
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
)

func notEmpty(s string) string {
	if s == "" {
		return "Something is needed here."
	}
	return ""
}

func twoFields() *kit.Form {
	return &kit.Form{Fields: []kit.Field{
		{ID: "name", Label: "Name", Check: notEmpty},
		{ID: "ticket", Label: "Ticket reference"},
	}}
}

func feed(f *kit.Form, keys string) (last kit.FormEvent) {
	for _, k := range keystrokes(keys) {
		last = f.Update(k)
	}
	return last
}

func TestTheFocusGoesAroundTheFields(t *testing.T) {
	t.Parallel()
	for keys, want := range map[string]string{
		"":                "name",
		"tab":             "ticket",
		"tab tab":         "name",
		"shift+tab":       "ticket",
		"down":            "ticket",
		"down up":         "name",
		"x enter":         "ticket",
		"enter":           "name", // it is empty
		"tab shift+tab x": "name",
	} {
		f := twoFields()
		feed(f, keys)
		if got := f.Focused(); got != want {
			t.Errorf("after %q the focus is on %q, want %q", keys, got, want)
		}
	}
}

func TestEnterOnTheLastFieldSubmitsWhatIsRight(t *testing.T) {
	t.Parallel()
	f := twoFields()
	if got := feed(f, "k i m enter 7 enter"); got != kit.FormSubmitted {
		t.Errorf("event %q", got)
	}
	if f.Value("name") != "kim" || f.Value("ticket") != "7" || f.Value("nothing") != "" {
		t.Errorf("values %q, %q", f.Value("name"), f.Value("ticket"))
	}
	wrong := twoFields()
	if got := feed(wrong, "tab 7 enter"); got != kit.FormEdited || wrong.Focused() != "name" {
		t.Errorf("event %q with the focus on %q", got, wrong.Focused())
	}
}

func TestTheSentenceStandsBelowItsFieldWithoutMovingTheOthers(t *testing.T) {
	t.Parallel()
	f := twoFields()
	before := drawn(f, 50, 4)
	feed(f, "enter")
	after := drawn(f, 50, 4)
	wantLines(t, before, " Name              ›", "", " Ticket reference  ›", "")
	wantLines(t, after, " Name              ›", "                   ▲ Something is needed here.", " Ticket reference  ›", "")
	feed(f, "x")
	wantLines(t, drawn(f, 50, 4), " Name              › x", "", " Ticket reference  ›", "")
}

func TestARefusalOfTheServerStandsBelowItsField(t *testing.T) {
	t.Parallel()
	f := twoFields()
	f.SetProblem("ticket", "No such ticket.")
	if f.Focused() != "ticket" || !strings.Contains(f.View(60, 4)[3], "▲ No such ticket.") {
		t.Errorf("got %q", f.View(60, 4))
	}
	f.SetProblem("nothing", "x")
	f.Focus("nothing")
	if f.Focused() != "ticket" {
		t.Error("an unknown field took the focus")
	}
	f.Clear()
	if f.Focused() != "name" || strings.Contains(strings.Join(f.View(60, 4), ""), "ticket.") {
		t.Error("the form is not as it was")
	}
}

func TestTheFormLeavesOtherKeysToTheScreen(t *testing.T) {
	t.Parallel()
	f := twoFields()
	for _, k := range keystrokes("esc ctrl+k f10 pgup") {
		if got := f.Update(k); got != kit.FormIgnored {
			t.Errorf("%s gave %q", k, got)
		}
	}
	none := &kit.Form{}
	if none.Update(press("enter")) != kit.FormIgnored || none.Paste("x") != kit.FormIgnored || none.Focused() != "" {
		t.Error("a form without fields does something")
	}
	if _, _, ok := none.Cursor(80, 24); ok {
		t.Error("a form without fields has a cursor")
	}
}

func TestTheFieldWithTheFocusIsInSight(t *testing.T) {
	t.Parallel()
	f := &kit.Form{}
	for _, id := range strings.Fields("a b c d e") {
		f.Fields = append(f.Fields, kit.Field{ID: id, Label: "field " + id})
	}
	f.Focus("d")
	f.Paste("here")
	wantLines(t, drawn(f, 30, 3), " field b  ›", " field c  ›", " field d  › here")
	if x, y, ok := f.Cursor(30, 3); x != 16 || y != 2 || !ok {
		t.Errorf("cursor at %d,%d", x, y)
	}
	if x, y, ok := f.Cursor(30, 10); x != 16 || y != 6 || !ok {
		t.Errorf("cursor at %d,%d in a high form", x, y)
	}
	if _, _, ok := f.Cursor(5, 3); ok {
		t.Error("a cursor outside")
	}
}
