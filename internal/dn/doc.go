// Package dn parses, compares and writes distinguished names in the string form of RFC 4514.
//
// Names are compared component by component, as caseIgnoreMatch would (RFC 4517 section 4.2.11): attribute types and
// values without regard to case, attribute types by their object identifier where one of them is written so, spaces
// at the ends ignored and repeated ones taken as one, the parts of a multi-valued component in any order, and
// hexadecimal and escaped spellings by the value they stand for. A name is never compared as a string: "OU=Allowed\,DC=x"
// is one component.
//
// The package never reads a directory, knows no schema beyond the common attribute types, and does not normalise
// Unicode: a composed and a decomposed letter differ. What it cannot parse is an error and never a name.
package dn
