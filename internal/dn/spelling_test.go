package dn_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/dn"
)

func TestEveryNameOfAnAttributeTypeIsTheSameType(t *testing.T) {
	t.Parallel()
	for _, names := range []string{
		"CN cn commonName 2.5.4.3 OID.2.5.4.3 oid.2.5.4.3",
		"L l localityName 2.5.4.7",
		"ST st stateOrProvinceName 2.5.4.8",
		"O o organizationName 2.5.4.10",
		"OU ou organizationalUnitName 2.5.4.11",
		"C c countryName 2.5.4.6",
		"STREET street streetAddress 2.5.4.9",
		"DC dc domainComponent 0.9.2342.19200300.100.1.25",
		"UID uid userid 0.9.2342.19200300.100.1.1",
		"SN sn surname 2.5.4.4",
		"employeenumber employeeNumber EMPLOYEENUMBER",
		"1.2.840.113556.1.4.221 OID.1.2.840.113556.1.4.221",
	} {
		spellings := strings.Fields(names)
		for _, spelling := range spellings {
			n := mustParse(t, spelling+"=x,DC=y")
			if want := spellings[0] + "=x,DC=y"; n.String() != want {
				t.Errorf("%s is written as %q, want %q", spelling, n, want)
			}
		}
	}
}

// spell writes a value in one of the many ways that RFC 4514 permits.
func spell(t *rapid.T, value string) string {
	if value != "" && utf8.ValidString(value) && len(value) < 0x80 && rapid.IntRange(0, 4).Draw(t, "as BER") == 0 {
		tag := rapid.SampledFrom([]int{0x04, 0x0c}).Draw(t, "tag")
		return fmt.Sprintf("#%02x%02x%s", tag, len(value), hex.EncodeToString([]byte(value)))
	}
	var out strings.Builder
	for i := range len(value) {
		c := value[i]
		mustEscape := c == 0 || strings.IndexByte(`"+,;<>\`, c) >= 0 || (i == 0 || i == len(value)-1) && c == ' ' || i == 0 && c == '#'
		switch {
		case rapid.IntRange(0, 2).Draw(t, "as hexadecimal") == 0, c == 0:
			_, _ = fmt.Fprintf(&out, rapid.SampledFrom([]string{`\%02x`, `\%02X`}).Draw(t, "digits"), c)
		case mustEscape:
			out.WriteString(`\` + string(rune(c)))
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}

func TestEverySpellingOfAValueIsTheSameValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		value := rapid.OneOf(
			rapid.StringOf(rapid.SampledFrom([]rune(`aZ ,+="\<>;#é0李`+"\x00\n"))),
			rapid.String(),
			rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 9), func(b []byte) string { return string(b) }),
		).Draw(rt, "value")
		space := func(label string) string { return strings.Repeat(" ", rapid.IntRange(0, 2).Draw(rt, label)) }
		spelled := space("1") + "ou" + space("2") + "=" + space("3") + spell(rt, value) + space("4") + "," + space("5") + "DC=x"
		plain := mustParse(rt, "OU="+dn.Escape(value)+",DC=x")
		got, err := dn.Parse(spelled)
		if err != nil || !got.Equal(plain) || !got.IsUnder(plain) || got.Key() != plain.Key() {
			rt.Fatalf("%q is read as %q, %v, want %q", spelled, got, err, plain)
		}
	})
}

func TestPartsOfAComponentMayComeInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		parts := []string{"CN=Jane", "UID=j", `OU=R\+D`, "2.5.4.5=7", "SN=#0c03446f65"}
		first := mustParse(rt, strings.Join(parts, "+")+",DC=x")
		shuffled := mustParse(rt, strings.Join(rapid.Permutation(parts).Draw(rt, "order"), " + ")+",DC=x")
		if !shuffled.Equal(first) || shuffled.String() != first.String() {
			rt.Fatalf("%q differs from %q", shuffled, first)
		}
	})
}

func TestDifferentValuesStayDifferent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		letters := rapid.StringOfN(rapid.SampledFrom([]rune("ab,+=\\ #é")), 0, 5, -1)
		a, b := letters.Draw(rt, "a"), letters.Draw(rt, "b")
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), " ") }
		want := squeeze(a) == squeeze(b) // no letter here has another case, and spaces are all that may differ
		got := mustParse(rt, "OU="+dn.Escape(a)+",DC=x").Equal(mustParse(rt, "OU="+dn.Escape(b)+",DC=x"))
		if got != want {
			rt.Fatalf("%q equals %q: %v, want %v", a, b, got, want)
		}
	})
}
