package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

// settings fills the desk's settings from [settings], key by key as policy.All lists them.
func settings(t *table) policy.Settings {
	s := policy.Defaults()
	flat := flatten("", t.left)
	var used []string
	for _, set := range policy.All() {
		v, ok := flat[set.Key]
		if !ok {
			continue
		}
		delete(flat, set.Key)
		used = append(used, fmt.Sprintf("%s=%v", set.Key, v))
		if expected := assign(set.Get(&s), v); expected != "" {
			t.wrong(set.Key, expected)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(flat)) {
		t.wrong(k, "a setting of docs/config.md")
	}
	for _, p := range policy.Check(s) {
		t.wrong(p.Key, p.Expected)
	}
	if len(used) > 0 {
		sum := sha256.Sum256([]byte(strings.Join(used, "\n")))
		s.Version = "config-" + hex.EncodeToString(sum[:6])
	}
	return s
}

// flatten turns nested tables into dotted keys.
func flatten(prefix string, values map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range values {
		if inner, ok := v.(map[string]any); ok {
			maps.Copy(out, flatten(join(prefix, k), inner))
			continue
		}
		out[join(prefix, k)] = v
	}
	return out
}

// assign sets a field of the settings and returns what was expected when the value is of the wrong type.
func assign(field, v any) string {
	switch field := field.(type) {
	case *int:
		n, ok := v.(int64)
		if !ok {
			return "a whole number"
		}
		*field = int(n)
	case *bool:
		b, ok := v.(bool)
		if !ok {
			return "true or false"
		}
		*field = b
	case *string:
		s, ok := v.(string)
		if !ok {
			return "text in quotation marks"
		}
		*field = s
	case *time.Duration:
		return assignSpan(field, v)
	case *[]string:
		return assignList(field, v)
	}
	return ""
}

func assignSpan(field *time.Duration, v any) string {
	s, _ := v.(string)
	d, err := time.ParseDuration(s)
	if err != nil {
		return `a length of time such as "10m" or "24h"`
	}
	*field = d
	return ""
}

func assignList(field *[]string, v any) string {
	items, ok := v.([]any)
	for _, item := range items {
		s, isText := item.(string)
		ok = ok && isText
		*field = append(*field, s)
	}
	if !ok {
		return "a list of texts"
	}
	return ""
}

// grants replaces the permissions of the roles that [grants] names; the others keep their defaults.
func grants(t *table) rbac.Grants {
	g := rbac.DefaultGrants()
	for _, name := range slices.Sorted(maps.Keys(t.left)) {
		role, ok := rbac.ParseOperatorRole(name)
		if !ok {
			t.wrong(name, "a role: "+roleNames())
			t.take(name)
			continue
		}
		g[role] = nil
		for _, p := range t.list(name) {
			perm, ok := rbac.ParsePermission(p)
			if !ok {
				t.wrong(name, "permissions of docs/config.md, not "+p)
			}
			g[role] = append(g[role], perm)
		}
	}
	t.done()
	return g
}
