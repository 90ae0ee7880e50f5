package core

import (
	"context"
	"slices"
	"strconv"
	"sync"

	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// List reads one page of people in a state from one directory, as far as they are in the operator's scope; a page of a narrow scope may have
// fewer rows than were asked for. A page is recorded. CodeDenied, CodeNotFound, CodeInvalid, CodeUnavailable.
func (d *Desk) List(ctx context.Context, actor Actor, directory string, q ListQuery) (Page, error) {
	o, err := d.allow(ctx, actor, rbac.Find)
	if err != nil {
		return Page{}, err
	}
	dir, err := d.directory(directory)
	if err != nil {
		return Page{}, err
	}
	if !o.Scope.Covers(directory) {
		return Page{}, outOfScope()
	}
	page, err := d.listWithin(ctx, o, dir, q)
	if err != nil {
		return Page{}, err
	}
	rec := d.base(actor, o, KindLook, "account.list", "")
	rec.Detail = map[string]string{"state": string(q.State), "directory": directory}
	d.Trail.Note(rec)
	return page, nil
}

// listWithin reads on until there is somebody in the operator's scope, or the list ends.
func (d *Desk) listWithin(ctx context.Context, o Operator, dir Directory, q ListQuery) (Page, error) {
	for {
		page, err := dir.List(ctx, q)
		if err != nil || !o.Scope.narrow() {
			return page, err
		}
		page.Total = -1 // how many there are outside is not told
		page.Rows, err = within(ctx, d, o, page.Rows, func(r ListRow) (AccountID, string) { return r.ID, r.Place })
		if err != nil || len(page.Rows) > 0 || page.Next == "" {
			return page, err
		}
		q.Cursor = page.Next
	}
}

// CaseView selects which cases an operator wants to see.
type CaseView string

// The views of the cases.
const (
	CasesMine    CaseView = "mine"
	CasesWaiting CaseView = "waiting"
	CasesClosed  CaseView = "closed"
)

// ListCases lists the operator's open cases, the ones that wait for one of their roles, or the ones they closed. CodeDenied.
func (d *Desk) ListCases(ctx context.Context, actor Actor, v CaseView) ([]Case, error) {
	o, err := d.allow(ctx, actor, rbac.CaseWork)
	if err != nil {
		return nil, err
	}
	switch v {
	case CasesWaiting:
		return d.waiting(ctx, o)
	case CasesClosed:
		return d.Cases.ListCases(ctx, CaseFilter{Status: []CaseStatus{CaseClosed}, HandledBy: o.ID})
	case CasesMine:
		return d.Cases.ListCases(ctx, CaseFilter{Status: []CaseStatus{CaseOpen}, AssignedTo: o.ID})
	default:
		return nil, Fail(CodeInvalid, sentence.Of("error.unknown_view"))
	}
}

// CaseOf reads one case: one's own, one that waits for one's role, or any for those who may read the whole trail. CodeDenied, CodeNotFound.
func (d *Desk) CaseOf(ctx context.Context, actor Actor, number int64) (Case, []Evidence, error) {
	o, err := d.allow(ctx, actor, rbac.CaseWork)
	if err != nil {
		return Case{}, nil, err
	}
	c, err := d.Cases.Case(ctx, number)
	if err != nil {
		return Case{}, nil, err
	}
	all := d.rules.Load().authz.Decide(rbac.Request{Subject: o.Subject(), Permission: rbac.TrailAll}).Allowed
	if !all && !involves(c, o) && !d.waitsFor(ctx, c, o) {
		return Case{}, nil, Fail(CodeDenied, sentence.Of("case.of_colleague", sentence.Count("case", int(number))))
	}
	evidence, err := d.Proofs.EvidenceOf(ctx, number)
	return c, evidence, err
}

// involves reports whether the operator had the case in hands.
func involves(c Case, o Operator) bool {
	return c.OpenedBy == o.ID || c.AssignedTo == o.ID || c.Handoff.By == o.ID || c.Handoff.TakenBy == o.ID
}

// waitsFor reports whether the operator could take the case.
func (d *Desk) waitsFor(ctx context.Context, c Case, o Operator) bool {
	return c.Status == CaseWaiting && slices.Contains(o.Roles, c.Handoff.To) && len(d.casesWithin(ctx, o, []Case{c})) == 1
}

// ReadTrail lists records as far as the operator's roles reach: all, those of cases they handled, or their own. Reading is recorded.
// CodeDenied.
func (d *Desk) ReadTrail(ctx context.Context, actor Actor, f TrailFilter) ([]Record, error) {
	o, err := d.operator(ctx, actor)
	if err != nil {
		return nil, err
	}
	authz := d.rules.Load().authz
	may := func(p rbac.Permission) bool {
		return authz.Decide(rbac.Request{Subject: o.Subject(), Permission: p}).Allowed
	}
	switch {
	case may(rbac.TrailAll):
	case may(rbac.TrailHanded):
		f.Operator, f.Cases = o.ID, o.ID
	case may(rbac.TrailOwn):
		f.Operator, f.Cases = o.ID, ""
	default:
		_, err := d.allow(ctx, actor, rbac.TrailOwn)
		return nil, err
	}
	rec := d.base(actor, o, KindLook, "trail.read", "")
	rec.Case, rec.Subject = f.Case, f.Account
	d.Trail.Note(rec)
	return d.Trail.Records(ctx, f)
}

// WhoAmI reads the operator and what they may do. CodeDenied.
func (d *Desk) WhoAmI(ctx context.Context, actor Actor) (Operator, map[rbac.Permission]rbac.Decision, error) {
	o, err := d.operator(ctx, actor)
	if err != nil {
		return Operator{}, nil, err
	}
	out := map[rbac.Permission]rbac.Decision{}
	for _, p := range rbac.Permissions() {
		out[p] = d.rules.Load().authz.Decide(rbac.Request{Subject: o.Subject(), Permission: p})
	}
	return o, out, nil
}

// Available lists the operators with a role who are signed in now.
func (d *Desk) Available(ctx context.Context, r rbac.Role) []string {
	return d.signedIn(ctx, r, func(Operator) bool { return true })
}

// Health asks everything the desk depends on, side by side, and says whether changes are possible. Everybody signed in may ask.
func (d *Desk) Health(ctx context.Context) []Health {
	var asks []probe
	for _, dir := range d.Directories {
		asks = append(asks, probe{dir.Name(), "directory", dir.Probe})
	}
	for i, dep := range d.Dependencies {
		asks = append(asks, probe{"dependency " + strconv.Itoa(i+1), "dependency", dep.Health})
	}
	out := make([]Health, len(asks))
	var all sync.WaitGroup
	for i, p := range asks {
		all.Go(func() { out[i] = d.probe(ctx, p) }) // ends with the answer, which comes soon after ctx ends
	}
	all.Wait()
	trail := Health{Name: "trail", Kind: "trail", Level: Green, Said: sentence.Of("health.trail_ok"), At: d.Clock.Now()}
	if d.Degraded() {
		trail.Level, trail.Said = Red, sentence.Of("health.trail_down")
	}
	return append(out, trail)
}

// probe is one thing to ask how it is.
type probe struct {
	name, kind string // for when it cannot say
	ask        func(context.Context) Health
}

// probe asks; what panics is red and harms nobody else.
func (d *Desk) probe(ctx context.Context, p probe) (h Health) {
	err := d.take(ctx, "health", func(ctx context.Context) error {
		h = p.ask(ctx)
		return nil
	})
	if err != nil {
		return Health{Name: p.name, Kind: p.kind, Level: Red, Said: sentence.Of("error.internal_before"), At: d.Clock.Now()}
	}
	return h
}
