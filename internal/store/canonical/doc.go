// Package canonical writes the records of the trail as bytes, in the one form docs/audit-format.md describes, and reads them back.
//
// For every record there is exactly one sequence of bytes: keys sorted, no blanks, no empty fields, whole numbers, times in UTC with nine
// digits of a second. [Decode] accepts nothing else. The package holds no personal data of the people records are about: a record carries
// a pseudonym, and a digest of what is kept beside it ([Personal]).
package canonical
