package embedded

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Export writes all people, by login, so that Import reads them again: JSON exactly and with the groups, CSV safe to open in a
// spreadsheet, with controls as visible escapes. Passwords and states that only the directory sets are not in it. CodeUnavailable.
func (d *Directory) Export(ctx context.Context, w io.Writer, f Format) error {
	out := bufio.NewWriter(w)
	var to exporter
	switch f {
	case CSV:
		to = &csvExporter{csv: csv.NewWriter(out), cols: columns()}
	case JSON:
		to = &jsonExporter{out: out, cols: columns()}
	default:
		return core.Fail(core.CodeInvalid, sentence.Of("directory.import_format", sentence.Word("format", string(f))))
	}
	if err := d.usable(); err != nil {
		return err
	}
	err := d.db.Read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		if err := to.begin(ctx, tx); err != nil {
			return err
		}
		err := tx.Each(ctx, `SELECT id FROM people ORDER BY login_key`, nil, func(scan sqlitedb.Scan) error {
			var id int64
			if err := scan(&id); err != nil {
				return err
			}
			p, err := readRecord(ctx, tx, id)
			if err != nil {
				return err
			}
			return to.person(p)
		})
		if err != nil {
			return err
		}
		return to.end()
	})
	if err != nil {
		return d.fault(ctx, err)
	}
	return d.fault(ctx, out.Flush())
}

// exporter writes one format.
type exporter interface {
	begin(ctx context.Context, tx *sqlitedb.Tx) error
	person(p *Person) error
	end() error
}

type csvExporter struct {
	csv  *csv.Writer
	cols []column
}

func (e *csvExporter) begin(context.Context, *sqlitedb.Tx) error {
	names := make([]string, 0, len(e.cols))
	for _, c := range e.cols {
		names = append(names, c.name)
	}
	return e.csv.Write(names)
}

func (e *csvExporter) person(p *Person) error {
	cells := make([]string, 0, len(e.cols))
	for _, c := range e.cols {
		cells = append(cells, cellOf(c.in(p)))
	}
	return e.csv.Write(cells)
}

func (e *csvExporter) end() error {
	e.csv.Flush()
	return e.csv.Error()
}

// cellOf is what readCell reads.
func cellOf(value any) string {
	switch v := value.(type) {
	case *untrusted.Text:
		return v.CSVCell()
	case *[]untrusted.Text:
		cells := make([]string, 0, len(*v))
		for _, one := range *v {
			cells = append(cells, one.CSVCell())
		}
		return strings.Join(cells, listSeparator+" ")
	case *bool:
		return map[bool]string{true: "yes", false: "no"}[*v]
	case *time.Time:
		return timeText(*v)
	}
	return ""
}

func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

type jsonExporter struct {
	out   *bufio.Writer
	cols  []column
	after bool // a person was written
}

func (e *jsonExporter) begin(ctx context.Context, tx *sqlitedb.Tx) error {
	groups, err := readGroupRecords(ctx, tx)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(groups)
	if err != nil {
		return err
	}
	_, err = e.out.WriteString(`{"groups": ` + string(raw) + `, "people": [`)
	return err
}

func readGroupRecords(ctx context.Context, tx *sqlitedb.Tx) ([]groupRecord, error) {
	out := []groupRecord{}
	err := tx.Each(ctx, `SELECT id, name FROM groups ORDER BY name_key`, nil, func(scan sqlitedb.Scan) error {
		var id int64
		var name string
		if err := scan(&id, &name); err != nil {
			return err
		}
		parents, err := readTexts(ctx, tx, `SELECT g.name FROM nestings n JOIN groups g ON g.id = n.parent WHERE n.child = ? ORDER BY g.name_key`, id)
		if err != nil {
			return err
		}
		roles, err := readTexts(ctx, tx, `SELECT role FROM group_roles WHERE grp = ? ORDER BY role`, id)
		out = append(out, groupRecord{Name: untrusted.New(name), MemberOf: parents, Roles: roles})
		return err
	})
	return out, err
}

// person writes the values that are not empty, in the order of the columns.
func (e *jsonExporter) person(p *Person) error {
	separator := "\n"
	if e.after {
		separator = ",\n"
	}
	e.after = true
	for i, c := range e.cols {
		raw, err := valueOf(c.in(p))
		if err != nil {
			return err
		}
		if i == 0 {
			separator += "{"
		} else if raw == nil {
			continue
		} else {
			separator = ", "
		}
		if _, err := e.out.WriteString(separator + `"` + c.name + `": ` + string(raw)); err != nil {
			return err
		}
	}
	return e.out.WriteByte('}')
}

// valueOf is what readValue reads, nil for an empty value.
func valueOf(value any) ([]byte, error) {
	switch v := value.(type) {
	case *untrusted.Text:
		if v.IsZero() {
			return nil, nil
		}
	case *[]untrusted.Text:
		if len(*v) == 0 {
			return nil, nil
		}
	case *bool:
		if !*v {
			return nil, nil
		}
	case *time.Time:
		if v.IsZero() {
			return nil, nil
		}
		value = timeText(*v)
	}
	return json.Marshal(value)
}

func (e *jsonExporter) end() error {
	_, err := e.out.WriteString("\n]}\n")
	return err
}
