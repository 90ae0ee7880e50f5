package untrusted_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func TestASpreadsheetFindsNoFormula(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, value, want string }{
		{"equals", "=1+1", "'=1+1"},
		{"command", `=cmd|' /C calc'!A0`, `'=cmd|' /C calc'!A0`},
		{"plus", "+48 600", "'+48 600"},
		{"minus", "-1", "'-1"},
		{"at", "@SUM(A1)", "'@SUM(A1)"},
		{"tab", "\t=1", `'\t=1`},
		{"carriage return", "\r=1", `'\r=1`},
		{"line feed", "\n=1", `'\n=1`},
		{"tab alone", "\tx", `'\tx`},
		{"NUL", "\x00=1", `'\x00=1`},
		{"full-width equals", "＝1", "'＝1"},
		{"full-width plus", "＋1", "'＋1"},
		{"full-width minus", "－1", "'－1"},
		{"full-width at", "＠A", "'＠A"},
		{"after spaces", "   =1", "'   =1"},
		{"after a no-break space", "\u00a0=1", "'\u00a0=1"},
		{"after an ideographic space", "\u3000=1", "'\u3000=1"},
		{"after a zero-width space", "\u200b=1", `'\u200b=1`},
		{"name", "Jane Doe", "Jane Doe"},
		{"inside", "a=1+1", "a=1+1"},
		{"quote", `O"Neill`, `O"Neill`},
		{"only spaces", "   ", "   "},
		{"empty", "", ""},
		{"escape", "a\x1b", `a\x1b`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := untrusted.New(tt.value).CSVCell(); got != tt.want {
				t.Errorf("CSVCell(%q) = %q, want %q", tt.value, got, tt.want)
			}
		})
	}
}

func TestACSVCellIsHarmlessWhateverItHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		cell := untrusted.New(hostileString().Draw(rt, "value")).CSVCell()
		mustBeHarmless(t, cell)
		if first := strings.TrimSpace(cell); first != "" && strings.ContainsAny(first[:1], "=+-@\t\r\x00") {
			rt.Fatalf("cell %q begins a formula", cell)
		}
		var file bytes.Buffer
		w := csv.NewWriter(&file)
		if err := w.Write([]string{cell, "next"}); err != nil {
			rt.Fatal(err)
		}
		w.Flush()
		rows, err := csv.NewReader(&file).ReadAll()
		if err != nil || len(rows) != 1 || rows[0][0] != cell || rows[0][1] != "next" {
			rt.Fatalf("cell %q reads back as %q, %v", cell, rows, err)
		}
	})
}

func TestACSVCellFitsASpreadsheet(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"x", "="} {
		if got := len(untrusted.New(first + strings.Repeat("y", 100_000)).CSVCell()); got > 32767 {
			t.Errorf("a cell of %d bytes", got)
		}
	}
}
