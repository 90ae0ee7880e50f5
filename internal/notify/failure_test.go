package notify_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/textproto"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/notify"
	"github.com/sspr-tui/sspr-tui/internal/text"
)

func reply(code int, msg string) error { return &textproto.Error{Code: code, Msg: msg} }

func TestOfAReplyOnlyTheNumbersAreKept(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err  error
		want string
	}{
		{reply(550, "5.1.1 <jane@home.example>: no such user"), "recipient: 550 5.1.1"},
		{reply(550, "jane@home.example unknown"), "recipient: 550"},
		{reply(451, "5.7.1234 12345678"), "recipient: 451"},
		{reply(554, "5.7.1\njane@home.example"), "recipient: 554 5.7.1"},
		{fmt.Errorf("EHLO: %w, HELO: %w", reply(502, "5.5.1 jane"), reply(500, "jane")), "recipient: 502 5.5.1"},
		{textproto.ProtocolError("short response: jane"), "recipient: an answer that is not SMTP"},
		{fmt.Errorf("%w: %s", errors.New("unexpected server response"), "jane"), "recipient: an answer that is not SMTP"},
		{fmt.Errorf("%w, jane", context.DeadlineExceeded), "recipient: context deadline exceeded"},
	} {
		if got := notify.NewFailure(notify.StepRecipient, "mx:25", tc.err).Error(); got != tc.want {
			t.Errorf("%v is kept as %q, want %q", tc.err, got, tc.want)
		}
	}
}

func TestAnErrorOfOursIsKept(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")},
		&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}},
		tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"},
		&fs.PathError{Op: "open", Path: "/outbox", Err: fs.ErrPermission},
	} {
		f := notify.NewFailure(notify.StepConnect, "mx:25", fmt.Errorf("around: %w", err))
		if !strings.HasSuffix(f.Error(), err.Error()) || f.Unwrap() == nil {
			t.Errorf("%v became %q", err, f.Error())
		}
	}
}

func TestTheNamesOfAHostileCertificateAreEscapedInTheLog(t *testing.T) {
	t.Parallel()
	err := &tls.CertificateVerificationError{Err: errors.New("valid for \x1b[2J\nlevel=INFO")}
	if got := notify.NewFailure(notify.StepEncrypt, "mx:25", err).Error(); strings.ContainsAny(got, "\x1b\n") {
		t.Errorf("kept as %q", got)
	}
}

func TestWhichFailuresArePermanentAndWhichConcernEverybody(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		step                notify.Step
		code                int
		permanent, systemic bool
	}{
		{notify.StepAddress, 0, true, false},
		{notify.StepMessage, 0, true, false},
		{notify.StepConnect, 0, false, true},
		{notify.StepConnect, 554, false, true},
		{notify.StepEncrypt, 0, false, true},
		{notify.StepLogin, 535, false, true},
		{notify.StepSender, 550, false, true},
		{notify.StepRecipient, 550, true, false},
		{notify.StepRecipient, 450, false, false},
		{notify.StepRecipient, 421, false, true},
		{notify.StepRecipient, 0, false, true},
		{notify.StepContent, 554, true, false},
		{notify.StepContent, 451, false, false},
		{notify.StepContent, 0, false, true},
		{notify.StepFolder, 0, false, true},
		{notify.Step("other"), 550, false, false},
	} {
		f := &notify.Failure{Step: tc.step, Code: tc.code}
		if f.Permanent() != tc.permanent || f.Systemic() != tc.systemic {
			t.Errorf("%s %d: permanent %v, systemic %v", tc.step, tc.code, f.Permanent(), f.Systemic())
		}
	}
}

func TestEveryFailureIsASentenceInEveryLanguage(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, lang := range text.Languages() {
		for _, step := range notify.Steps() {
			for _, code := range []int{0, 450, 550} {
				for _, lost := range []bool{false, true} {
					said := (&notify.Failure{Step: step, Code: code, Lost: lost, Place: "mx:25"}).Said()
					words := text.Printer{Lang: lang}.Say(said)
					if _, ok := text.Fields(lang, said.ID); !ok || strings.ContainsAny(words, "[{") {
						t.Errorf("%s: %s %d is said as %q", lang, step, code, words)
					}
					seen[said.ID] = true
				}
			}
		}
	}
	if len(seen) != 12 {
		t.Errorf("%d different sentences, want 12", len(seen))
	}
}

func TestTheWordsOfThisPackageExistInEveryLanguageWithTheSameFields(t *testing.T) {
	t.Parallel()
	count := 0
	for _, id := range text.IDs(text.English) {
		if !strings.HasPrefix(id, "mail.") && !strings.HasPrefix(id, "letter.") && !strings.HasPrefix(id, "notice.") {
			continue
		}
		count++
		english, _ := text.Fields(text.English, id)
		chinese, ok := text.Fields(text.Chinese, id)
		if !ok || fmt.Sprint(chinese) != fmt.Sprint(english) {
			t.Errorf("%s has the fields %v in English and %v in Chinese", id, english, chinese)
		}
		if strings.HasSuffix(id, ".subject") && len(english) > 0 {
			t.Errorf("the subject %s has fields: %v", id, english)
		}
	}
	if count < 30 {
		t.Errorf("only %d sentences were compared", count)
	}
}
