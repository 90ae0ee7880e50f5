package secret_test

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/secret"
)

const canary = "canary-7c1f"

// mustNotLeak fails when shown holds the canary in any of the spellings in which Go prints strings and bytes.
func mustNotLeak(t *testing.T, shown string) {
	t.Helper()
	spellings := []string{
		canary,
		fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), fmt.Sprintf("% x", canary),
		strings.Trim(fmt.Sprint([]byte(canary)), "[]"), strings.Trim(fmt.Sprintf("%#v", []byte(canary)), "[]byte{}"),
		"Y2FuYXJ5", // base64 of its beginning
	}
	for _, spelling := range spellings {
		if strings.Contains(shown, spelling) {
			t.Errorf("%q leaks the secret as %q", shown, spelling)
		}
	}
}

type exported struct {
	Password *secret.Text
	Nested   struct{ Deep map[string]*secret.Text }
}

type hidden struct{ password *secret.Text }

func newExported() exported {
	e := exported{Password: secret.FromString(canary)}
	e.Nested.Deep = map[string]*secret.Text{"key": secret.FromString(canary)}
	return e
}

// T35: formatting verbs.
func TestEveryVerbRedacts(t *testing.T) {
	t.Parallel()
	s := secret.FromString(canary)
	for _, verb := range "vsqxXdcboOUteEfFgG" {
		for _, flags := range []string{"", "+", "#", "-", " ", "0", "30", ".3"} {
			format := "%" + flags + string(verb)
			if got := fmt.Sprintf(format, s); got != secret.Redacted {
				t.Errorf("Sprintf(%q) = %q, want %q", format, got, secret.Redacted)
			}
		}
	}
}

func TestSecretsInsideOtherValuesAreRedacted(t *testing.T) {
	t.Parallel()
	e := newExported()
	inside := hidden{password: secret.FromString(canary)}
	values := map[string]any{
		"struct":           e,
		"pointer":          &e,
		"slice":            []*secret.Text{e.Password},
		"array":            [1]*secret.Text{e.Password},
		"map":              map[string]any{"k": e.Password},
		"map key":          map[*secret.Text]int{e.Password: 1},
		"pointer of it":    &e.Password,
		"any":              []any{e, &e, e.Password},
		"unexported":       inside,
		"unexported deep":  []any{&inside, map[string]hidden{"k": inside}},
		"error":            fmt.Errorf("bind with %v: %w", e.Password, errors.New("refused")),
		"itself":           e.Password,
		"copy":             *e.Password,
		"anonymous struct": struct{ secret *secret.Text }{e.Password},
	}
	for name, value := range values {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, verb := range "vsqxXdbtepTw" {
				for _, flags := range []string{"", "+", "#"} {
					mustNotLeak(t, fmt.Sprintf("%"+flags+string(verb), value))
				}
			}
			mustNotLeak(t, fmt.Sprint(value))
			mustNotLeak(t, fmt.Sprintln(value))
		})
	}
	if got := fmt.Sprintf("%+v", e); strings.Count(got, secret.Redacted) != 2 {
		t.Errorf("%q does not show both secrets as redacted", got)
	}
}

func TestACopiedSecretEncodesNothing(t *testing.T) {
	t.Parallel()
	for _, copied := range []any{*secret.FromString(canary), struct{ Password any }{*secret.FromString(canary)}} {
		asJSON, err := json.Marshal(copied)
		if err != nil {
			t.Fatal(err)
		}
		mustNotLeak(t, string(asJSON))
		var asXML bytes.Buffer
		if err := xml.NewEncoder(&asXML).EncodeElement(copied, xml.StartElement{Name: xml.Name{Local: "c"}}); err != nil {
			t.Fatal(err)
		}
		mustNotLeak(t, asXML.String())
	}
}

func TestEncodersRedact(t *testing.T) {
	t.Parallel()
	e := newExported()
	var asGob bytes.Buffer
	if err := gob.NewEncoder(&asGob).Encode(e); err != nil {
		t.Fatal(err)
	}
	mustNotLeak(t, asGob.String())

	asJSON, err := json.Marshal(e)
	if want := `{"Password":"[redacted]","Nested":{"Deep":{"key":"[redacted]"}}}`; err != nil || string(asJSON) != want {
		t.Errorf("JSON is %s, %v, want %s", asJSON, err, want)
	}
	asKey, err := json.Marshal(map[*secret.Text]int{e.Password: 1})
	if want := `{"[redacted]":1}`; err != nil || string(asKey) != want {
		t.Errorf("a JSON key is %s, %v, want %s", asKey, err, want)
	}
	asXML, err := xml.Marshal(struct {
		XMLName  xml.Name `xml:"c"`
		Password *secret.Text
	}{Password: e.Password})
	if want := `<c><Password>[redacted]</Password></c>`; err != nil || string(asXML) != want {
		t.Errorf("XML is %s, %v, want %s", asXML, err, want)
	}
	asText, err := e.Password.MarshalText()
	if err != nil || string(asText) != secret.Redacted {
		t.Errorf("text is %s, %v", asText, err)
	}
}

func TestXMLAttributesRedact(t *testing.T) {
	t.Parallel()
	data, err := xml.Marshal(struct {
		XMLName  xml.Name     `xml:"c"`
		Password *secret.Text `xml:"p,attr"`
	}{Password: secret.FromString(canary)})
	if want := `<c p="[redacted]"></c>`; err != nil || string(data) != want {
		t.Errorf("XML is %s, %v, want %s", data, err, want)
	}
}

func TestLogsRedact(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	handlers := []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)}
	for _, handler := range handlers {
		e := newExported()
		var none *secret.Text
		log := slog.New(handler).With("with", e.Password)
		log.LogAttrs(context.Background(), slog.LevelInfo, "bind",
			slog.Any("secret", e.Password), slog.Any("struct", e), slog.Group("g", slog.Any("in", e.Password)),
			slog.Any("none", none), slog.Any("hidden", hidden{e.Password}))
	}
	mustNotLeak(t, out.String())
	if got := strings.Count(out.String(), secret.Redacted); got < 10 {
		t.Errorf("%d times redacted, want 5 in each of two logs:\n%s", got, out.String())
	}
	if strings.Contains(out.String(), "panic") {
		t.Errorf("a nil secret is not logged:\n%s", out.String())
	}
}

// TestAPanicWithASecretDoesNotPrintIt runs itself in a process of its own, because only a fatal panic is printed by
// the runtime.
func TestAPanicWithASecretDoesNotPrintIt(t *testing.T) {
	const variable = "SECRET_TEST_PANIC"
	switch os.Getenv(variable) {
	case "":
	case "secret":
		panic(secret.FromString(canary))
	case "struct":
		panic(newExported())
	default:
		panic(fmt.Errorf("bind: %v", secret.FromString(canary)))
	}
	for _, kind := range []string{"secret", "struct", "error"} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAPanicWithASecretDoesNotPrintIt$")
		cmd.Env = append(os.Environ(), variable+"="+kind)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "panic: ") {
			t.Fatalf("%s: the process did not panic: %v\n%s", kind, err, out)
		}
		mustNotLeak(t, string(out))
	}
}
