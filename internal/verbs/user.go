package verbs

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"strconv"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// account finds the one account meant by a word; two are an error that lists them.
func (c *call) account(ctx context.Context, name untrusted.Text) (core.AccountID, error) {
	id, all, err := c.Desk.Resolve(ctx, c.Actor, name)
	if core.CodeOf(err) == core.CodeConflict {
		matches := make([]string, 0, len(all))
		for _, one := range all {
			matches = append(matches, one.String())
		}
		c.matches = matches
		e := core.AsError(err)
		said := sentence.Of("verb.matches", sentence.Nested("why", e.Said), sentence.Word("list", strings.Join(matches, ", ")))
		return id, core.Fail(core.CodeConflict, said)
	}
	return id, err
}

// personFields is a person in JSON.
type personFields struct {
	ID          string         `json:"id"`
	Directory   string         `json:"directory"`
	Login       untrusted.Text `json:"login"`
	DisplayName untrusted.Text `json:"display_name"`
	Department  untrusted.Text `json:"department"`
}

func person(p core.Person) personFields {
	return personFields{p.ID.String(), p.ID.Directory, p.Login, p.DisplayName, p.Department}
}

type foundFields struct {
	personFields
	State    core.RowState `json:"state"`
	SameName bool          `json:"same_name"`
}

type searchFields struct {
	Results     []foundFields `json:"results"`
	More        bool          `json:"more"`
	Unavailable []string      `json:"unavailable"`
}

func userSearch(ctx context.Context, c *call) (output, error) {
	var last core.SearchResult
	if err := c.Desk.Search(ctx, c.Actor, c.args.text(), func(r core.SearchResult) { last = r }); err != nil {
		return output{}, err
	}
	f := searchFields{Results: []foundFields{}, More: last.More, Unavailable: []string{}}
	out := output{}
	for _, r := range last.Rows {
		f.Results = append(f.Results, foundFields{person(r.Person), r.State, r.SameName})
		out.lines = append(out.lines, strings.Join([]string{
			r.ID.Directory + ":" + r.Login.String(), r.DisplayName.String(), r.Department.String(), c.say("row." + string(r.State)),
		}, "\t"))
	}
	if last.More {
		out.lines = append(out.lines, c.say("verb.more", sentence.Count("rows", len(last.Rows))))
	}
	if len(last.Rows) == 0 {
		out.lines = append(out.lines, c.say("search.nobody", sentence.Text("name", c.args.text())))
	}
	for _, s := range last.Sources {
		if s.Status == core.SourceDown {
			f.Unavailable = append(f.Unavailable, s.Directory)
			out.lines = append(out.lines, s.Directory+": "+c.Text.Say(s.Said))
		}
	}
	out.fields = f
	return out, nil
}

type stateFields struct {
	Enabled           bool   `json:"enabled"`
	Locked            bool   `json:"locked"`
	Expired           bool   `json:"expired"`
	MustChange        bool   `json:"must_change"`
	AccountExpired    bool   `json:"account_expired"`
	LockedSince       string `json:"locked_since"`
	UnlocksAt         string `json:"unlocks_at"`
	WrongPasswords    int    `json:"wrong_passwords"`
	PasswordSetAt     string `json:"password_set_at"`
	PasswordExpiresAt string `json:"password_expires_at"`
}

type methodFields struct {
	ID           string `json:"id"`
	Kind         string `json:"kind"`
	Masked       string `json:"masked"`
	RegisteredAt string `json:"registered_at"`
	Usable       bool   `json:"usable"`
	Reason       string `json:"reason"`
}

type userFields struct {
	personFields
	Mail        string         `json:"mail"` // masked
	Title       untrusted.Text `json:"title"`
	Manager     untrusted.Text `json:"manager"`
	Origin      core.Origin    `json:"origin"`
	State       stateFields    `json:"state"`
	Roles       []string       `json:"roles"`
	Groups      []string       `json:"groups"`
	Class       string         `json:"class"`
	ClassReason string         `json:"class_reason"`
	Methods     []methodFields `json:"methods"`
	Headline    string         `json:"headline"`
	NextAction  string         `json:"next_action"`
	LastSeen    string         `json:"last_sign_in"`
	Version     string         `json:"version"`
}

func userShow(ctx context.Context, c *call) (output, error) {
	id, err := c.account(ctx, c.args.text())
	if err != nil {
		return output{}, err
	}
	card, err := c.Desk.Card(ctx, c.Actor, id)
	if err != nil {
		return output{}, err
	}
	f := c.user(card)
	return output{fields: f, lines: c.userLines(card, f)}, nil
}

func (c *call) user(card core.Card) userFields {
	a, st := card.Account, card.Account.State
	f := userFields{
		personFields: person(a.Person), Title: a.Title, Manager: a.Manager.DisplayName, Origin: a.Origin,
		State: stateFields{
			st.Enabled, st.Locked, st.PasswordExpired, st.MustChange, st.AccountExpired, moment(st.LockedSince), moment(st.UnlocksAt),
			st.WrongPasswords, moment(st.PasswordSet), moment(st.PasswordExpires),
		},
		Roles: []string{}, Groups: []string{}, Methods: []methodFields{}, Class: string(card.Class.Class), ClassReason: string(card.Class.Reason),
		Headline: c.Text.Say(card.Diagnosis.Headline), LastSeen: moment(a.LastSeen), Version: a.Version,
	}
	if !a.Contacts.Mail.IsZero() {
		f.Mail = core.MaskMail(a.Contacts.Mail.Raw())
	}
	for _, r := range a.Roles {
		f.Roles = append(f.Roles, string(r))
	}
	for _, g := range a.Groups {
		f.Groups = append(f.Groups, g.Name.String())
	}
	for _, m := range a.Methods {
		f.Methods = append(f.Methods, c.method(m))
	}
	if len(card.Diagnosis.Next) > 0 {
		f.NextAction = c.Text.Say(card.Diagnosis.Next[0].Said)
	}
	return f
}

