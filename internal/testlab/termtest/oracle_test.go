package termtest_test

import (
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
)

func TestTheOracleKnowsOurSequences(t *testing.T) {
	t.Parallel()
	ours := "\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[22;2t\x1b[?2004h\x1b[?2026h\x1b[2J\x1b[H\x1b[3;7Hgrün 漢字 e\u0301 👩‍👩‍👧\x1b[1;38;2;1;2;3m" +
		"x\x1b[m\x1b[K\x1b[?2026l\x1b]2;a title\a\x1b[6 q\x1b[?1002h\x1b[?1006h\x1b[23;2t"
	if err := termtest.Oracle([]byte(ours)); err != nil {
		t.Error(err)
	}
}

func TestTheOracleNamesWhatIsForeign(t *testing.T) {
	t.Parallel()
	for name, foreign := range map[string]string{
		"hyperlink":         "\x1b]8;;http://x\x1b\\",
		"clipboard":         "\x1b]52;c;eA==\a",
		"palette":           "\x1b]4;1;#fff\a",
		"colour question":   "\x1b]11;?\a",
		"device attributes": "\x1b[c",
		"cursor report":     "\x1b[6n",
		"scroll region":     "\x1b[1;5r",
		"insert line":       "\x1b[L",
		"title report":      "\x1b[21t",
		"unknown mode":      "\x1b[?1000h",
		"ansi mode":         "\x1b[4h",
		"reset":             "\x1bc",
		"dcs":               "\x1bP+q544e\x1b\\",
		"apc":               "\x1b_x\x1b\\",
		"bell":              "\a",
		"newline":           "\n",
		"tab":               "\t",
		"c1 csi":            "\u009b31m",
		"raw c1":            "\x9b31m",
		"bidi override":     "\u202e",
		"zero width space":  "\u200b",
		"rubout":            "\x7f",
	} {
		if err := termtest.Oracle([]byte("fine" + foreign + "fine")); err == nil || !strings.Contains(err.Error(), "at byte 4") {
			t.Errorf("%s: the oracle says %v", name, err)
		}
	}
}

func TestAllowancesAreForThatAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		stream  string
		allowed termtest.Allowance
		fine    bool
	}{
		{"\x1b]52;c;eA==\a", termtest.Clipboard, true},
		{"\x1b]52;c;?\a", termtest.Clipboard, false},
		{"\x1b]52;c;eA==\a", termtest.Lines, false},
		{"\x1b]11;?\a", termtest.ColorQuestions, true},
		{"\x1b]11;#fff\a", termtest.ColorQuestions, false},
		{"a\r\n", termtest.Lines, true},
		{"a\t\r\n", termtest.Lines, false},
	} {
		if err := termtest.Oracle([]byte(c.stream), c.allowed); (err == nil) != c.fine {
			t.Errorf("%q with %s: %v", c.stream, c.allowed, err)
		}
	}
}
