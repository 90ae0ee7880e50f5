package notify_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/notify"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// only is the one message that was taken.
func only(t *testing.T, f *tray) opened {
	t.Helper()
	if len(f.taken) != 1 {
		t.Fatalf("%d messages were taken, want 1", len(f.taken))
	}
	return read(t, string(f.taken[0].Content))
}

func TestACodeLetterSaysWhoWillAskAndWhatToDoWhenNobodyCalled(t *testing.T) {
	t.Parallel()
	f := &tray{}
	if err := deliver(t, newRoom(t, f).Courier(), jane, codeLetter("12345678")); err != nil {
		t.Fatal(err)
	}
	m := only(t, f)
	want := `Hello Jane Doe,

You called the helpdesk, and it has to know that it is you. The helpdesk
will ask you for this code:

    12345678

It counts once, for 10 min.

If you did not call, do not read it out to anybody, and call 555-0100.

Account: jane.doe
Case: 1042
Ticket: INC-2210
`
	if diff := cmp.Diff(want, m.Body); diff != "" {
		t.Error(diff)
	}
	if m.Subject != "A code from the helpdesk" {
		t.Errorf("the subject is %q", m.Subject)
	}
}

func TestAPasswordLetterSaysItMustBeChangedAndDoesNotNameTheLogin(t *testing.T) {
	t.Parallel()
	f := &tray{}
	if err := deliver(t, newRoom(t, f).Courier(), jane, passwordLetter(canary)); err != nil {
		t.Fatal(err)
	}
	m := only(t, f)
	want := `Hello Jane Doe,

The helpdesk has set a new password for your account:

    Canary-7c1f-passphrase

It must be changed at the next sign-in. Nobody at the helpdesk will ever
ask you for it.

If you did not ask for it, call 555-0100.

Case: 1042
Ticket: INC-2210
`
	if diff := cmp.Diff(want, m.Body); diff != "" {
		t.Error(diff)
	}
	if m.Subject != "A new password from the helpdesk" || strings.Contains(m.Body, "jane.doe") {
		t.Errorf("the subject is %q", m.Subject)
	}
}