func (c *call) method(m core.Method) methodFields {
	return methodFields{m.ID, string(m.Kind), m.Masked(), moment(m.RegisteredAt), m.Usable, c.Text.Say(m.Why)}
}

func (c *call) userLines(card core.Card, f userFields) []string {
	a := card.Account
	lines := []string{
		f.Headline, c.Text.Say(card.Diagnosis.Help), c.say("verb.next", sentence.Word("action", f.NextAction)), "",
		a.DisplayName.String() + "  " + a.Login.String() + "  " + f.ID,
		a.Title.String() + ", " + a.Department.String(),
		c.Text.Say(core.WhyClass(card.Class)),
	}
	for _, m := range f.Methods {
		usable := c.Text.Label("method.usable")
		if !m.Usable {
			usable = m.Reason
		}
		lines = append(lines, strings.Join([]string{c.Text.Label("method.kind." + m.Kind), m.Masked, usable}, "\t"))
	}
	return lines
}

type listedFields struct {
	personFields
	State core.RowState `json:"state"`
	Since string        `json:"since"`
}

type listFields struct {
	Total       int            `json:"total"`
	Results     []listedFields `json:"results"`
	Unavailable []string       `json:"unavailable"` // directories the list could not be read from to the end
}

// userList reads a list to its end, of every directory in the operator's scope or of the one that is named. A directory that does not answer
// does not keep the others back; what could be read is printed, and the error after it.
func userList(ctx context.Context, c *call) (output, error) {
	q, err := c.listQuery()
	if err != nil {
		return output{}, err
	}
	names, err := c.listedDirectories(ctx)
	if err != nil {
		return output{}, err
	}
	f := listFields{Results: []listedFields{}, Unavailable: []string{}}
	var failed error
	for _, name := range names {
		if err := c.readList(ctx, name, q, &f); err != nil {
			f.Unavailable = append(f.Unavailable, name)
			failed = cmp.Or(failed, err)
		}
	}
	if failed != nil && len(f.Unavailable) == len(names) {
		return output{}, failed
	}
	f.Total = len(f.Results)
	out, err := c.listed(f)
	return out, cmp.Or(failed, err)
}

// listedDirectories are the ones a list is read from: the one that is named, else those in the operator's scope.
func (c *call) listedDirectories(ctx context.Context) ([]string, error) {
	if only := c.args.flags["directory"]; only != "" {
		return []string{only}, nil
	}
	o, _, err := c.Desk.WhoAmI(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, dir := range c.Desk.Directories {
		if o.Scope.Covers(dir.Name()) {
			names = append(names, dir.Name())
		}
	}
	return names, nil
}

// readList adds the rows of one directory, page by page.
func (c *call) readList(ctx context.Context, directory string, q core.ListQuery, f *listFields) error {
	for {
		page, err := c.Desk.List(ctx, c.Actor, directory, q)
		if err != nil {
			return err
		}
		for _, r := range page.Rows {
			f.Results = append(f.Results, listedFields{person(r.Person), r.State, moment(r.Since)})
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return nil
		}
	}
}

func (c *call) listQuery() (core.ListQuery, error) {
	q := core.ListQuery{State: core.ListState(c.args.flags["state"]), Days: 14, Limit: 500}
	if days := c.args.flags["days"]; days != "" {
		n, err := strconv.Atoi(days)
		if err != nil || n < 1 || n > 3650 {
			return q, core.Fail(core.CodeInvalid, sentence.Of("verb.not_a_number", sentence.Text("word", untrusted.New(days))))
		}
		q.Days = n
	}
	for _, s := range core.ListStates() {
		if s == q.State {
			return q, nil
		}
	}
	return q, core.Fail(core.CodeInvalid, sentence.Of("verb.usage", sentence.Word("usage", c.verb.usage())))
}

// listed writes CSV at once, or returns the lines.
func (c *call) listed(f listFields) (output, error) {
	if c.args.on("csv") {
		w := csv.NewWriter(c.Out)
		err := w.Write([]string{"id", "login", "display_name", "department", "state", "since"})
		for _, r := range f.Results {
			err = errors.Join(err, w.Write([]string{r.ID, r.Login.CSVCell(), r.DisplayName.CSVCell(), r.Department.CSVCell(), string(r.State), r.Since}))
		}
		w.Flush()
		return output{}, errors.Join(err, w.Error())
	}
	out := output{fields: f}
	for _, r := range f.Results {
		out.lines = append(out.lines, strings.Join([]string{r.Directory + ":" + r.Login.String(), r.DisplayName.String(), r.Department.String(), r.Since}, "\t"))
	}
	out.lines = append(out.lines, c.say("verb.total", sentence.Count("total", f.Total)))
	for _, name := range f.Unavailable {
		out.lines = append(out.lines, c.say("verb.not_read", sentence.Word("directory", name)))
	}
	return out, nil
}
