package ldapconn

// FilterText is the filter as go-ldap gets it.
func FilterText(f Filter) string { return f.text }
