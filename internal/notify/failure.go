package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/textproto"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Step is where a message did not get further.
type Step string

// The steps, in their order.
const (
	StepAddress   Step = "address"   // it is none
	StepMessage   Step = "message"   // it could not be written
	StepConnect   Step = "connect"   // no server, or it does not greet
	StepEncrypt   Step = "encrypt"   // no TLS, or a certificate that does not hold
	StepLogin     Step = "login"     // AUTH
	StepSender    Step = "sender"    // MAIL FROM
	StepRecipient Step = "recipient" // RCPT TO
	StepContent   Step = "content"   // DATA
	StepFolder    Step = "folder"    // the outbox folder
)

// Failure is why a message was not taken. Its text is for logs and the outbox: it has no address, no content and none of the server's
// words, which repeat both.
type Failure struct {
	Step     Step
	Place    string // host:port
	Code     int    // reply code of SMTP; 0 when no reply came
	Enhanced string // enhanced status code (RFC 3463); "" when there is none
	Lost     bool   // the content was handed over whole and no answer came
	cause    error
}

// enhancedCode begins the text of a reply (RFC 2034).
var enhancedCode = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

// errNonsense stands for errors that quote what a server said.
var errNonsense = errors.New("an answer that is not SMTP")

// newFailure keeps of err what is safe to keep.
func newFailure(step Step, place string, err error) *Failure {
	f := &Failure{Step: step, Place: place}
	if reply, ok := errors.AsType[*textproto.Error](err); ok {
		f.Code, f.Enhanced = reply.Code, enhancedCode.FindString(reply.Msg)
		return f
	}
	f.cause = harmless(err)
	return f
}

// unless makes the end of ctx the reason where there was one: the error of the connection is then only its effect.
func (f *Failure) unless(ctx context.Context) *Failure {
	if ctx.Err() != nil && f.Code == 0 {
		f.cause = ctx.Err()
	}
	return f
}

// harmless returns the part of err that is made on this side of the connection.
func harmless(err error) error {
	for _, known := range []error{
		context.Canceled, context.DeadlineExceeded, os.ErrDeadlineExceeded, io.ErrUnexpectedEOF, io.EOF, net.ErrClosed,
		errNoSTARTTLS, errNoMechanism, errNoSecret, errNoTemplate,
	} {
		if errors.Is(err, known) {
			return known
		}
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return e
	}
	if e, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return e
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return e
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e
	}
	return errNonsense
}

// Error is for logs: "recipient: 550 5.1.1".
func (f *Failure) Error() string {
	parts := []string{string(f.Step) + ":"}
	if f.Lost {
		parts = append(parts, "no answer after the content;")
	}
	if f.Code != 0 {
		parts = append(parts, f.ref())
	}
	if f.cause != nil {
		parts = append(parts, untrusted.Sanitize(f.cause.Error())) // a certificate brings names of its own
	}
	return strings.Join(parts, " ")
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.cause }

// ref is the server's numbers, which can be searched for.
func (f *Failure) ref() string {
	if f.Code == 0 {
		return ""
	}
	return strings.TrimSpace(strconv.Itoa(f.Code) + " " + f.Enhanced)
}

// Permanent reports whether this message can never reach this recipient. A server that refuses the desk itself (its login, its sender)
// is not permanent: that is mended without the message's doing.
func (f *Failure) Permanent() bool {
	switch f.Step {
	case StepAddress, StepMessage:
		return true
	case StepRecipient, StepContent:
		return f.Code >= 500
	case StepConnect, StepEncrypt, StepLogin, StepSender, StepFolder:
		return false
	default:
		return false
	}
}

// Systemic reports whether the next message would fare no better: nothing answers, or the server refuses the desk itself.
func (f *Failure) Systemic() bool {
	const closing = 421 // "service not available, closing transmission channel" (RFC 5321 section 4.2.3)
	switch f.Step {
	case StepConnect, StepEncrypt, StepLogin, StepSender, StepFolder:
		return true
	case StepRecipient, StepContent:
		return f.Code == 0 || f.Code == closing
	case StepAddress, StepMessage:
		return false
	default:
		return false
	}
}

// Said is the failure in words for operators.
func (f *Failure) Said() sentence.Sentence {
	return sentence.Of(f.sentenceID(), sentence.Word("server", f.Place))
}

func (f *Failure) sentenceID() string {
	if f.Lost {
		return "mail.unanswered"
	}
	switch f.Step {
	case StepAddress:
		return "mail.address_invalid"
	case StepMessage:
		return "mail.unwritten"
	case StepConnect:
		return "mail.unreachable"
	case StepEncrypt:
		return "mail.not_encrypted"
	case StepLogin:
		return "mail.login_refused"
	case StepSender:
		return "mail.sender_refused"
	case StepRecipient:
		return f.byPermanence("mail.recipient_refused", "mail.recipient_later")
	case StepContent:
		return f.byPermanence("mail.content_refused", "mail.content_later")
	case StepFolder:
		return "mail.folder"
	default:
		return "error.internal"
	}
}

func (f *Failure) byPermanence(permanent, passing string) string {
	if f.Permanent() {
		return permanent
	}
	return passing
}

// coreError is the failure as core's ports return it.
func (f *Failure) coreError() *core.Error {
	code := core.CodeUnavailable
	switch {
	case f.Step == StepMessage:
		code = core.CodeInternal
	case f.Step == StepAddress, f.Step == StepRecipient && f.Permanent():
		code = core.CodeInvalid
	}
	e := core.Fail(code, f.Said()).WithRef(f.ref()).Because(f)
	if f.Lost {
		return e.After(core.ChangeUnknown)
	}
	return e
}

// asFailure returns err as a *Failure; transports return nothing else.
func asFailure(err error) *Failure {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return newFailure(StepConnect, "", err)
}
