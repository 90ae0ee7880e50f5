package text

import (
	"bufio"
	"bytes"
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Language names a language of the catalogue.
type Language string

// The languages.
const (
	English Language = "en"
	Chinese Language = "zh-CN"
)

// Languages lists the languages that exist, the complete one first.
func Languages() []Language { return []Language{English, Chinese} }

// ParseLanguage picks a language for a POSIX locale or a BCP 47 tag such as "zh_CN.UTF-8"; English for everything else.
func ParseLanguage(locale string) Language {
	if strings.HasPrefix(strings.ToLower(locale), "zh") {
		return Chinese
	}
	return English
}

//go:embed en/*.txt zh-CN/*.txt
var files embed.FS

// entry is one parsed template.
type entry []piece

// piece is literal words, or a field.
type piece struct {
	words string   // literal; "" for a field
	field string   // name of the field
	forms []string // for {count:one|many}: the words for one and for all other numbers
}

// catalogue holds the parsed entries of one language.
type catalogue map[string]entry

// loaded parses every file once. A catalogue that does not parse is a programming error that the tests of this package find.
var loaded = sync.OnceValue(func() map[Language]catalogue {
	out := map[Language]catalogue{}
	for _, lang := range Languages() {
		c, err := load(lang)
		if err != nil {
			panic("text: " + err.Error())
		}
		out[lang] = c
	}
	return out
})

// load reads every file of a language's folder; the files divide the catalogue by who says it.
func load(lang Language) (catalogue, error) {
	c := catalogue{}
	list, err := files.ReadDir(string(lang))
	if err != nil {
		return nil, err
	}
	for _, f := range list {
		name := string(lang) + "/" + f.Name()
		raw, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := c.add(name, raw); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c catalogue) add(file string, raw []byte) error {
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, words, ok := strings.Cut(line, " = ")
		if !ok || c[id] != nil {
			return fmt.Errorf("%s:%d: not \"id = words\", or a second time: %s", file, n, id)
		}
		e, err := parse(words)
		if err != nil {
			return fmt.Errorf("%s:%d: %w", file, n, err)
		}
		c[id] = e
	}
	return lines.Err()
}

func parse(words string) (entry, error) {
	e := entry{}
	for words != "" {
		literal, rest, found := strings.Cut(words, "{")
		if literal != "" {
			e = append(e, piece{words: literal})
		}
		if !found {
			break
		}
		inside, after, closed := strings.Cut(rest, "}")
		if !closed || inside == "" {
			return nil, fmt.Errorf("a { without }")
		}
		name, forms, plural := strings.Cut(inside, ":")
		p := piece{field: name}
		if plural {
			p.forms = strings.Split(forms, "|")
			if len(p.forms) != 2 {
				return nil, fmt.Errorf("{%s} needs two forms", inside)
			}
		}
		e, words = append(e, p), after
	}
	return e, nil
}

// IDs lists every id of a language, sorted.
func IDs(lang Language) []string { return slices.Sorted(maps.Keys(loaded()[lang])) }

// Fields lists the fields an entry shows, sorted and each once; false when the language has no such entry.
func Fields(lang Language, id string) ([]string, bool) {
	e, ok := loaded()[lang][id]
	set := map[string]bool{}
	for _, p := range e {
		if p.field != "" {
			set[p.field] = true
		}
	}
	return slices.Sorted(maps.Keys(set)), ok
}
