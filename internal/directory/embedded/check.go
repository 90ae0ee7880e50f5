package embedded

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sspr-tui/sspr-tui/internal/dn"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

const (
	longestValue = 1024 // bytes
	mostValues   = 100  // of one column
)

// checkPerson says what is wrong with an imported person, the zero sentence when nothing is. It brings the place and the lists into their
// normal form.
func checkPerson(p *Person, cols []column) sentence.Sentence {
	p.AlternateMails, p.BusinessPhones = withoutEmpty(p.AlternateMails), withoutEmpty(p.BusinessPhones)
	p.Groups, p.Roles = asSet(p.Groups, exactKey), asSet(p.Roles, strings.TrimSpace)
	for _, c := range cols {
		if wrong := checkValue(c.name, c.in(p)); !wrong.IsZero() {
			return wrong
		}
	}
	if wrong := checkLogin(p.Login.Raw()); !wrong.IsZero() {
		return wrong
	}
	return normalisePlace(p)
}

func checkValue(column string, value any) sentence.Sentence {
	switch v := value.(type) {
	case *untrusted.Text:
		return checkText(column, v.Raw())
	case *[]untrusted.Text:
		if len(*v) > mostValues {
			return sentence.Of("directory.import_many", sentence.Word("column", column), sentence.Count("limit", mostValues))
		}
		for _, one := range *v {
			if wrong := checkText(column, one.Raw()); !wrong.IsZero() {
				return wrong
			}
		}
	case *time.Time:
		if !v.IsZero() && (v.Year() < 1970 || v.Year() > 9999) {
			return sentence.Of("directory.import_time", sentence.Word("column", column))
		}
	}
	return sentence.Sentence{}
}

// checkText refuses what cannot be kept exactly. Control characters can: they are shown as what they are.
func checkText(column, s string) sentence.Sentence {
	switch {
	case len(s) > longestValue:
		return sentence.Of("directory.import_long", sentence.Word("column", column), sentence.Count("limit", longestValue))
	case !utf8.ValidString(s):
		return sentence.Of("directory.import_not_utf8", sentence.Word("column", column))
	case strings.ContainsRune(s, 0):
		return sentence.Of("directory.import_nul", sentence.Word("column", column))
	}
	return sentence.Sentence{}
}

func checkLogin(login string) sentence.Sentence {
	switch {
	case exactKey(login) == "":
		return sentence.Of("directory.import_no_login")
	case strings.TrimSpace(login) != login || strings.ContainsFunc(login, unicode.IsControl):
		return sentence.Of("directory.import_login", sentence.Text("login", untrusted.New(login)))
	}
	return sentence.Sentence{}
}

func normalisePlace(p *Person) sentence.Sentence {
	if p.Place.IsZero() {
		return sentence.Sentence{}
	}
	name, err := dn.Parse(p.Place.Raw())
	if err != nil {
		return sentence.Of("directory.import_place", sentence.Text("place", p.Place))
	}
	p.Place = untrusted.New(name.String())
	return sentence.Sentence{}
}

func withoutEmpty(list []untrusted.Text) []untrusted.Text {
	return slices.DeleteFunc(slices.Clone(list), untrusted.Text.IsZero)
}

// asSet sorts a list by key and leaves out what is empty or there twice.
func asSet(list []untrusted.Text, key func(string) string) []untrusted.Text {
	keyOf := func(t untrusted.Text) string { return key(t.Raw()) }
	out := slices.DeleteFunc(slices.Clone(list), func(t untrusted.Text) bool { return keyOf(t) == "" })
	slices.SortStableFunc(out, func(a, b untrusted.Text) int { return strings.Compare(keyOf(a), keyOf(b)) })
	return slices.CompactFunc(out, func(a, b untrusted.Text) bool { return keyOf(a) == keyOf(b) })
}
