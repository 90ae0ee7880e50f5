package trail

import (
	"maps"
	"slices"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// detailWidth is the width of the pane of one record beside the list, detailHeight its height below it, in cells and lines.
const (
	detailWidth  = 48
	detailHeight = 7
)

// View implements screen.Screen: the records, and beside or below them everything the chosen one says.
func (t *Trail) View(w, h int) screen.Frame {
	var lines []string
	for _, b := range t.above() {
		lines = append(lines, b.View(w, b.Height(w))...)
	}
	lines = append(lines, "")
	if t.failed == nil && t.mayRead() {
		lines = append(lines, t.list(w, max(0, h-len(lines)))...)
	}
	return screen.Frame{Lines: kit.Clamp(lines, w, h)}
}

// above says whose records these are, and about whom.
func (t *Trail) above() []kit.Block {
	if t.failed != nil {
		return []kit.Block{phrase.Failure(t.env, t.failed)}
	}
	if !t.mayRead() {
		_, who := t.env.Allowed(rbac.TrailOwn)
		said := sentence.Of("trail.not_allowed", sentence.Word("who", who))
		return []kit.Block{&kit.Statement{Theme: t.env.Theme, State: theme.StateOff, Text: t.env.Say(said)}}
	}
	said := &kit.Lines{Theme: t.env.Theme, Lines: []kit.Line{kit.Styled(theme.Dim, t.env.Label(t.reach()))}}
	if about := t.aboutWhat(); about != "" {
		said.Lines = append(said.Lines, kit.Plain(about))
	}
	return []kit.Block{&t.kinds, said}
}

func (t *Trail) aboutWhat() string {
	kase := sentence.Count("case", int(t.about.Case))
	name := sentence.Word("name", t.aboutName())
	switch {
	case t.about == (screen.TrailParams{}):
		return ""
	case t.about.Account.IsZero():
		return t.env.Say(sentence.Of("trail.about_case", kase))
	case t.about.Case == 0:
		return t.env.Say(sentence.Of("trail.about", name))
	default:
		return t.env.Say(sentence.Of("trail.about_both", name, kase))
	}
}

// aboutName is the name of the account the records are about, as one of them says it.
func (t *Trail) aboutName() string {
	for i := range t.rows {
		if t.rows[i].Subject == t.about.Account && t.rows[i].Personal["name"] != "" {
			return phrase.Person(person(t.rows[i]))
		}
	}
	return untrusted.Sanitize(t.about.Account.String())
}

func (t *Trail) list(w, h int) []string {
	t.table.Empty, t.table.Loading, t.table.Note = t.env.Label("trail.nothing"), "", t.note()
	if !t.read {
		t.table.Loading = t.env.Label("trail.reading")
	}
	r, ok := t.selected()
	if !ok {
		return t.table.View(w, h)
	}
	detail := &kit.Columns{Theme: t.env.Theme, Pairs: t.detail(&r)}
	if kit.Pick(w, 24) == kit.LayoutWide {
		return (&kit.Split{Theme: t.env.Theme, Left: &t.table, Right: detail, LeftWidth: w - detailWidth - 1}).View(w, h)
	}
	below := min(detailHeight, h/2)
	lines := t.table.View(w, max(0, h-below-1))
	title := &kit.Lines{Theme: t.env.Theme, Lines: []kit.Line{kit.Styled(theme.Heading, t.env.Say(sentence.Of("trail.record", sentence.Count("seq", int(r.Seq)))))}}
	return slices.Concat(lines, []string{""}, title.View(w, min(1, below)), t.inTwo(detail.Pairs[1:], w, max(0, below-1)))
}

func (t *Trail) note() string {
	switch {
	case t.fresh:
		return t.env.Label("trail.fresh")
	case t.whole || !t.read:
		return ""
	case len(t.rows) >= maxRows:
		return t.env.Label("trail.too_long")
	default:
		return t.env.Label("trail.older")
	}
}

// inTwo draws pairs in two columns, the first half on the left.
func (t *Trail) inTwo(pairs []kit.Pair, w, h int) []string {
	half := (len(pairs) + 1) / 2
	left, right := &kit.Columns{Theme: t.env.Theme, Pairs: pairs[:half]}, &kit.Columns{Theme: t.env.Theme, Pairs: pairs[half:]}
	return (&kit.Sections{Theme: t.env.Theme, Items: []kit.Section{{Body: left}, {Body: right, Place: kit.PlaceRight}}}).View(w, h)
}

// detail is everything one record says, without what is empty.
func (t *Trail) detail(r *core.Record) []kit.Pair {
	var out []kit.Pair
	add := func(label, value string) {
		if value != "" {
			out = append(out, kit.Pair{Label: t.env.Label("trail.field." + label), Value: kit.Cell{Text: value}, Lines: 2})
		}
	}
	add("record", t.env.Text().Number(int(r.Seq)))
	add("when", t.env.Text().Moment(r.At))
	add("who", joined(", ", t.who(r), roles(r.Roles)))
	add("from", joined(", ", r.Desk, r.Actor.Source))
	add("what", strings.TrimSpace(phrase.Record(t.env, *r).Text))
	if !r.Subject.IsZero() {
		add("about", joined(" ", subject(t.env, r), login(r)))
	}
	if r.Case != 0 {
		add("case", joined(", ", t.env.Text().Number(int(r.Case)), untrusted.Sanitize(r.Ticket)))
	}
	if r.Reason == string(r.Class) {
		add("class", string(r.Class))
	} else {
		add("class", joined(", ", string(r.Class), r.Reason))
	}
	add("proof", r.Assurance)
	add("code", string(r.Code))
	add("sent", untrusted.Sanitize(r.Personal["sent_to"]))
	add("reason", untrusted.Sanitize(r.Personal["reason"]))
	for _, k := range slices.Sorted(maps.Keys(r.Detail)) {
		out = append(out, kit.Pair{Label: untrusted.Sanitize(k), Value: kit.Cell{Text: untrusted.Sanitize(r.Detail[k])}, Lines: 2})
	}
	add("operation", r.Operation)
	add("settings", r.Policy)
	return out
}

func login(r *core.Record) string {
	if l := r.Personal["login"]; l != "" {
		return "(" + untrusted.Sanitize(l) + ")"
	}
	return ""
}

func roles(list []rbac.Role) string {
	names := make([]string, 0, len(list))
	for _, r := range list {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// joined puts a separator between the parts that are there.
func joined(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), separator)
}
