package testlab

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// Attributes are the values of one entry by attribute name. As text of a server they are kept byte for byte.
type Attributes map[string][]string

// First returns the first value, "" when there is none. Names are compared without case.
func (a Attributes) First(name string) string {
	if values := a.All(name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// All returns every value. Names are compared without case.
func (a Attributes) All(name string) []string {
	for key, values := range a {
		if strings.EqualFold(key, name) {
			return values
		}
	}
	return nil
}

// Has reports whether there is a value.
func (a Attributes) Has(name string) bool { return len(a.All(name)) > 0 }

// LDIF writes the entry as a record of RFC 2849, every value in base64, so that no value can be mistaken for syntax.
func (a Attributes) LDIF(dn string) string {
	var out strings.Builder
	writeLDIFLine(&out, "dn", dn)
	for _, name := range sortedKeys(a) {
		for _, value := range a[name] {
			writeLDIFLine(&out, name, value)
		}
	}
	out.WriteByte('\n')
	return out.String()
}

func writeLDIFLine(out *strings.Builder, name, value string) {
	fmt.Fprintf(out, "%s:: %s\n", name, base64.StdEncoding.EncodeToString([]byte(value)))
}

// parseLDIF reads what ldapsearch -LLL -o ldif-wrap=no prints: entries by DN, in the order of the server.
func parseLDIF(text string) (order []string, entries map[string]Attributes, err error) {
	entries = map[string]Attributes{}
	dn := ""
	for line := range strings.SplitSeq(text, "\n") {
		name, value, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		if value, err = ldifValue(value); err != nil {
			return nil, nil, fmt.Errorf("%s of %s: %w", name, dn, err)
		}
		if name == "dn" {
			dn = value
			order = append(order, dn)
			entries[dn] = Attributes{}
			continue
		}
		if entry := entries[dn]; entry != nil {
			entry[name] = append(entry[name], value)
		}
	}
	return order, entries, nil
}

func ldifValue(rest string) (string, error) {
	encoded, isBase64 := strings.CutPrefix(rest, ":")
	if !isBase64 {
		return strings.TrimPrefix(rest, " "), nil
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	return string(raw), err
}

func sortedKeys(a Attributes) []string {
	keys := make([]string, 0, len(a))
	for key := range a {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
