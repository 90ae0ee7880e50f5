package testlab

import (
	"bufio"
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLDIFIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	want := Attributes{"cn": {"Jane", " lead", "日本", "\x00\xff"}, "sn": {""}}
	order, got, err := parseLDIF(want.LDIF("cn=a\nb,dc=x") + Attributes{"cn": {"z"}}.LDIF("cn=z"))
	if err != nil || !slices.Equal(order, []string{"cn=a\nb,dc=x", "cn=z"}) {
		t.Fatalf("order %q: %v", order, err)
	}
	if diff := cmp.Diff(want, got["cn=a\nb,dc=x"]); diff != "" {
		t.Error(diff)
	}
}

func TestPlainLDIFIsReadToo(t *testing.T) {
	t.Parallel()
	_, got, err := parseLDIF("# comment\ndn: cn=a\ncn: a\nmail: x:y\n\n")
	if err != nil || got["cn=a"].First("MAIL") != "x:y" || got["cn=a"].Has("sn") {
		t.Errorf("%v: %v", got, err)
	}
	if _, _, err := parseLDIF("dn:: ***\n"); err == nil {
		t.Error("broken base64 was accepted")
	}
}

func TestNamesOfPeopleAreEscaped(t *testing.T) {
	t.Parallel()
	if got := escapeRDN("a,b+c ü"); got != `a\2Cb\2Bc\20\C3\BC` {
		t.Errorf("got %s", got)
	}
}

func TestFramesAreBoundedAndDefinite(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{
		"indefinite": {0x30, 0x80, 0x02, 0x01, 0x01}, "too long": {0x30, 0x84, 0x7f, 0xff, 0xff, 0xff}, "no sequence": {0x31, 0x00},
		"no id": {0x30, 0x03, 0x04, 0x01, 0x00}, "cut off": {0x30, 0x05, 0x02},
	} {
		if f, err := readFrame(bytesReader(raw)); err == nil {
			t.Errorf("%s: accepted as %+v", name, f)
		}
	}
	f, err := readFrame(bytesReader(Answer(7, 0x65, 4, "limit")))
	if err != nil || f.messageID != 7 || f.op != 0x65 {
		t.Errorf("frame %+v: %v", f, err)
	}
}

func TestBERLengthsHaveTheShortestForm(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 2, 127: 2, 128: 3, 255: 3, 256: 4, 65535: 4, 65536: 5} {
		if got := len(BER(0x04, make([]byte, n))) - n; got != want {
			t.Errorf("%d bytes: header of %d, want %d", n, got, want)
		}
	}
}

func bytesReader(raw []byte) *bufio.Reader { return bufio.NewReader(bytes.NewReader(raw)) }
