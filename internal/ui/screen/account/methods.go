package account

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// methods are the registered methods: kind, masked value, and since when, or why it cannot be used.
func (c *Card) methods() kit.Block {
	switch {
	case c.read == nil:
		return &noteList{theme: c.env.Theme, notes: []note{c.pending()}}
	case len(c.read.card.Account.Methods) == 0:
		return &noteList{theme: c.env.Theme, notes: []note{{state: theme.StateOff, token: theme.Dim, text: c.env.Label("card.no_method_word")}}}
	default:
		return &methodList{env: c.env, list: sorted(c.read.card.Account.Methods)}
	}
}

// sorted puts what can be used first, and what proves most before the rest.
func sorted(list []core.Method) []core.Method {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b core.Method) int { return cmp.Or(unusable(a)-unusable(b), weight(a.Kind)-weight(b.Kind)) })
	return out
}

func unusable(m core.Method) int {
	if m.Usable {
		return 0
	}
	return 1
}

func weight(k core.MethodKind) int {
	return slices.Index([]core.MethodKind{
		core.MethodTOTP, core.MethodAlternate, core.MethodMail, core.MethodMobile, core.MethodOfficePhone, core.MethodSecurityKeys,
	}, k)
}

// methodList draws one method per line; a note that does not fit stands on a line of its own below.
type methodList struct {
	env  *screen.Env
	list []core.Method
}

// method is one line in the making.
type method struct {
	kind, masked, note string
	usable             bool
}

// indent is where the kind begins: behind margin and glyph, in cells.
const indent = kit.Margin + 2

func (l *methodList) method(m core.Method) method {
	out := method{kind: phrase.Kind(l.env, m.Kind), masked: m.Masked(), usable: m.Usable}
	switch {
	case !m.Usable:
		out.note = why(l.env, m.Why)
	case !m.RegisteredAt.IsZero():
		out.note = l.env.Text().Date(m.RegisteredAt)
	}
	return out
}

// why is a reason in two or three words where the catalogue has them, else the sentence.
func why(env *screen.Env, s sentence.Sentence) string {
	short := "card.why." + strings.TrimPrefix(s.ID, "method.")
	if _, ok := text.Fields(text.English, short); ok {
		return env.Label(short)
	}
	return env.Say(s)
}

// kinds is the width of the column of kinds that have a value beside them.
func (l *methodList) kinds() int {
	n := 0
	for _, m := range l.list {
		if m.Masked() != "" {
			n = max(n, theme.Width(phrase.Kind(l.env, m.Kind)))
		}
	}
	return n
}

// width is the cells of a line without its note.
func (m method) width(kinds int) int {
	if m.masked == "" {
		return indent + theme.Width(m.kind)
	}
	return indent + kinds + 2 + theme.Width(m.masked)
}

// fits reports whether the note stands on the same line. A date that does not fit is left out; a reason goes below.
func (m method) fits(w, kinds int) bool {
	return m.width(kinds)+2+theme.Width(m.note) <= w-kit.Margin
}

// Height implements kit.Block.
func (l *methodList) Height(w int) int {
	kinds, h := l.kinds(), 0
	for _, one := range l.list {
		m := l.method(one)
		h++
		if !m.usable && !m.fits(w, kinds) {
			h += len(theme.Wrap(m.note, w-indent-kit.Margin))
		}
	}
	return h
}

// View implements kit.Block.
func (l *methodList) View(w, h int) []string {
	p := theme.NewPen(l.env.Theme, w, h)
	kinds := l.kinds()
	for _, one := range l.list {
		if p.Full() {
			break
		}
		l.draw(p, l.method(one), kinds)
	}
	return p.Lines()
}

func (l *methodList) draw(p *theme.Pen, m method, kinds int) {
	state, token := theme.StateGood, theme.Text
	if !m.usable {
		state, token = theme.StateOff, theme.Dim
	}
	glyph, mark := l.env.Theme.Mark(state)
	p.Skip(kit.Margin)
	p.Put(mark, glyph)
	p.To(indent)
	if m.masked == "" {
		p.Put(token, m.kind)
	} else {
		p.Fit(theme.Dim, m.kind, kinds)
		p.Skip(2)
		p.Put(token, m.masked)
	}
	fits := m.note != "" && m.fits(p.Width(), kinds)
	if fits {
		p.To(p.Width() - kit.Margin - theme.Width(m.note))
		p.Put(theme.Dim, m.note)
	}
	p.Newline()
	if fits || m.usable {
		return
	}
	for _, line := range theme.Wrap(m.note, p.Width()-indent-kit.Margin) {
		p.To(indent)
		p.Put(theme.Dim, line)
		p.Newline()
	}
}
