package ldapconn

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// stream is a connection that yields bytes and takes any.
type stream struct {
	net.Conn
	reader  io.Reader
	written bytes.Buffer
}

func (s *stream) Read(p []byte) (int, error)  { return s.reader.Read(p) }
func (s *stream) Write(p []byte) (int, error) { return s.written.Write(p) }

func guardOver(raw []byte) *guard {
	return newGuard(&stream{reader: bytes.NewReader(raw)}, limits{message: 1 << 16, result: 1 << 18, resultElements: 1000})
}

func TestWholeMessagesGoThroughUnchanged(t *testing.T) {
	t.Parallel()
	entry := testlab.BER(0x30, testlab.BERInt(7), testlab.BER(0x64, testlab.BERString("cn=a"), testlab.BER(0x30)))
	raw := append(bytes.Repeat(entry, 100), testlab.Answer(7, 0x65, 0, "")...)
	g := guardOver(raw)
	got, err := io.ReadAll(g)
	if err != nil || !bytes.Equal(got, raw) {
		t.Errorf("%d of %d bytes, %v", len(got), len(raw), err)
	}
}

func TestTheAnswerIsKeptForItsRequestAlone(t *testing.T) {
	t.Parallel()
	g := guardOver(bytes.Join([][]byte{
		testlab.Answer(6, 0x67, 0, "late"), testlab.Answer(7, 0x67, 19, "first"), testlab.Answer(7, 0x67, 0, "second"),
	}, nil))
	g.begin()
	if _, err := g.Write(testlab.BER(0x30, testlab.BERInt(7), testlab.BER(0x66))); err != nil || !g.wrote() {
		t.Fatalf("write: %v", err)
	}
	_, _ = io.ReadAll(g)
	if a, ok := g.outcome(); !ok || a.code != CodeConstraintViolation || a.diagnostic != "first" {
		t.Errorf("answer %+v, %v", a, ok)
	}
	g.begin()
	if _, ok := g.outcome(); ok || g.wrote() {
		t.Error("the answer outlives its request")
	}
}

func TestARequestThatIsNoMessageIsNotWritten(t *testing.T) {
	t.Parallel()
	g := guardOver(nil)
	if _, err := g.Write([]byte("GET / HTTP/1.1\r\n")); !errors.Is(err, errMalformed) || g.wrote() {
		t.Errorf("got %v", err)
	}
}

func TestTheBudgetIsPerRequest(t *testing.T) {
	t.Parallel()
	entry := testlab.BER(0x30, testlab.BERInt(7), testlab.BER(0x64, testlab.BERString("cn=a"), testlab.BER(0x30)))
	g := guardOver(bytes.Repeat(entry, 1000))
	for range 5 {
		g.begin()
		for range 200 { // 5 elements each: exactly the budget
			if _, err := io.ReadFull(g, make([]byte, len(entry))); err != nil {
				t.Fatal(err)
			}
		}
	}
	g = guardOver(bytes.Repeat(entry, 1000))
	if got, err := io.ReadAll(g); !errors.Is(err, ErrTooMuch) || len(got) != 200*len(entry) || !errors.Is(g.complaint(), ErrTooMuch) {
		t.Errorf("%d messages, %v", len(got)/len(entry), err)
	}
}

func TestALargeMessageDoesNotStayInMemory(t *testing.T) {
	t.Parallel()
	large := testlab.BER(0x30, testlab.BERInt(7), testlab.BER(0x64, testlab.BERString("cn=a"), testlab.BER(0x30, make([]byte, 0)), testlab.BER(0x04, make([]byte, 300<<10))))
	small := testlab.Answer(7, 0x65, 0, "")
	g := newGuard(&stream{reader: bytes.NewReader(append(large, small...))}, limits{message: 1 << 20, result: 1 << 20, resultElements: 1000})
	if got, err := io.ReadAll(g); err != nil || len(got) != len(large)+len(small) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	if cap(g.buffer) > 64<<10 {
		t.Errorf("%d bytes are kept", cap(g.buffer))
	}
}

// FuzzGuard feeds the guard with anything: what it lets through is what go-ldap's decoder takes as whole messages.
func FuzzGuard(f *testing.F) {
	f.Add(append(testlab.BER(0x30, testlab.BERInt(2), testlab.BER(0x64, testlab.BERString("cn=a"), testlab.BER(0x30))), testlab.Answer(2, 0x65, 4, "limit")...))
	f.Add(testlab.Answer(0, 0x78, 52, "bye"))
	f.Add([]byte{0x30, 0x80, 0x00, 0x00})
	f.Fuzz(func(t *testing.T, raw []byte) {
		g := guardOver(raw)
		passed, _ := io.ReadAll(g)
		if !bytes.HasPrefix(raw, passed) {
			t.Fatal("something was changed")
		}
		reader := bytes.NewReader(passed)
		for reader.Len() > 0 {
			before := reader.Len()
			m, err := parseMessage(passed[len(passed)-before:])
			if err == nil && !isResponse(m.op.tag) {
				t.Fatalf("operation %#02x went through", m.op.tag)
			}
			if _, err := ber.ReadPacket(reader); err != nil && reader.Len() == before {
				t.Fatalf("the decoder is stuck: %v", err)
			}
		}
	})
}
