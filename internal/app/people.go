package app

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// embeddedDirectory is an embedded directory by its name; the first one for "".
func (a *App) embeddedDirectory(name string) (*embedded.Directory, error) {
	for _, d := range a.directories {
		if e, ok := d.(*embedded.Directory); ok && (name == "" || d.Name() == name) {
			return e, nil
		}
	}
	return nil, fmt.Errorf("there is no embedded directory %q in the configuration; nothing was changed", name)
}

// english prints for the host console.
func (a *App) english() text.Printer {
	return text.Printer{Lang: text.English, Zone: a.live.Load().Desk.Zone, Now: a.clock.Now()}
}

// ImportPeople imports a .csv or .json file into an embedded directory: all rows, or none with the bad ones listed by line.
func (a *App) ImportPeople(ctx context.Context, directory, file string, out io.Writer) error {
	d, err := a.embeddedDirectory(directory)
	if err != nil {
		return err
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("%w; nothing was changed", err)
	}
	defer func() { _ = f.Close() }()
	format := embedded.CSV
	if strings.HasSuffix(strings.ToLower(file), ".json") {
		format = embedded.JSON
	}
	report, err := d.Import(ctx, bufio.NewReaderSize(f, 1<<16), format)
	for _, bad := range report.Bad {
		_, _ = fmt.Fprintf(out, "%s:%d: %s\n", file, bad.Line, a.english().Say(bad.Said))
	}
	if report.BadRows > 0 {
		return badRows(report.BadRows)
	}
	if err != nil {
		return a.spoken(err)
	}
	rec := a.hostRecord("", "import")
	rec.Verb = "directory.import"
	rec.Detail = map[string]string{"directory": d.Name(), "added": fmt.Sprint(report.Added), "changed": fmt.Sprint(report.Changed)}
	if _, err := a.store.Append(ctx, rec); err != nil {
		return a.spoken(err)
	}
	_, err = fmt.Fprintf(out, "%d added, %d changed, %d as they were, %d groups\n", report.Added, report.Changed, report.Unchanged, report.Groups)
	return err
}

func badRows(n int) error {
	if n == 1 {
		return errors.New("one row cannot be imported; nothing was changed")
	}
	return fmt.Errorf("%d rows cannot be imported; nothing was changed", n)
}

// spoken is a core error in words, for the host console; nil stays nil.
func (a *App) spoken(err error) error {
	if err == nil {
		return nil
	}
	e := core.AsError(err)
	return fmt.Errorf("%s (%w)", a.english().Say(e.Said), err)
}

// ExportPeople writes the people of an embedded directory; CSV cells cannot become formulas.
func (a *App) ExportPeople(ctx context.Context, directory, format string, out io.Writer) error {
	d, err := a.embeddedDirectory(directory)
	if err != nil {
		return err
	}
	return d.Export(ctx, out, embedded.Format(format))
}

// RegisterSecondFactor gives an operator a second factor for signing in and unlocking, and returns its otpauth URI: the only time the
// secret can be seen.
func (a *App) RegisterSecondFactor(ctx context.Context, operator string) (uri string, err error) {
	op, err := a.operators.Operator(ctx, operator)
	if err != nil {
		return "", fmt.Errorf("there is no operator %s; nothing was changed", untrusted.New(operator))
	}
	shared := make([]byte, 20) // as long as the HMAC-SHA-1 it keys (RFC 4226 section 4)
	if _, err := rand.Read(shared); err != nil {
		return "", fmt.Errorf("the machine gives no randomness: %w", err)
	}
	coded := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(shared)
	rec := a.hostRecord(op.ID, "totp_add")
	err = a.store.Register(ctx, core.Registration{
		ID: newID(), Account: secondFactor(op.ID), Kind: core.MethodTOTP, Secret: shared, Purpose: core.ForMFA,
		RegisteredAt: rec.At, RegisteredBy: hostOperator,
	}, rec)
	if err != nil {
		return "", a.spoken(err)
	}
	label := url.PathEscape("sspr-tui:" + op.Login)
	return "otpauth://totp/" + label + "?secret=" + coded + "&issuer=sspr-tui", nil
}

