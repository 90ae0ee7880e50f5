package config

import (
	"fmt"
	"strings"
)

// lines says where each key of a file stands: "directory[1].url" -> 12. It reads headers and "key =" at the beginning of lines, which is
// what people write; a key inside an inline table has the line of its table.
type lines map[string]int

func index(raw string) lines {
	out := lines{}
	count := map[string]int{}
	table, multi := "", ""
	for n, line := range strings.Split(raw, "\n") {
		text := strings.TrimSpace(line)
		if multi != "" {
			if strings.Contains(text, multi) {
				multi = ""
			}
			continue
		}
		switch {
		case strings.HasPrefix(text, "[["):
			name := strings.TrimSpace(strings.Trim(strings.SplitN(text, "]]", 2)[0], "["))
			table = fmt.Sprintf("%s[%d]", name, count[name])
			count[name]++
			out[table] = n + 1
		case strings.HasPrefix(text, "["):
			table = strings.TrimSpace(strings.Trim(strings.SplitN(text, "]", 2)[0], "["))
			if last := lastArray(table, count); last != "" {
				table = last
			}
			out[table] = n + 1
		default:
			key, value, ok := strings.Cut(text, "=")
			if !ok || strings.HasPrefix(text, "#") {
				continue
			}
			out[join(table, unquote(key))] = n + 1
			multi = opens(strings.TrimSpace(value))
		}
	}
	return out
}

// lastArray maps [directory.attributes] to the newest [[directory]].
func lastArray(table string, count map[string]int) string {
	head, rest, ok := strings.Cut(table, ".")
	if n := count[head]; ok && n > 0 {
		return fmt.Sprintf("%s[%d].%s", head, n-1, rest)
	}
	return ""
}

// opens is the delimiter that ends a multi-line string, "" when the value ends on its own line.
func opens(value string) string {
	for _, q := range []string{`"""`, "'''"} {
		if strings.HasPrefix(value, q) && !strings.Contains(value[3:], q) {
			return q
		}
	}
	return ""
}

func unquote(key string) string { return strings.Trim(strings.TrimSpace(key), `"'`) }

func join(table, key string) string {
	if table == "" {
		return key
	}
	return table + "." + key
}

// find is the line of a key, of the table it belongs to, or 0.
func (l lines) find(key string) int {
	for key != "" {
		if n, ok := l[key]; ok {
			return n
		}
		dot := strings.LastIndexByte(key, '.')
		if dot < 0 {
			return 0
		}
		key = key[:dot]
	}
	return 0
}
