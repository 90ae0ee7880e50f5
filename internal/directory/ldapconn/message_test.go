package ldapconn

import (
	"bytes"
	"errors"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"

	"github.com/sspr-tui/sspr-tui/internal/testlab"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// behera encodes a message with a password policy control around the given value.
func behera(op, code byte, parts ...[]byte) []byte {
	control := testlab.BER(0x30, testlab.BERString(oidPasswordPolicy), testlab.BER(0x04, testlab.BER(0x30, parts...)))
	result := testlab.BER(op, testlab.BER(0x0a, []byte{code}), testlab.BERString(""), testlab.BERString("words"))
	return testlab.BER(0x30, testlab.BERInt(2), result, testlab.BER(0xa0, control))
}

func mustParse(t *testing.T, raw []byte) answer {
	t.Helper()
	m, err := parseMessage(raw)
	if err != nil {
		t.Fatal(err)
	}
	a, err := parseAnswer(m)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestThePolicyControlIsReadAlsoWhenAModificationFails(t *testing.T) {
	t.Parallel()
	errorPart := func(n byte) []byte { return testlab.BER(0x81, []byte{n}) }
	seconds := testlab.BER(0xa0, testlab.BER(0x80, []byte{0x0e, 0x10}))
	grace := testlab.BER(0xa0, testlab.BER(0x81, []byte{2}))
	for name, tc := range map[string]struct {
		raw  []byte
		want PasswordPolicy
	}{
		"nothing to say":  {behera(0x67, 19), PasswordPolicy{Given: true, GraceLeft: -1}},
		"expired":         {behera(0x61, 49, errorPart(0)), PasswordPolicy{Given: true, GraceLeft: -1, Error: PolicyExpired}},
		"locked":          {behera(0x61, 49, errorPart(1)), PasswordPolicy{Given: true, GraceLeft: -1, Error: PolicyLocked}},
		"in history":      {behera(0x67, 19, errorPart(8)), PasswordPolicy{Given: true, GraceLeft: -1, Error: PolicyInHistory}},
		"too long":        {behera(0x67, 19, errorPart(9)), PasswordPolicy{Given: true, GraceLeft: -1, Error: PolicyTooLong}},
		"of the future":   {behera(0x67, 19, errorPart(99)), PasswordPolicy{Given: true, GraceLeft: -1, Error: PolicyUnknownErrorCode}},
		"negative":        {behera(0x67, 19, errorPart(0x80)), PasswordPolicy{Given: true, GraceLeft: -1, Error: PolicyUnknownErrorCode}},
		"expires":         {behera(0x61, 0, seconds), PasswordPolicy{Given: true, GraceLeft: -1, ExpiresIn: time.Hour}},
		"grace and error": {behera(0x61, 0, grace, errorPart(2)), PasswordPolicy{Given: true, GraceLeft: 2, Error: PolicyMustChange}},
		"empty warning":   {behera(0x61, 0, testlab.BER(0xa0)), PasswordPolicy{Given: true, GraceLeft: -1}},
		"absurd warning":  {behera(0x61, 0, testlab.BER(0xa0, testlab.BER(0x80, bytes.Repeat([]byte{0x7f}, 8)))), PasswordPolicy{Given: true, GraceLeft: -1}},
		"empty error":     {behera(0x61, 49, testlab.BER(0x81)), PasswordPolicy{GraceLeft: -1}},
		"broken value":    {behera(0x61, 49, []byte{0x81, 0x7f}), PasswordPolicy{GraceLeft: -1}},
		"no control":      {testlab.Answer(2, 0x67, 19, ""), PasswordPolicy{GraceLeft: -1}},
	} {
		if got := mustParse(t, tc.raw).policy; got != tc.want {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
	}
}

func TestThePolicyControlIsFoundAmongOthers(t *testing.T) {
	t.Parallel()
	other := testlab.BER(0x30, testlab.BERString("1.2.3"), testlab.BER(0x01, []byte{0xff}))
	critical := testlab.BER(0x30, testlab.BERString(oidPasswordPolicy), testlab.BER(0x01, []byte{0}), testlab.BER(0x04, testlab.BER(0x30, testlab.BER(0x81, []byte{1}))))
	odd := testlab.BER(0x30, testlab.BERInt(5))
	if got := policyOf(bytes.Join([][]byte{other, odd, critical}, nil)); got.Error != PolicyLocked {
		t.Errorf("got %+v", got)
	}
	for name, controls := range map[string][]byte{
		"not a control": testlab.BERInt(5), "cut off": {0x30, 0x05, 0x04}, "no value": testlab.BER(0x30, testlab.BERString(oidPasswordPolicy)),
		"broken rest": testlab.BER(0x30, testlab.BERString(oidPasswordPolicy), []byte{0x04, 0x7f}),
	} {
		if got := policyOf(controls); got.Given {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// go-ldap keeps the packet of a refusal: what we read of the bytes must be what it would have read of the packet.
func TestOurReadingAgreesWithTheLibrary(t *testing.T) {
	t.Parallel()
	raw := behera(0x67, 19, testlab.BER(0x81, []byte{6}))
	packet, err := ber.DecodePacketErr(raw)
	if err != nil {
		t.Fatal(err)
	}
	refusal, ok := errors.AsType[*ldap.Error](ldap.GetLDAPError(packet))
	if !ok {
		t.Fatal("no refusal")
	}
	control, err := ldap.DecodeControl(refusal.Packet.Children[2].Children[0])
	if err != nil {
		t.Fatal(err)
	}
	theirs, _ := control.(*ldap.ControlBeheraPasswordPolicy)
	ours := mustParse(t, raw)
	if theirs == nil || policyError(int64(theirs.Error)) != ours.policy.Error || refusal.ResultCode != uint16(ours.code) || ours.diagnostic != "words" {
		t.Errorf("ours %+v, theirs %+v", ours, theirs)
	}
}

func TestControlsAreEncodedAsTheStandardSays(t *testing.T) {
	t.Parallel()
	got := wireControl{Control{OID: "1.2.3", Critical: true, Value: []byte("v")}}.Encode().Bytes()
	want := testlab.BER(0x30, testlab.BERString("1.2.3"), testlab.BER(0x01, []byte{0xff}), testlab.BERString("v"))
	if !bytes.Equal(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
	if got := (wireControl{passwordPolicyRequest()}).Encode().Bytes(); !bytes.Equal(got, testlab.BER(0x30, testlab.BERString(oidPasswordPolicy))) {
		t.Errorf("got %x", got)
	}
}

func TestAGeneratedPasswordIsTakenOut(t *testing.T) {
	t.Parallel()
	if got := generatedPassword(testlab.BER(0x30, testlab.BER(0x80, []byte("made up")))); got.Reveal() != "made up" {
		t.Error("not found")
	}
	for name, value := range map[string][]byte{
		"nothing": nil, "no sequence": testlab.BERString("x"), "empty sequence": testlab.BER(0x30), "empty password": testlab.BER(0x30, testlab.BER(0x80)),
	} {
		if got := generatedPassword(value); got != nil {
			t.Errorf("%s: a password", name)
		}
	}
}

func TestEncodingsRoundTrip(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 127, 128, 255, 256, 1000, 65535} {
		content := make([]byte, n)
		e, rest, err := split(append(encode(tagOctetString, content), 0xee))
		if err != nil || e.tag != tagOctetString || len(e.content) != n || len(rest) != 1 {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	for _, n := range []int{0, 1, 127, 128, 1 << 30} {
		content, _, err := expect(encodeInteger(n), tagInteger)
		got, intErr := integer(content)
		if err != nil || intErr != nil || got != int64(n) {
			t.Errorf("%d: %d, %v, %v", n, got, err, intErr)
		}
	}
}

func TestCodesHaveNames(t *testing.T) {
	t.Parallel()
	if CodeInvalidCredentials.String() != "invalidCredentials" || Code(4711).String() != "code 4711" {
		t.Errorf("%v, %v", CodeInvalidCredentials, Code(4711))
	}
	if _, ok := CodeOf(errors.New("x")); ok {
		t.Error("a code out of nowhere")
	}
}

// FuzzAnswer feeds the reader of answers with anything: it neither panics nor invents a success.
func FuzzAnswer(f *testing.F) {
	f.Add(behera(0x67, 19, testlab.BER(0x81, []byte{6}), testlab.BER(0xa0, testlab.BER(0x80, []byte{1}))))
	f.Add(testlab.Answer(1, 0x78, 0, "ok", testlab.BER(0x8b, testlab.BER(0x30, testlab.BER(0x80, []byte("pw"))))))
	f.Add([]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := parseMessage(raw)
		if err != nil {
			return
		}
		generatedPassword(raw)
		pageCookie(m.controls)
		a, err := parseAnswer(m)
		if err != nil {
			return
		}
		if len(a.value)+len(a.controls)+len(a.diagnostic)+len(a.matchedDN) > len(raw) {
			t.Fatal("more came out than went in")
		}
		packet, err := ber.DecodePacketErr(raw)
		if err != nil || len(packet.Children) < 2 || packet.Children[1].ClassType != ber.ClassApplication || packet.Children[1].TagType != ber.TypeConstructed {
			return
		}
		if a.code == CodeSuccess && ldap.GetLDAPError(packet) != nil {
			t.Fatalf("success here, and for the library %v", ldap.GetLDAPError(packet))
		}
	})
}

func TestErrorsTellWhatALogNeedsAndNobodysName(t *testing.T) {
	t.Parallel()
	words := untrusted.New("uid=jane.doe\x1b[2J")
	for want, err := range map[string]error{
		"the directory answered constraintViolation (19), password policy: password too short": &ResultError{Code: 19, Diagnostic: words, Policy: PasswordPolicy{Error: PolicyTooShort}},
		"the directory answered noSuchObject (32)":                                             &ResultError{Code: 32, MatchedDN: "uid=jane.doe", Diagnostic: words},
		"sent, and no answer came: x":                                                          &WriteError{Sent: true, Err: errors.New("x")},
		"not sent: x":                                                                          &WriteError{Err: errors.New("x")},
		"ldaps://a: x":                                                                         &UnavailableError{URL: "ldaps://a", Err: errors.New("x")},
		"StartTLS: the directory answered unavailable (52) ":                                   setupError(StepStartTLS, &ResultError{Code: 52, Diagnostic: words}),
		"StartTLS: x":                                                                          setupError(StepStartTLS, errors.New("x")),
	} {
		if got := err.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
