package account

import (
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// sections are everything else that is known, in the order in which one asks for it.
func (c *Card) sections() kit.Block {
	label := c.env.Label
	return &kit.Sections{Theme: c.env.Theme, Items: []kit.Section{
		{Title: label("card.state"), Body: c.state()},
		{Title: label("card.methods"), Body: c.methods(), Place: kit.PlaceRight},
		{Title: label("card.signals"), Body: c.signals(), Place: kit.PlaceRight},
		{Title: label("card.recent"), Body: c.recent(), Place: kit.PlaceWide},
		{Title: label("card.rules"), Body: c.rules()},
		{Title: label("card.groups"), Body: c.groups(), Place: kit.PlaceRight},
	}}
}

// state is what the directory enforces at sign-in. While it is read, every place is kept.
func (c *Card) state() kit.Block {
	labels := []string{"card.account", "card.sign_in", "card.password", "card.must_change", "card.last_seen"}
	var values []kit.Cell
	if c.read != nil {
		st := c.read.card.Account.State
		values = []kit.Cell{c.enabled(st), c.signIn(st), c.password(st), c.mustChange(st), c.lastSeen()}
	}
	out := &kit.Columns{Theme: c.env.Theme}
	for i, l := range labels {
		p := kit.Pair{Label: c.env.Label(l), Pending: c.read == nil, Lines: 2}
		if c.read != nil {
			p.Value = values[i]
		}
		out.Pairs = append(out.Pairs, p)
	}
	return out
}

func (c *Card) enabled(st core.State) kit.Cell {
	date := sentence.Word("date", c.env.Text().Date(st.AccountExpires))
	switch {
	case !st.Enabled:
		return kit.Cell{Text: c.env.Label("card.disabled"), State: theme.StateOff}
	case st.AccountExpired:
		return kit.Cell{Text: c.env.Say(sentence.Of("card.account_expired", date)), State: theme.StateBad}
	case !st.AccountExpires.IsZero():
		return kit.Cell{Text: c.env.Say(sentence.Of("card.enabled_until", date))}
	default:
		return kit.Cell{Text: c.env.Label("card.enabled")}
	}
}

func (c *Card) signIn(st core.State) kit.Cell {
	switch {
	case st.Locked && st.UnlocksAt.IsZero():
		return kit.Cell{Text: c.env.Label("card.locked"), State: theme.StateBad}
	case st.Locked:
		return kit.Cell{Text: c.env.Say(sentence.Of("card.locked_until", sentence.Time("until", st.UnlocksAt))), State: theme.StateBad}
	case st.WrongPasswords > 0:
		return kit.Cell{Text: c.env.Say(sentence.Of("card.wrong", sentence.Count("count", st.WrongPasswords)))}
	default:
		return kit.Cell{Text: c.env.Label("card.not_locked_word")}
	}
}

func (c *Card) password(st core.State) kit.Cell {
	set := sentence.Word("set", c.env.Text().DateOrTime(st.PasswordSet))
	expires := sentence.Word("expires", c.env.Text().DateOrTime(st.PasswordExpires))
	switch {
	case st.PasswordExpired && st.PasswordExpires.IsZero():
		return kit.Cell{Text: c.env.Label("row.expired"), State: theme.StateBad}
	case st.PasswordExpired:
		return kit.Cell{Text: c.env.Say(sentence.Of("card.password_expired", expires)), State: theme.StateBad}
	case st.PasswordSet.IsZero() && st.PasswordExpires.IsZero():
		return kit.Cell{Text: c.env.Label("word.not_known"), Token: theme.Dim}
	case st.PasswordExpires.IsZero():
		return kit.Cell{Text: c.env.Say(sentence.Of("card.password_set", set))}
	case st.PasswordSet.IsZero():
		return kit.Cell{Text: c.env.Say(sentence.Of("card.password_expires", expires))}
	default:
		return kit.Cell{Text: c.env.Say(sentence.Of("card.password_set_expires", set, expires))}
	}
}

func (c *Card) mustChange(st core.State) kit.Cell {
	if st.MustChange {
		return kit.Cell{Text: c.env.Label("card.at_next_sign_in"), State: theme.StateWarn}
	}
	return kit.Cell{Text: c.env.Label("word.no")}
}

func (c *Card) lastSeen() kit.Cell {
	if at := c.read.card.Account.LastSeen; !at.IsZero() {
		return kit.Cell{Text: c.env.Text().Time(at)}
	}
	return kit.Cell{Text: c.env.Label("word.not_known"), Token: theme.Dim}
}

// signals are the things to be careful about: other people of this name, what else is wrong, colleagues at work, what could not be read.
func (c *Card) signals() kit.Block {
	out := &noteList{theme: c.env.Theme}
	if c.read == nil {
		out.notes = []note{c.pending()}
		return out
	}
	for _, p := range c.same.other {
		s := sentence.Of("card.same_name", sentence.Text("login", p.Login), sentence.Text("department", p.Department))
		out.notes = append(out.notes, note{state: theme.StateWarn, text: c.env.Say(s)})
	}
	for _, s := range c.warnings() {
		out.notes = append(out.notes, note{state: theme.StateWarn, text: c.env.Say(s)})
	}
	for _, k := range c.read.card.Cases {
		state := theme.StateWarn
		if k.AssignedTo == c.env.Actor.OperatorID {
			state = theme.StateGood
		}
		out.notes = append(out.notes, note{state: state, text: c.env.Say(c.caseSignal(k))})
	}
	switch {
	case !c.same.known:
		out.notes = append(out.notes, c.pending())
	case len(out.notes) == 0:
		out.notes = []note{{token: theme.Dim, text: c.env.Label("word.none")}}
	}
	return out
}

// pending keeps the place of something that has been asked for.
func (c *Card) pending() note {
	return note{token: theme.Placeholder, text: c.env.Theme.Glyphs().Ellipsis}
}

func (c *Card) warnings() []sentence.Sentence {
	card := &c.read.card
	var said []sentence.Sentence
	if !card.LockedFor.IsZero() {
		said = append(said, sentence.Of("card.verify_locked", sentence.Time("until", card.LockedFor)))
	}
	for i, f := range card.Diagnosis.Findings {
		if (i > 0 || len(card.Open) > 0) && f.Code != "no_usable_method" {
			said = append(said, f.Said)
		}
	}
	return append(said, card.Account.Notes...)
}

func (c *Card) caseSignal(k core.Case) sentence.Sentence {
	number := sentence.Count("case", int(k.Number))
	switch {
	case k.Status == core.CaseWaiting:
		return sentence.Of("card.case_waits", number, sentence.Word("who", phrase.Role(c.env, k.Handoff.To)))
	case k.AssignedTo == c.env.Actor.OperatorID:
		return sentence.Of("card.case_yours", number, sentence.Time("at", k.OpenedAt))
	default:
		return sentence.Of("card.case_of", number, sentence.Word("name", c.read.names[k.AssignedTo]))
	}
}

// recent is what happened to the account lately, newest first.
func (c *Card) recent() kit.Block {
	t := &kit.Table{Theme: c.env.Theme, Static: true, Empty: c.env.Label("word.none"), Columns: []kit.Column{
		{Min: 7}, {Min: 24, Flex: 2}, {Min: 12, Flex: 1, Max: 24}, {Min: 9, Max: 16, Align: kit.AlignRight, Priority: 1},
	}}
	if c.read == nil {
		t.Loading = c.env.Label("card.reading")
		return t
	}
	var rows rowsOf
	for _, r := range c.read.card.Recent {
		ref := r.Ticket
		if ref == "" && r.Case != 0 {
			ref = c.env.Say(sentence.Of("card.case_number", sentence.Count("case", int(r.Case))))
		}
		rows = append(rows, []kit.Cell{
			{Text: c.env.Text().DateOrTime(r.At), Token: theme.Dim},
			phrase.Record(c.env, r),
			{Text: c.read.names[r.Actor.OperatorID]},
			{Text: ref, Token: theme.Dim},
		})
	}
	t.Rows = rows
	return t
}

// rules is the password policy in effect, in words.
func (c *Card) rules() kit.Block {
	out := &noteList{theme: c.env.Theme}
	if c.read == nil {
		out.notes = []note{c.pending()}
		return out
	}
	p := c.read.card.Account.Policy
	add := func(hit bool, id string, fields ...sentence.Field) {
		if hit {
			out.notes = append(out.notes, note{text: c.env.Say(sentence.Of(id, fields...))})
		}
	}
	add(!p.Name.IsZero(), "card.rule.name", sentence.Text("name", p.Name))
	add(p.MinLength > 0, "card.rule.length", sentence.Count("n", p.MinLength))
	add(p.MinClasses > 1, "card.rule.classes", sentence.Count("n", p.MinClasses))
	add(p.NamesBanned, "card.rule.names")
	add(p.History > 0, "card.rule.history", sentence.Count("n", p.History))
	add(p.MinAge > 0, "card.rule.min_age", sentence.Span("age", p.MinAge))
	add(p.MaxAge > 0, "card.rule.max_age", sentence.Span("age", p.MaxAge))
	add(p.LockAfter > 0 && p.LockFor > 0, "card.rule.lock", sentence.Count("n", p.LockAfter), sentence.Span("for", p.LockFor))
	add(p.LockAfter > 0 && p.LockFor == 0, "card.rule.lock_for_good", sentence.Count("n", p.LockAfter))
	switch {
	case !p.Known:
		out.notes = []note{{token: theme.Dim, text: c.env.Label("word.not_known")}}
	case len(out.notes) == 0:
		out.notes = []note{{token: theme.Dim, text: c.env.Label("word.none")}}
	}
	return out
}

// groups are administrator roles, groups (nearest first), and what else names the person.
func (c *Card) groups() kit.Block {
	out := &kit.Columns{Theme: c.env.Theme}
	add := func(label string, lines int, v kit.Cell) {
		out.Pairs = append(out.Pairs, kit.Pair{Label: c.env.Label(label), Value: v, Lines: lines, Pending: c.read == nil})
	}
	if c.read == nil {
		add("card.roles", 1, kit.Cell{})
		add("card.member_of", 1, kit.Cell{})
		return out
	}
	a := &c.read.card.Account
	var roles []string
	for _, r := range a.Roles {
		roles = append(roles, string(r))
	}
	add("card.roles", 2, c.listed(roles))
	add("card.member_of", 6, c.listed(c.groupNames()))
	if !a.UPN.IsZero() {
		add("card.user_name", 2, kit.Cell{Text: a.UPN.String()})
	}
	if !a.Office.IsZero() {
		add("card.office", 2, kit.Cell{Text: a.Office.String()})
	}
	return out
}

// maxGroups is how many groups a card names.
const maxGroups = 20

func (c *Card) groupNames() []string {
	all := c.read.card.Account.Groups
	var out []string
	for _, g := range all[:min(len(all), maxGroups)] {
		out = append(out, g.Name.String())
	}
	if more := len(all) - maxGroups; more > 0 {
		out = append(out, c.env.Say(sentence.Of("word.more", sentence.Count("count", more))))
	}
	return out
}

func (c *Card) listed(names []string) kit.Cell {
	if len(names) == 0 {
		return kit.Cell{Text: c.env.Label("word.none"), Token: theme.Dim}
	}
	return kit.Cell{Text: joined(names...)}
}
