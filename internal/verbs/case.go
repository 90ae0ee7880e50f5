package verbs

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

type caseFields struct {
	Case     int64            `json:"case"`
	Ticket   untrusted.Text   `json:"ticket"`
	User     personFields     `json:"user"`
	Status   core.CaseStatus  `json:"status"`
	OpenedBy string           `json:"opened_by"`
	Assigned string           `json:"assigned_to"`
	WaitsFor rbac.Role        `json:"waits_for"`
	Wanted   core.Verb        `json:"wanted"`
	Reason   untrusted.Text   `json:"reason"`
	Code     core.OutcomeCode `json:"code"`
	OpenedAt string           `json:"opened_at"`
	ClosedAt string           `json:"closed_at"`
	Evidence []evidenceFields `json:"evidence,omitempty"`
	Existing bool             `json:"existing,omitempty"`
}

type evidenceFields struct {
	ID        string        `json:"id"`
	Method    string        `json:"method"`
	Assurance core.Strength `json:"assurance"`
	ExpiresAt string        `json:"expires_at"`
	Spent     bool          `json:"spent"`
}

func caseOf(c core.Case) caseFields {
	return caseFields{
		Case: c.Number, Ticket: c.Ticket, User: person(c.Person), Status: c.Status, OpenedBy: c.OpenedBy, Assigned: c.AssignedTo,
		WaitsFor: c.Handoff.To, Wanted: c.Handoff.Wanted, Reason: c.Handoff.Reason, Code: c.Code,
		OpenedAt: moment(c.OpenedAt), ClosedAt: moment(c.ClosedAt),
	}
}

func (c *call) caseLine(k core.Case) string {
	return strings.Join([]string{
		strconv.FormatInt(k.Number, 10), c.Text.Label("case.status." + string(k.Status)), k.Person.Login.String(), k.Person.DisplayName.String(),
		k.Ticket.String(), string(k.Handoff.To), string(k.Code),
	}, "\t")
}

func caseOpen(ctx context.Context, c *call) (output, error) {
	id, err := c.account(ctx, c.args.text())
	if err != nil {
		return output{}, err
	}
	res, err := c.Desk.Perform(ctx, c.Actor, core.OpenCase{ID: c.NewID(), Account: id, Ticket: untrusted.New(c.args.flags["ticket"])})
	if err != nil {
		return output{}, err
	}
	f := caseOf(res.Case)
	f.Existing = res.Repeated
	return output{fields: f, lines: []string{c.say("verb.case_opened", sentence.Count("case", int(res.Case.Number)), sentence.Text("name", res.Case.Person.DisplayName))}}, nil
}

func caseShow(ctx context.Context, c *call) (output, error) {
	n, err := c.caseNumber()
	if err != nil {
		return output{}, err
	}
	kase, evidence, err := c.Desk.CaseOf(ctx, c.Actor, n)
	if err != nil {
		return output{}, err
	}
	f := caseOf(kase)
	lines := []string{c.caseLine(kase)}
	for _, e := range evidence {
		f.Evidence = append(f.Evidence, evidenceFields{e.ID, string(e.Kind), e.Strength, moment(e.ExpiresAt), !e.SpentAt.IsZero()})
		lines = append(lines, strings.Join([]string{string(e.Kind), string(e.Strength), c.Text.Moment(e.ExpiresAt)}, "\t"))
	}
	return output{fields: f, lines: lines}, nil
}

type casesFields struct {
	Cases []caseFields `json:"cases"`
}

func caseList(ctx context.Context, c *call) (output, error) {
	view := core.CaseView(c.args.flags["view"])
	if view == "" {
		view = core.CasesMine
	}
	return c.cases(ctx, view)
}

func (c *call) cases(ctx context.Context, view core.CaseView) (output, error) {
	list, err := c.Desk.ListCases(ctx, c.Actor, view)
	if err != nil {
		return output{}, err
	}
	f, lines := casesFields{Cases: []caseFields{}}, []string{}
	for _, k := range list {
		f.Cases = append(f.Cases, caseOf(k))
		lines = append(lines, c.caseLine(k))
	}
	if len(list) == 0 {
		lines = append(lines, c.say("verb.no_cases"))
	}
	return output{fields: f, lines: lines}, nil
}

func caseClose(ctx context.Context, c *call) (output, error) {
	n, err := c.caseNumber()
	if err != nil {
		return output{}, err
	}
	res, err := c.Desk.Perform(ctx, c.Actor, core.CloseCase{ID: c.NewID(), Case: n, Code: core.OutcomeCode(c.args.flags["code"])})
	if err != nil {
		return output{}, err
	}
	return output{fields: caseOf(res.Case), lines: []string{c.say("verb.case_closed", sentence.Count("case", int(n)))}}, nil
}

func handoffCreate(ctx context.Context, c *call) (output, error) {
	n, err := c.caseNumber()
	if err != nil {
		return output{}, err
	}
	wanted := map[string]core.Verb{"": "", "reset": core.VerbReset, "unlock": core.VerbUnlock}
	verb, ok := wanted[c.args.flags["wanted"]]
	if !ok {
		return output{}, core.Fail(core.CodeInvalid, sentence.Of("verb.usage", sentence.Word("usage", c.verb.usage())))
	}
	res, err := c.Desk.Perform(ctx, c.Actor, core.HandOff{
		ID: c.NewID(), Case: n, To: rbac.Role(c.args.flags["to"]), Wanted: verb, Reason: untrusted.New(c.args.flags["reason"]),
	})
	if err != nil {
		return output{}, err
	}
	lines := []string{c.Text.Say(res.Said)}
	for _, more := range res.More {
		lines = append(lines, c.Text.Say(more))
	}
	return output{fields: caseOf(res.Case), lines: lines}, nil
}

func handoffList(ctx context.Context, c *call) (output, error) {
	return c.cases(ctx, core.CasesWaiting)
}

func handoffTake(ctx context.Context, c *call) (output, error) {
	n, err := number(c.args.word())
	if err != nil {
		return output{}, err
	}
	res, err := c.Desk.Perform(ctx, c.Actor, core.TakeHandoff{ID: c.NewID(), Case: n})
	if err != nil {
		return output{}, err
	}
	return output{fields: caseOf(res.Case), lines: []string{c.Text.Say(res.Said)}}, nil
}

// ms is a length of time in milliseconds.
func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