func TestTheHeadersOfALetterAreThoseOfAMachineAndNameOneRecipient(t *testing.T) {
	t.Parallel()
	f := &tray{}
	if err := deliver(t, newRoom(t, f).Courier(), jane, codeLetter("12345678")); err != nil {
		t.Fatal(err)
	}
	m := only(t, f)
	got := map[string]string{}
	for k := range m.Header {
		got[k] = strings.Join(m.Header[k], " | ")
	}
	id := got["Message-Id"]
	if !strings.HasSuffix(id, "@corp.example>") || len(id) < 30 || "<"+f.taken[0].ID+">" != id {
		t.Errorf("the Message-ID is %q", id)
	}
	delete(got, "Message-Id")
	want := map[string]string{
		"From": "<desk@corp.example>", "To": "<jane@home.example>", "Subject": "A code from the helpdesk", "Date": "Mon, 02 Mar 2026 10:00:00 +0100",
		"Auto-Submitted": "auto-generated", "Content-Language": "en", "Mime-Version": "1.0",
		"Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "quoted-printable",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTwoLettersHaveDifferentMessageIDs(t *testing.T) {
	t.Parallel()
	f := &tray{}
	c := newRoom(t, f).Courier()
	for range 2 {
		if err := deliver(t, c, jane, codeLetter("12345678")); err != nil {
			t.Fatal(err)
		}
	}
	if f.taken[0].ID == f.taken[1].ID {
		t.Errorf("both are %s", f.taken[0].ID)
	}
}

func TestLettersAreWrittenInTheLanguageOfTheDesk(t *testing.T) {
	t.Parallel()
	f := &tray{}
	m, err := notify.NewMailroom(notify.Options{
		Transport: f, From: "desk@corp.example", Language: text.Chinese, Clock: coretest.NewClock(), Log: (&logBuffer{}).logger(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := deliver(t, m.Courier(), jane, codeLetter("12345678")); err != nil {
		t.Fatal(err)
	}
	got := only(t, f)
	if got.Subject != "服务台验证码" || got.Get("Content-Language") != "zh-CN" {
		t.Errorf("the subject is %q, the language %q", got.Subject, got.Get("Content-Language"))
	}
	for _, want := range []string{"Jane Doe，您好！\n", "\n    12345678\n", "请致电您已知的服务台号码。", "工单：INC-2210\n", "有效期 10 min"} {
		if !strings.Contains(got.Body, want) && !strings.Contains(got.Body, strings.ReplaceAll(want, "10 min", "10 分钟")) {
			t.Errorf("%q is not in\n%s", want, got.Body)
		}
	}
	for line := range strings.SplitSeq(string(f.taken[0].Content), "\r\n") {
		if len(line) > 76 || strings.IndexFunc(line, func(r rune) bool { return r > 126 }) >= 0 {
			t.Errorf("a line that is not ASCII of 76 characters at most: %q", line)
		}
	}
}

func TestWithoutAHelpLineTheReaderCallsTheNumberTheyKnow(t *testing.T) {
	t.Parallel()
	f := &tray{}
	m, err := notify.NewMailroom(notify.Options{
		Transport: f, From: "desk@corp.example", Language: text.English, Clock: coretest.NewClock(), Log: (&logBuffer{}).logger(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := deliver(t, m.Courier(), jane, codeLetter("12345678")); err != nil {
		t.Fatal(err)
	}
	flat := strings.ReplaceAll(only(t, f).Body, "\n", " ")
	if !strings.Contains(flat, "call the helpdesk at the number you already know.") {
		t.Error(flat)
	}
}

func TestNobodysNameOrTicketPutsALinkOrALineIntoALetter(t *testing.T) {
	t.Parallel()
	for name, said := range map[string]string{
		"https://evil.example/now": "", "see www.evil.example": "", "evil.example": "", "mail eve@evil.example": "", "javascript:x": "",
		"J. R. R. Tolkien": "J. R. R. Tolkien", "Dr. Müller": "Dr. Müller", "Jane O'Neil-Smith (Finance)": "Jane O'Neil-Smith (Finance)",
		"张伟": "张伟", "": "", "REQ 12.5": "REQ 12.5", strings.Repeat("a", 100): strings.Repeat("a", 61) + "…",
	} {
		if got := notify.Quoted(name); got != said {
			t.Errorf("%q is quoted as %q, want %q", name, got, said)
		}
	}
	f := &tray{}
	l := codeLetter("12345678")
	l.Name, l.Ticket = untrusted.New("Jane\r\n.\r\nMAIL FROM<eve@evil.example>"), untrusted.New("http://evil.example")
	l.Login = untrusted.New("jane\n\nCase: 7")
	if err := deliver(t, newRoom(t, f).Courier(), jane, l); err != nil {
		t.Fatal(err)
	}
	m := only(t, f)
	if !strings.HasPrefix(m.Body, "Hello,\n") || strings.Contains(m.Body, "evil") || strings.Contains(m.Body, "\nCase: 7") {
		t.Error(m.Body)
	}
}

func TestASecretStandsInTheLetterExactlyWhateverItsCharacters(t *testing.T) {
	t.Parallel()
	f := &tray{}
	c := newRoom(t, f).Courier()
	rapid.Check(t, func(rt *rapid.T) {
		password := rapid.StringMatching(`[!-~][ -~]{0,90}[!-~]`).Draw(rt, "password")
		f.taken = nil
		consignment, err := c.Prepare(t.Context(), alternate(jane))
		if err == nil {
			err = consignment.Send(t.Context(), passwordLetter(password))
		}
		if err != nil {
			rt.Fatal(err)
		}
		lines := strings.Split(only(t, f).Body, "\n")
		if lines[4] != "    "+password {
			rt.Fatalf("%q stands there as %q", password, lines[4])
		}
	})
}

func TestALetterWithoutASecretOrOfAnUnknownKindIsNotSent(t *testing.T) {
	t.Parallel()
	gone := passwordLetter(canary)
	gone.Secret.Destroy()
	unknown := passwordLetter(canary)
	unknown.Kind = "birthday"
	for name, l := range map[string]core.Letter{
		"destroyed": gone, "unknown": unknown, "nil": {Kind: core.LetterCode}, "empty": {Kind: core.LetterCode, Secret: secret.New(nil)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &tray{}
			err := deliver(t, newRoom(t, f).Courier(), jane, l)
			if e := core.AsError(err); core.CodeOf(err) != core.CodeInternal || e.Changed != core.NothingChanged || e.Said.ID != "mail.unwritten" {
				t.Errorf("the error is %v", err)
			}
			if _, _, taken := f.counts(); taken != 0 || f.aborted != 1 {
				t.Errorf("%d messages taken, %d given up", taken, f.aborted)
			}
		})
	}
}

func TestALetterIsWipedFromItsBufferAfterItWasSent(t *testing.T) {
	t.Parallel()
	f := &tray{}
	var buffer []byte
	f.set(nil, func(_ context.Context, _ notify.Envelope, m notify.Message) error {
		if !strings.Contains(string(m.Content), canary) {
			t.Error("the password is not in the letter")
		}
		buffer = m.Content
		return nil
	})
	if err := deliver(t, newRoom(t, f).Courier(), jane, passwordLetter(canary)); err != nil {
		t.Fatal(err)
	}
	if strings.Trim(string(buffer), "\x00") != "" {
		t.Errorf("the buffer still holds %q", buffer)
	}
}

func TestLongWordsAreNotBrokenAndLinesEndAtABlank(t *testing.T) {
	t.Parallel()
	if got := notify.Wrap("  one\n two  "); got != "one two" {
		t.Errorf("wrapped as %q", got)
	}
	long := strings.Repeat("x", 100)
	if got := notify.Wrap("a " + long + " b"); got != "a\n"+long+"\nb" {
		t.Errorf("wrapped as %q", got)
	}
	rapid.Check(t, func(rt *rapid.T) {
		words := strings.Join(rapid.SliceOf(rapid.StringMatching(`[a-zé]{1,20}`)).Draw(rt, "words"), " ")
		got := notify.Wrap(words)
		if strings.ReplaceAll(got, "\n", " ") != words {
			rt.Fatalf("%q became %q", words, got)
		}
		for line := range strings.SplitSeq(got, "\n") {
			if len([]rune(line)) > 72 {
				rt.Fatalf("a line of %d characters", len([]rune(line)))
			}
		}
	})
}

func TestAMailroomNeedsAPlainSender(t *testing.T) {
	t.Parallel()
	good := notify.Options{Transport: &tray{}, From: "desk@corp.example", Clock: coretest.NewClock(), Log: (&logBuffer{}).logger()}
	for name, change := range map[string]func(*notify.Options){
		"no sender": func(o *notify.Options) { o.From = "" }, "a name": func(o *notify.Options) { o.From = "Desk <desk@corp.example>" },
		"smuggling":    func(o *notify.Options) { o.From = "desk@corp.example>\r\nDATA" },
		"no transport": func(o *notify.Options) { o.Transport = nil }, "no clock": func(o *notify.Options) { o.Clock = nil },
		"no log": func(o *notify.Options) { o.Log = nil },
	} {
		o := good
		change(&o)
		if _, err := notify.NewMailroom(o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := notify.NewMailroom(good); err != nil {
		t.Error(err)
	}
}

func TestBackoffGrowsFromAMinuteToAnHourAndDiffersBetweenNotices(t *testing.T) {
	t.Parallel()
	for failed, low := range map[int]time.Duration{
		0: time.Minute, 1: time.Minute, 2: 2 * time.Minute, 3: 4 * time.Minute, 6: 32 * time.Minute, 7: 45 * time.Minute, 1 << 20: 45 * time.Minute,
	} {
		seen := map[time.Duration]bool{}
		for _, key := range []string{"a", "b", "c", "d"} {
			got := notify.Backoff(key, failed)
			if got < low || got > low+low/3 || got > time.Hour {
				t.Errorf("after %d failures %v, want %v and up to a third more", failed, got, low)
			}
			seen[got] = true
		}
		if len(seen) < 2 {
			t.Errorf("after %d failures all notices wait equally long", failed)
		}
	}
}
