package termtest_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
)

func TestKeysHaveTheSequencesOfXterm(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"u": "u", "?": "?", "ü": "ü", "+": "+", "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ",
		"backspace": "\x7f", "up": "\x1b[A", "shift+up": "\x1b[1;2A", "ctrl+right": "\x1b[1;5C", "home": "\x1b[H",
		"delete": "\x1b[3~", "pgdown": "\x1b[6~", "ctrl+pgup": "\x1b[5;5~", "f1": "\x1bOP", "shift+f1": "\x1b[1;2P",
		"f10": "\x1b[21~", "ctrl+k": "\x0b", "ctrl+space": "\x00", "ctrl+c": "\x03", "ctrl+_": "\x1f", "alt+x": "\x1bx", "shift+a": "A",
		"ctrl+alt+d": "\x1b\x04", "esc": "\x1b[27u",
	} {
		if got, err := termtest.Sequence(key); err != nil || got != want {
			t.Errorf("Sequence(%q) = %q, %v; want %q", key, got, err, want)
		}
	}
	for _, key := range []string{"", "entre", "ctrl+1", "ctrl+", "hyper+x"} {
		if got, err := termtest.Sequence(key); err == nil {
			t.Errorf("Sequence(%q) = %q", key, got)
		}
	}
}

func TestPressAndTypeWriteInOrder(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	k := termtest.NewKeyboard(&out)
	if err := errors.Join(k.Type("jane", " doe"), k.Press("enter", "ctrl+k"), k.Paste("x\ny")); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "jane doe\r\x0b\x1b[200~x\ny\x1b[201~"; got != want {
		t.Errorf("typed %q, want %q", got, want)
	}
	if err := k.Press("enter", "nonsense"); err == nil {
		t.Error("an unknown key was pressed")
	}
}

func TestTypingIntoAClosedSessionIsAnError(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	_ = r.Close()
	if err := termtest.NewKeyboard(w).Press("enter"); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the error is %v", err)
	}
}
