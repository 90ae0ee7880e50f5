package kit

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Field is a labelled input of a form.
type Field struct {
	ID    string
	Label string
	Input Input
	// Hint is a quiet sentence below the field.
	Hint string
	// Problem is the sentence that says what is wrong with the value; it stands
	// in the place of the hint.
	Problem string
	// Check returns the problem of a value, empty if there is none. Nil means
	// that every value is right.
	Check func(value string) string
}

// FormEvent is what a key did to a form.
type FormEvent string

// The events.
const (
	// FormIgnored is a key the form does not use.
	FormIgnored FormEvent = ""
	// FormEdited is a key that typed or moved.
	FormEdited FormEvent = "edited"
	// FormSubmitted is enter on the last field with every value right.
	FormSubmitted FormEvent = "submitted"
)

// Form is labelled fields below each other.
type Form struct {
	Theme  *theme.Theme
	Fields []Field

	focus int
}

// Value returns the value of a field, empty for an unknown one.
func (f *Form) Value(id string) string {
	if i := f.index(id); i >= 0 {
		return f.Fields[i].Input.Value()
	}
	return ""
}

// Focus puts the cursor into a field. An unknown one changes nothing.
func (f *Form) Focus(id string) {
	if i := f.index(id); i >= 0 {
		f.focus = i
	}
}

// Focused returns the id of the field with the cursor; empty without fields.
func (f *Form) Focused() string {
	if len(f.Fields) == 0 {
		return ""
	}
	return f.Fields[f.at()].ID
}

// SetProblem shows a sentence below a field, for example the server's refusal,
// and puts the cursor there.
func (f *Form) SetProblem(id, sentence string) {
	if i := f.index(id); i >= 0 {
		f.Fields[i].Problem = sentence
		f.focus = i
	}
}

// Clear empties every field, and overwrites what was in it.
func (f *Form) Clear() {
	for i := range f.Fields {
		f.Fields[i].Input.Clear()
		f.Fields[i].Problem = ""
	}
	f.focus = 0
}

func (f *Form) index(id string) int {
	for i := range f.Fields {
		if f.Fields[i].ID == id {
			return i
		}
	}
	return -1
}

func (f *Form) at() int { return max(0, min(f.focus, len(f.Fields)-1)) }

// Update takes a key: tab, shift+tab, up and down move, enter goes on and
// submits from the last field, everything else belongs to the field.
func (f *Form) Update(msg tea.KeyPressMsg) FormEvent {
	if len(f.Fields) == 0 {
		return FormIgnored
	}
	switch msg.String() {
	case "tab", "down":
		f.leave(1)
	case "shift+tab", "up":
		f.leave(-1)
	case "enter":
		return f.enter()
	default:
		return f.edit(func(in *Input) bool { return in.Update(msg) })
	}
	return FormEdited
}

// Paste puts pasted text into the field with the cursor.
func (f *Form) Paste(s string) FormEvent {
	if len(f.Fields) == 0 {
		return FormIgnored
	}
	f.edit(func(in *Input) bool { return in.Insert(s) })
	return FormEdited
}

func (f *Form) edit(change func(*Input) bool) FormEvent {
	field := &f.Fields[f.at()]
	before := field.Input.Len()
	if !change(&field.Input) {
		return FormIgnored
	}
	if field.Input.Len() != before {
		field.Problem = "" // it spoke about another value
	}
	return FormEdited
}

// leave moves the focus. Going on checks the field that is left; going back
// does not, and neither does leaving an empty field.
func (f *Form) leave(by int) {
	at := f.at()
	if by > 0 && f.Fields[at].Input.Len() > 0 {
		f.check(at)
	}
	n := len(f.Fields)
	f.focus = (at + by + n) % n
}

func (f *Form) enter() FormEvent {
	at := f.at()
	if !f.check(at) {
		return FormEdited
	}
	if at < len(f.Fields)-1 {
		f.focus = at + 1
		return FormEdited
	}
	if !f.Validate() {
		return FormEdited
	}
	return FormSubmitted
}

// Validate checks every field, puts the cursor into the first that is wrong,
// and reports whether all are right.
func (f *Form) Validate() bool {
	wrong := -1
	for i := len(f.Fields) - 1; i >= 0; i-- {
		if !f.check(i) {
			wrong = i
		}
	}
	if wrong >= 0 {
		f.focus = wrong
	}
	return wrong < 0
}

func (f *Form) check(i int) bool {
	field := &f.Fields[i]
	if field.Check == nil {
		return true
	}
	field.Problem = field.Check(field.Input.Value())
	return field.Problem == ""
}
