// Package text is the catalogue of every sentence and label shown to a person, one file per language.
//
// Other packages say things as data (internal/sentence); a Printer turns them into words for one reader: language, time zone, and what
// "today" is. An entry is one line "id = words {field}". A field is shown by its kind; {count:try|tries} chooses a word by the number in count.
// The package reads no clock and no environment, and it never sees a secret.
package text
