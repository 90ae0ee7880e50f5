package verbs

import (
	"reflect"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/text"
)

// Reference describes one verb for the documentation.
type Reference struct {
	Usage  string
	About  string
	Fields []string // of --json, nested ones as "state.locked", lists as "methods[].kind"
}

// References describes every verb, in the order of the help.
func References() []Reference {
	p := text.Printer{Lang: text.English}
	var out []Reference
	for _, v := range table() {
		out = append(out, Reference{Usage: v.usage(), About: p.Label(v.about), Fields: fieldsOf("", reflect.TypeOf(v.shape))})
	}
	return out
}

// fieldsOf lists the JSON names of a type's fields.
func fieldsOf(prefix string, t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		inner, list := f.Type, ""
		if inner.Kind() == reflect.Slice {
			inner, list = inner.Elem(), "[]"
		}
		switch {
		case f.Anonymous:
			out = append(out, fieldsOf(prefix, f.Type)...)
		case inner.Kind() == reflect.Struct && inner.NumField() > 0 && inner.Field(0).Tag.Get("json") != "" || nested(inner):
			out = append(out, fieldsOf(prefix+name+list+".", inner)...)
		default:
			out = append(out, prefix+name+list)
		}
	}
	return out
}

// nested reports whether a type is a struct of ours whose first field is embedded.
func nested(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.NumField() > 0 && t.Field(0).Anonymous
}