// registrationRow is one checked row of a registration file.
type registrationRow struct {
	line int
	reg  core.Registration
}

// ImportRegistrations imports methods from a CSV file with the columns user, kind (totp, alternateMail, mobilePhone) and value (the base32
// secret, the address, the number): all rows, or none with the bad ones listed by line. Rows that are there already are replaced.
func (a *App) ImportRegistrations(ctx context.Context, file string, out io.Writer) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("%w; nothing was changed", err)
	}
	defer func() { _ = f.Close() }()
	rows, problems, err := a.readRegistrations(ctx, f)
	if err != nil {
		return fmt.Errorf("%s: %w; nothing was changed", file, err)
	}
	for _, p := range problems {
		_, _ = fmt.Fprintf(out, "%s:%s\n", file, p)
	}
	if len(problems) > 0 {
		return badRows(len(problems))
	}
	for i, row := range rows {
		rec := a.hostRecord("", "import")
		rec.Verb, rec.Subject, rec.Detail = "registration.import", row.reg.Account, map[string]string{"kind": string(row.reg.Kind)}
		if err := a.store.Register(ctx, row.reg, rec); err != nil {
			return fmt.Errorf("line %d: %w; %d rows before it were imported, and importing the file again is safe", row.line, a.spoken(err), i)
		}
	}
	_, err = fmt.Fprintf(out, "%d methods imported\n", len(rows))
	return err
}

func (a *App) readRegistrations(ctx context.Context, r io.Reader) (rows []registrationRow, problems []string, err error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = 3
	head, err := in.Read()
	if err != nil || strings.Join(head, ",") != "user,kind,value" {
		return nil, nil, errors.New("line 1: expected the columns user,kind,value")
	}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows, problems, nil
		}
		line, _ := in.FieldPos(0)
		if err != nil {
			var syntax *csv.ParseError
			if !errors.As(err, &syntax) {
				return nil, nil, err
			}
			problems = append(problems, fmt.Sprintf("%d: expected three cells: user, kind, value", syntax.Line))
			continue
		}
		reg, wrong := a.registration(ctx, cells)
		if wrong != "" {
			problems = append(problems, fmt.Sprintf("%d: %s", line, wrong))
			continue
		}
		rows = append(rows, registrationRow{line, reg})
	}
}

// registration checks one row; wrong says what is wrong with it.
func (a *App) registration(ctx context.Context, cells []string) (reg core.Registration, wrong string) {
	actor := core.Actor{OperatorID: hostOperator, Credential: "console"}
	id, _, err := a.desk.Resolve(ctx, actor, untrusted.New(cells[0]))
	if err != nil {
		return reg, a.english().Say(core.AsError(err).Said)
	}
	reg = core.Registration{
		ID: newID(), Account: id, Kind: core.MethodKind(cells[1]), Purpose: core.ForReset, RegisteredAt: a.clock.Now().UTC(), RegisteredBy: "import",
	}
	value := strings.TrimSpace(cells[2])
	switch reg.Kind {
	case core.MethodTOTP:
		coded := strings.TrimRight(strings.ToUpper(strings.ReplaceAll(value, " ", "")), "=")
		reg.Secret, err = base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(coded)
		if err != nil || len(reg.Secret) < 16 {
			return reg, "expected a base32 secret of at least 16 bytes (RFC 4226)"
		}
	case core.MethodAlternate, core.MethodMobile:
		reg.Destination = untrusted.New(value)
		if why := core.WhyUnusable(reg.Kind, reg.Destination); !why.IsZero() {
			return reg, a.english().Say(why)
		}
	case core.MethodMail, core.MethodOfficePhone, core.MethodSecurityKeys:
		return reg, "expected totp, alternateMail or mobilePhone"
	default:
		return reg, "expected totp, alternateMail or mobilePhone"
	}
	return reg, ""
}
