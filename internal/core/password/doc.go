// Package password knows what makes a password acceptable, makes new ones, and spells them.
//
// [Check] explains what a directory would object to: the rules of Active Directory on classes and names (MS-SAMR
// 3.1.1.7.2) and the banned-password scoring of Microsoft Entra. [Generate] makes a passphrase of common words that
// conforms to the same rules, or, where those leave no room for words, a string of random characters without
// look-alikes. [Spell] gives the words for reading a password aloud.
//
// The package never stores, sends, logs or hashes a password, never falls back to a weaker source of randomness, and
// knows no sentences: its violations are data, and the caller turns a Rule into the sentence "password.rule.<rule>".
package password
