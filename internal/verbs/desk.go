package verbs

import (
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

type whoamiFields struct {
	Operator    string            `json:"operator"`
	Name        untrusted.Text    `json:"name"`
	Roles       []rbac.Role       `json:"roles"`
	Level       int               `json:"level"`
	Desk        string            `json:"desk"`
	Credential  string            `json:"credential"`
	Permissions []rbac.Permission `json:"permissions"`
}

func whoami(ctx context.Context, c *call) (output, error) {
	o, may, err := c.Desk.WhoAmI(ctx, c.Actor)
	if err != nil {
		return output{}, err
	}
	f := whoamiFields{o.ID, o.Name, o.Roles, o.Level(), o.Desk, c.Actor.Credential, []rbac.Permission{}}
	for _, p := range rbac.Permissions() {
		if may[p].Allowed {
			f.Permissions = append(f.Permissions, p)
		}
	}
	names := make([]string, 0, len(o.Roles))
	for _, r := range o.Roles {
		names = append(names, string(r))
	}
	return output{fields: f, lines: []string{strings.Join([]string{o.ID, o.Name.String(), strings.Join(names, ", "), o.Desk}, "\t")}}, nil
}

type verifyMethod struct {
	Method   string        `json:"method"`
	Strength core.Strength `json:"strength"`
	Masked   string        `json:"masked"`
	Usable   bool          `json:"usable"`
	Reason   string        `json:"reason"`
	ID       string        `json:"id"`
}

type verifyMethodsFields struct {
	Methods []verifyMethod `json:"methods"`
	Enough  bool           `json:"enough"`
}

func verifyMethods(ctx context.Context, c *call) (output, error) {
	n, err := c.caseNumber()
	if err != nil {
		return output{}, err
	}
	st, err := c.Desk.ProofState(ctx, c.Actor, n, core.VerbReset)
	if err != nil {
		return output{}, err
	}
	f := verifyMethodsFields{Methods: []verifyMethod{}, Enough: st.Enough}
	out := output{lines: []string{}}
	for _, o := range st.Offers {
		why := c.Text.Say(o.Why)
		f.Methods = append(f.Methods, verifyMethod{string(o.Kind), o.Strength, o.Method.Masked(), o.Usable, why, o.Method.ID})
		out.lines = append(out.lines, strings.Join([]string{string(o.Kind), string(o.Strength), o.Method.Masked(), why}, "\t"))
	}
	out.fields = f
	return out, nil
}

type startFields struct {
	Challenge string `json:"challenge"`
	Method    string `json:"method"`
	SentTo    string `json:"sent_to"`
	ExpiresAt string `json:"expires_at"`
	TriesLeft int    `json:"tries_left"`
}

func verifyStart(ctx context.Context, c *call) (output, error) {
	n, err := c.caseNumber()
	if err != nil {
		return output{}, err
	}
	res, err := c.Desk.Perform(ctx, c.Actor, core.StartProof{ID: c.NewID(), Case: n, Kind: core.ProofKind(c.args.flags["method"])})
	if err != nil {
		return output{}, err
	}
	ch := res.Challenge
	line := c.say("verb.started", sentence.Word("challenge", ch.ID), sentence.Time("until", ch.ExpiresAt))
	if ch.SentTo != "" {
		line = c.say("verb.sent", sentence.Word("challenge", ch.ID), sentence.Word("to", ch.SentTo), sentence.Time("until", ch.ExpiresAt))
	}
	return output{fields: startFields{ch.ID, string(ch.Kind), ch.SentTo, moment(ch.ExpiresAt), ch.TriesLeft}, lines: []string{line}}, nil
}

type confirmFields struct {
	Evidence  string        `json:"evidence"`
	Assurance core.Strength `json:"assurance"`
	ExpiresAt string        `json:"expires_at"`
	Case      int64         `json:"case"`
}

// maxCode is the longest code that is read from standard input, in bytes.
const maxCode = 128

func verifyConfirm(ctx context.Context, c *call) (output, error) {
	typed := c.args.flags["code"]
	if typed == "-" {
		raw, err := io.ReadAll(io.LimitReader(c.In, maxCode))
		if err != nil {
			return output{}, core.Fail(core.CodeInvalid, sentence.Of("verify.no_code"))
		}
		typed = strings.TrimSpace(string(raw))
	}
	code := secret.FromString(typed)
	defer code.Destroy()
	res, err := c.Desk.Perform(ctx, c.Actor, core.ConfirmProof{ID: c.NewID(), Challenge: c.args.word(), Code: code})
	if err != nil {
		return output{}, err
	}
	e := res.Evidence
	return output{
		fields: confirmFields{e.ID, e.Strength, moment(e.ExpiresAt), e.Case},
		lines:  []string{c.Text.Say(res.Said)},
	}, nil
}

type operationFields struct {
	Operation   string             `json:"operation"`
	Outcome     core.Outcome       `json:"outcome"`
	DeliveredTo string             `json:"delivered_to"`
	Delivery    core.DeliveryState `json:"delivery"`
	Password    string             `json:"password,omitempty"`
	Message     string             `json:"message"`
	Seq         int64              `json:"trail"`
	Notices     int                `json:"notices"`
	Case        int64              `json:"case"`
	Repeated    bool               `json:"repeated"`
	Proposed    core.OutcomeCode   `json:"proposed_code"`
}

// perform runs an operation and says what came of it, also when it was refused after its intent.
func (c *call) perform(ctx context.Context, op core.AccountOperation) (output, error) {
	res, err := c.Desk.Perform(ctx, c.Actor, op)
	if res.Outcome == "" {
		return output{}, err
	}
	f := operationFields{
		Operation: res.Operation, Outcome: res.Outcome, DeliveredTo: res.SentTo, Delivery: res.Delivery, Message: c.Text.Say(res.Said),
		Seq: res.Seq, Notices: res.Notices, Case: res.Case.Number, Repeated: res.Repeated, Proposed: res.Proposed,
	}
	out := output{fields: &f}
	if err == nil {
		out.lines = append(out.lines, f.Message)
		for _, more := range res.More {
			out.lines = append(out.lines, c.Text.Say(more))
		}
		out.lines = append(out.lines, c.say("verb.trail", sentence.Count("seq", int(res.Seq)), sentence.Count("case", int(res.Case.Number))))
	}
	if shown, ok := res.Password.Take(); ok {
		f.Password = shown
		out.lines = append(out.lines, shown)
	}
	return out, err
}

// target reads the case an operation is about.
func (c *call) target(ctx context.Context) (core.Case, string, error) {
	n, err := c.caseNumber()
	if err != nil {
		return core.Case{}, "", err
	}
	kase, _, err := c.Desk.CaseOf(ctx, c.Actor, n)
	id := c.args.flags["operation"]
	if id == "" {
		id = c.NewID()
	}
	return kase, id, err
}

func passwordReset(ctx context.Context, c *call) (output, error) {
	kase, id, err := c.target(ctx)
	if err != nil {
		return output{}, err
	}
	return c.perform(ctx, core.Reset{ID: id, Case: kase.Number, Account: kase.Person.ID, Deliver: c.args.flags["deliver"]})
}

func accountUnlock(ctx context.Context, c *call) (output, error) {
	kase, id, err := c.target(ctx)
	if err != nil {
		return output{}, err
	}
	return c.perform(ctx, core.Unlock{ID: id, Case: kase.Number, Account: kase.Person.ID})
}

type recordFields struct {
	Seq       int64             `json:"seq"`
	At        string            `json:"at"`
	Kind      core.RecordKind   `json:"kind"`
	Verb      core.Verb         `json:"verb"`
	Operator  string            `json:"operator"`
	Case      int64             `json:"case"`
	Operation string            `json:"operation"`
	Outcome   core.Outcome      `json:"outcome"`
	Code      core.Code         `json:"code"`
	Reason    string            `json:"reason"`
	Class     rbac.Class        `json:"class"`
	Assurance string            `json:"assurance"`
	Detail    map[string]string `json:"detail"`
	Person    map[string]string `json:"person"`
}

type auditFields struct {
	Records []recordFields `json:"records"`
}

func auditList(ctx context.Context, c *call) (output, error) {
	f, err := c.trailFilter(ctx)
	if err != nil {
		return output{}, err
	}
	records, err := c.Desk.ReadTrail(ctx, c.Actor, f)
	if err != nil {
		return output{}, err
	}
	out := auditFields{Records: []recordFields{}}
	lines := []string{}
	for _, r := range records {
		out.Records = append(out.Records, recordFields{
			r.Seq, moment(r.At), r.Kind, r.Verb, r.Actor.OperatorID, r.Case, r.Operation, r.Outcome, r.Code, r.Reason, r.Class, r.Assurance, r.Detail, r.Personal,
		})
		lines = append(lines, strings.Join([]string{
			strconv.FormatInt(r.Seq, 10), c.Text.Moment(r.At), string(r.Kind), string(r.Verb), r.Actor.OperatorID,
			untrusted.New(r.Personal["login"]).String(), string(r.Outcome), string(r.Code),
		}, "\t"))
	}
	return output{fields: out, lines: lines}, nil
}

func (c *call) trailFilter(ctx context.Context) (f core.TrailFilter, err error) {
	if f.Case, err = number(c.args.flags["case"]); err != nil {
		return f, err
	}
	if f.BeforeSeq, err = number(c.args.flags["before"]); err != nil {
		return f, err
	}
	n, err := number(c.args.flags["limit"])
	if err != nil {
		return f, err
	}
	f.Limit = int(min(n, 10_000))
	if user := c.args.flags["user"]; user != "" {
		f.Account, err = c.account(ctx, untrusted.New(user))
	}
	return f, err
}

type healthFields struct {
	Name    string           `json:"name"`
	Kind    string           `json:"kind"`
	Level   core.HealthLevel `json:"level"`
	Message string           `json:"message"`
	P50     float64          `json:"p50_ms"`
	P99     float64          `json:"p99_ms"`
}

type healthReport struct {
	Level core.HealthLevel `json:"level"`
	Parts []healthFields   `json:"parts"`
}

func health(ctx context.Context, c *call) (output, error) {
	if _, _, err := c.Desk.WhoAmI(ctx, c.Actor); err != nil {
		return output{}, err
	}
	all := c.Desk.Health(ctx)
	f := healthReport{Level: core.Green, Parts: []healthFields{}}
	out := output{}
	for _, h := range all {
		f.Parts = append(f.Parts, healthFields{h.Name, h.Kind, h.Level, c.Text.Say(h.Said), ms(h.P50), ms(h.P99)})
		out.lines = append(out.lines, strings.Join([]string{h.Name, c.Text.Label("health.level." + string(h.Level)), c.Text.Say(h.Said)}, "\t"))
		if h.Level == core.Red || (h.Level == core.Amber && f.Level == core.Green) {
			f.Level = h.Level
		}
	}
	out.fields = f
	return out, nil
}

type helpFields struct {
	Verbs []string `json:"verbs"`
}

func help(_ context.Context, c *call) (output, error) {
	f, lines := helpFields{Verbs: []string{}}, []string{}
	for _, v := range table() {
		if want := strings.Join(c.args.plain, " "); want != "" && !strings.HasPrefix(v.words, want) {
			continue
		}
		f.Verbs = append(f.Verbs, v.usage())
		lines = append(lines, v.usage(), "    "+c.Text.Label(v.about))
	}
	return output{fields: f, lines: lines}, nil
}
