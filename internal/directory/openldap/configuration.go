package openldap

import (
	"context"
	"slices"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
)

// configuration is what may be seen of cn=config. An identity with the least rights sees nothing of it.
type configuration struct {
	indexes       map[string][]string // by attribute in small letters; nil when it may not be read
	policy        bool                // the overlay ppolicy was seen
	hashes        bool                // olcPPolicyHashCleartext
	defaultPolicy string              // olcPPolicyDefault
}

// configuration reads what it can.
func (d *Directory) configuration(ctx context.Context, s *server) configuration {
	var c configuration
	find := func(f ldapconn.Filter, attributes ...string) []ldapconn.Entry {
		const most = 100
		found, _, err := d.pool.Search(ctx, ldapconn.Request{Base: "cn=config", Filter: f, Attributes: attributes, Limit: most})
		if err != nil {
			return nil
		}
		return found
	}
	for _, e := range find(ldapconn.Equal("olcSuffix", s.suffix), "olcDbIndex", "olcSuffix") {
		c.indexes = parseIndexes(e.All("olcDbIndex"))
	}
	for _, e := range find(ldapconn.Equal("objectClass", "olcPPolicyConfig"), "olcOverlay", "olcPPolicyHashCleartext", "olcPPolicyDefault") {
		c.policy = c.policy || e.Has("olcOverlay")
		c.hashes = c.hashes || strings.EqualFold(e.First("olcPPolicyHashCleartext"), "TRUE")
		c.defaultPolicy = e.First("olcPPolicyDefault")
	}
	return c
}

// parseIndexes reads values of olcDbIndex (slapd-mdb(5)): "uid,cn eq,sub", "default pres,eq", "member".
func parseIndexes(values []string) map[string][]string {
	out := map[string][]string{}
	var standard []string
	for _, value := range values {
		fields := strings.Fields(strings.ToLower(value))
		if len(fields) == 0 {
			continue
		}
		kinds := standard
		if len(fields) > 1 {
			kinds = strings.Split(fields[1], ",")
		}
		for name := range strings.SplitSeq(fields[0], ",") {
			if name == "default" {
				standard = kinds
				continue
			}
			out[name] = append(out[name], kinds...)
		}
	}
	return out
}

// missing are the needed indexes that the server is not configured to keep.
func (c configuration) missing(needed []index) []string {
	var out []string
	for _, i := range needed {
		kinds := c.indexes[strings.ToLower(i.attribute)]
		has := slices.Contains(kinds, i.kind.declared())
		if i.kind == indexPart {
			has = has || slices.Contains(kinds, "subinitial") && slices.Contains(kinds, "subany")
		}
		if !has {
			out = append(out, i.String())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
